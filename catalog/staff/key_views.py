"""API keys: a person makes one for a program, sees its secret once, and revokes it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog.staff.access import deliverer_required, go, show
from catalog.staff.key_form import KeyForm
from mediaplatform.accounts import tokens
from mediaplatform.accounts.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@deliverer_required
def list_keys(request: HttpRequest, user: User) -> HttpResponse:
    """List the person's living keys and make another; its secret stands on this one answer and nowhere else."""
    form, secret, status = KeyForm(request.POST or None), "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _key, secret = tokens.create_token(user=user, now=timezone.now(), **form.cleaned_data)
                form, status = KeyForm(), 200
            except tokens.TooManyTokens as refusal:
                form.add_error(None, str(refusal))
    keys = tokens.list_tokens(user=user, now=timezone.now())
    return show(request, "keys.html", {"form": form, "secret": secret, "keys": keys}, status=status)


@require_POST
@deliverer_required
def revoke_key(request: HttpRequest, user: User, key_id: int) -> HttpResponse:
    """Revoke one of the person's keys: a program that shows it is refused from now on."""
    if tokens.revoke_token(user=user, token_id=key_id, now=timezone.now()):
        messages.success(request, _("The key is revoked."))
    else:
        messages.info(request, _("You have no such key."))
    return go(request, "keys")
