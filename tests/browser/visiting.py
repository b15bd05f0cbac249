"""A person at a browser: signing in, going to a page, and whatever the browser complains about meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page

from tests.browser.serving import Site

PASSWORD = "bien-cuong-2026"
#: Nothing on a page of this size may take longer; a test that waits so long has failed.
PATIENCE_MS = 8000


@dataclass
class Visitor:
    """One page of one browser window. `complaints` is what its console said in error, with the address."""

    site: Site
    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def go(self, address: str) -> Visitor:
        """Open a page of the site and wait until everything it asks for has come."""
        self.page.goto(f"{self.site.url}{address}", wait_until="load")
        return self

    def sign_in(self, username: str) -> Visitor:
        self.go("/sign-in/")
        self.page.fill("#id_username", username)
        self.page.fill("#id_password", PASSWORD)
        self.page.click("form button.primary")
        self.page.wait_for_url(f"{self.site.url}/")
        return self

    @property
    def address(self) -> str:
        """Where this page is, as `go` takes it."""
        return self.page.url.removeprefix(self.site.url)

    @contextmanager
    def saving(self) -> Iterator[None]:
        """What is done within the block is saved by the form itself when the block ends."""
        with self.page.expect_response(lambda answer: answer.url.endswith("/draft/") and answer.ok):
            yield

    def forgive(self, words: str) -> None:
        """Take out complaints that the test provoked; there must be one."""
        left = [one for one in self.complaints if words not in one]
        assert len(left) < len(self.complaints), f"{words!r} was not among {self.complaints}"
        self.complaints = left

    def second_tab(self) -> Visitor:
        """Another tab of the same window."""
        return Visitor(self.site, self.page.context.new_page(), self.complaints)
