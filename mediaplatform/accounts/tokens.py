"""API tokens: a person makes one for a program, sees its secret once, and revokes it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mediaplatform.accounts.models import ApiToken, User
from mediaplatform.infrastructure.problems import Refusal

PREFIX = "mp_"  # so that a scanner of leaked secrets knows what it has found
SECRET_BYTES = 32
HINT_CHARS = 4
LIFE = timedelta(days=365)
MOST = 20  # living ones of a person
NOTED_EVERY = timedelta(hours=1)
READ, DELIVER = ApiToken.Scope.READ, ApiToken.Scope.DELIVER


class TooManyTokens(Refusal):
    """The person has enough tokens."""

    code, message = "too_many_tokens", _("You have 20 keys: revoke one before you make another.")


@dataclass(frozen=True, slots=True)
class TokenUse:
    """A request's token: whose it is and what it may."""

    token_id: int
    user: User
    scopes: frozenset[str]


@transaction.atomic
def create_token(*, user: User, name: str, scopes: Collection[str], now: datetime) -> tuple[ApiToken, str]:
    """Make a token that is good for a year, and return it with its secret, which nobody can read again.

    Raises:
        TooManyTokens: there are 20 living ones.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if len(list_tokens(user=user, now=now)) >= MOST:
        raise TooManyTokens
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        user=user,
        name=name.strip(),
        digest=_digest(secret),
        hint=secret[-HINT_CHARS:],
        scopes=sorted({READ, *scopes}),
        expires_at=now + LIFE,
    )
    return token, secret


def list_tokens(*, user: User, now: datetime) -> list[ApiToken]:
    """List a person's living tokens, newest first."""
    return list(ApiToken.objects.filter(user=user, revoked_at=None, expires_at__gt=now))


def revoke_token(*, user: User, token_id: int, now: datetime) -> bool:
    """Revoke one of a person's tokens, at once; returns whether there was one to revoke."""
    living = ApiToken.objects.filter(user=user, pk=token_id, revoked_at=None)
    return bool(living.update(revoked_at=now))


def find_use(*, secret: str, now: datetime) -> TokenUse | None:
    """Return whose token a secret is, or None if it is none that lives; the use is noted to the hour."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(secret), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    long_ago = now - NOTED_EVERY
    if token.used_at is None or token.used_at < long_ago:
        stale = Q(used_at=None) | Q(used_at__lt=long_ago)
        ApiToken.objects.filter(stale, pk=token.pk).update(used_at=now)
    return TokenUse(token.pk, token.user, frozenset(token.scopes))


def _digest(secret: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
