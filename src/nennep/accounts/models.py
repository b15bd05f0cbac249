"""People and their tokens."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from nennep.accounts.rules import Density, Theme


class People(BaseUserManager["Person"]):
    """Finds a person by the name they sign in with, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do comes from the posts they hold, never from here."""

    username = models.CharField(max_length=64, unique=True)
    full_name = models.CharField(max_length=120)
    rank = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=2, blank=True)
    theme = models.CharField(max_length=8, default=Theme.AUTO)
    density = models.CharField(max_length=8, default=Density.DENSE)

    objects: ClassVar[People] = People()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("username"), name="a_username_is_unique_whatever_its_case"),)

    def __str__(self) -> str:
        return f"{self.rank} {self.full_name}".strip()

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ARG002 -- Django's signature
        """Nothing is granted to a person: authority comes from a post on a day."""
        return False


class Token(models.Model):
    """A key with which a person's program reads or submits; it can never open a session."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
