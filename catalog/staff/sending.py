"""Sending a ZIP, and trying a sheet or a ZIP without sending it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from catalog.ingest import deliverers, example, receiving, validation
from catalog.staff.access import deliverer_required, go, show
from catalog.staff.forms import SendForm, TryForm
from mediaplatform.accounts.models import User

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_AND_POST)
@deliverer_required
def send(request: HttpRequest, user: User) -> HttpResponse:
    """Take a ZIP: a worker checks it and shows what it would change."""
    names = deliverers.list_deliverers(user)
    form = SendForm(request.POST or None, request.FILES or None, names=names)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        with _on_disk(sent) as path:
            delivery = receiving.receive_zip(
                path=path, name=sent.name, deliverer=form.cleaned_data["deliverer"], sent_by=user
            )
        return go(request, "detail", delivery_id=delivery.pk)
    return show(request, "send.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(GET_AND_POST)
@deliverer_required
def try_out(request: HttpRequest, user: User) -> HttpResponse:
    """Show every fault of a sheet, a message or a ZIP at its place; nothing is kept."""
    names = deliverers.list_deliverers(user)
    form = TryForm(request.POST or None, request.FILES or None, names=names)
    tried, status = None, 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        with _on_disk(sent) as path:
            tried = validation.try_out(path, name=sent.name, deliverer=form.cleaned_data["deliverer"])
        status = 200
    return show(request, "try.html", {"form": form, "tried": tried}, status=status)


@require_safe
@deliverer_required
def download_example(request: HttpRequest, user: User, kind: str) -> HttpResponse:  # noqa: ARG001
    """The template filled in, as a ZIP of sheets or as JSON."""
    if kind not in example.FILES:
        raise Http404
    content_type, name, write = example.FILES[kind]
    answer = HttpResponse(write(), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@contextmanager
def _on_disk(sent: UploadedFile[Any]) -> Iterator[Path]:
    """Give an uploaded file a path for as long as the block lasts."""
    if hasattr(sent, "temporary_file_path"):
        yield Path(sent.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="sent-") as file:
        for chunk in sent.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)
