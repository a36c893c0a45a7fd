"""Inviting people: an account without a password, and a mail with the link to choose one."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from mediaplatform.accounts.models import User


@transaction.atomic
def invite(*, email: str, name: str = "", to: str) -> User:
    """Return the account of an address, made if there is none; a new one gets a mail once this is committed.

    `to`: what the person is invited to, in the mail's words. Repeating it for an account that has a password
    sends nothing.
    """
    address = User.objects.normalize_email(email.strip())
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(email=address, password=None, name=name.strip())
    if not user.has_usable_password():
        invited = user
        transaction.on_commit(lambda: _send_invitation(invited, to))
    return user


def password_link(user: User) -> str:
    """Return the address at which the account's password is chosen: good once, for as long as a reset is."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    uid, _dash, token = key.partition("-")
    return settings.SITE_URL + reverse("account_reset_password_from_key", args=[uid, token])


def _send_invitation(user: User, to: str) -> None:
    words = _(
        "Hello,\n\nyou are invited to %(to)s. Choose your password here:\n\n%(link)s\n\n"
        "The link is good for three days. If it has run out, ask for a new one at %(reset)s."
    ) % {
        "to": to,
        "link": password_link(user),
        "reset": settings.SITE_URL + reverse("account_reset_password"),
    }
    send_mail(_("You are invited to %(to)s") % {"to": to}, words, None, [user.email])
