"""One settings file; every value that differs from place to place comes from the environment.

The names and meanings are listed in docs/reference/settings.md.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pysqlite3
from pysqlite3 import dbapi2

# SQLite before 3.51.3 can lose a commit in WAL mode; the wheel brings a newer one than most systems carry.
sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = dbapi2


def _flag(name: str, *, default: bool) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("NENNEP_VAR", ROOT / "var")).resolve()
VAR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    """The key from the environment, or one made once and kept beside the data, readable by its owner only."""
    given = os.environ.get("NENNEP_SECRET_KEY")
    if given:
        return given
    kept = VAR / "secret-key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(50), encoding="ascii")
    return kept.read_text(encoding="ascii")


def _database(url: str) -> dict[str, Any]:
    """Django's description of the database that `url` names: sqlite:///path or postgres://user:word@host/name."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-64000; PRAGMA temp_store=2;"
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path,
            # A transaction that reads first and writes later must take its lock at the start, or it fails when
            # another wrote.
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": pragmas},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or query.get("port", "")),
            # Compiling a question that climbs a tree takes seconds, and answering it takes a tenth of one.
            "OPTIONS": {"options": "-c jit=off"},
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(f"NENNEP_DATABASE: neither sqlite nor postgres: {parts.scheme!r}")


SECRET_KEY = _secret_key()
DEBUG = _flag("NENNEP_DEBUG", default=False)
ALLOWED_HOSTS = os.environ.get("NENNEP_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("NENNEP_ORIGINS", "").split(",") if origin]
DATABASES = {"default": _database(os.environ.get("NENNEP_DATABASE", f"sqlite:///{VAR / 'nennep.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SEALED = VAR / "sealed"
_own_lexicon = os.environ.get("NENNEP_LEXICON")
LEXICON = Path(_own_lexicon).resolve() if _own_lexicon else None
ORIGINALS = VAR / "originals"
# A language model in the organisation's own network that may propose a wording. Without an address there is none.
WORDING = {
    "url": os.environ.get("NENNEP_WORDING_URL", ""),
    "model": os.environ.get("NENNEP_WORDING_MODEL", ""),
    "key": os.environ.get("NENNEP_WORDING_KEY", ""),
}

# The day's reminders are mailed where a mail server is named; they stand on the desk in any case.
EMAIL_HOST = os.environ.get("NENNEP_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("NENNEP_MAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("NENNEP_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NENNEP_MAIL_PASSWORD", "")
EMAIL_USE_TLS = _flag("NENNEP_MAIL_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("NENNEP_MAIL_FROM", "nennep@localhost")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "nennep.journal",
    "nennep.accounts",
    "nennep.organisation",
    "nennep.search",
    "nennep.documents",
    "nennep.reporting",
    "nennep.intake",
    "nennep.synthesis",
    "nennep.planning",
    "nennep.packs",
    "nennep.demonstration",
    "nennep.site",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "nennep.site.middleware.language",
    "nennep.site.middleware.actor",
    "nennep.site.middleware.refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "nennep.site.urls"
WSGI_APPLICATION = "nennep.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "nennep.site.frame.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "nennep.site.templatetags.look",
                "nennep.site.templatetags.pages",
            ],
        },
    }
]

# --- people and sessions ------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# 19 MiB, two passes: what OWASP names as the floor for Argon2id; 20 ms, so that sign-in does not break first at a
# deadline.
PASSWORD_HASHERS = ["nennep.accounts.hashing.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
_HTTPS = _flag("NENNEP_HTTPS", default=False)
SESSION_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_SECURE = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours; a person waits a quarter of an hour, nobody is locked out for good
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "nennep.site.signing.name_tried"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "nennep.site.signing.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "nennep_language"
# Ours before what the parts bring: one of them leaves "version" untranslated.
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("NENNEP_TIME_ZONE", "Asia/Ho_Chi_Minh")

# --- files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
_VENDOR = {
    "vendor/htmx": ROOT / "node_modules/htmx.org/dist",
    "vendor/fonts": ROOT / "node_modules/@fontsource/be-vietnam-pro/files",
    "vendor/digits": VAR / "assets",
}
STATICFILES_DIRS = [(prefix, folder) for prefix, folder in _VENDOR.items() if folder.is_dir()]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200
# Nothing of a file touches a disk before it was read and found fit to be kept.
FILE_UPLOAD_HANDLERS = ["nennep.site.receiving.InMemory"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("NENNEP_LOG", "WARNING")},
}
