"""How long sessions live, and when their tokens are renewed. Pure: instants come in as arguments."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import jwt

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
LOGIN_WITHIN = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
RENEW_BEFORE = timedelta(seconds=30)
OUTDATED = timedelta(seconds=20)
"""For so long a token is still good that says no longer what its owner may do: it is renewed with the next page."""


@dataclass(frozen=True)
class Tokens:
    """What Keycloak gave; ``access_until`` is when the access token ends."""

    access: str
    access_until: datetime
    refresh: str
    id: str

    @property
    def sid(self) -> str:
        """Keycloak's own session, with which they end."""
        return self._claim("sid")

    @property
    def sub(self) -> str:
        """Whose they are."""
        return self._claim("sub")

    def _claim(self, name: str) -> str:
        return str(jwt.decode(self.id, options={"verify_signature": False})[name])

    def usable(self, now: datetime) -> bool:
        return now < self.access_until

    def due(self, now: datetime) -> bool:
        """Whether the access token ends soon, so that a new one is fetched first."""
        return now >= self.access_until - RENEW_BEFORE


@dataclass(frozen=True)
class WebSession:
    """A session of one browser. ``key`` is the SHA-256 of the secret in its cookie, which is kept nowhere else.

    ``acting_for`` is the subject of whom the user stands in for.
    """

    key: bytes
    csrf: str
    tokens: Tokens
    begun_at: datetime
    seen_at: datetime
    acting_for: str | None = None

    def alive(self, now: datetime) -> bool:
        """Within half an hour of the last page that somebody asked for, and ten hours of the login."""
        return now < self.seen_at + IDLE and now < self.begun_at + LONGEST

    def to_be_noted(self, now: datetime) -> bool:
        """Whether it is long enough ago that the last page was noted."""
        return now >= self.seen_at + SEEN_EVERY


@dataclass(frozen=True)
class Login:
    """A login that a browser has begun: what the answer is held against, and where it leads."""

    nonce: str
    verifier: str
    next: str


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def key_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
