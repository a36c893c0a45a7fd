"""Access codes: made in batches, printed on sheets, withdrawn one by one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from subscriptions.patrons import selectors, services
from subscriptions.patrons.selectors import CODE_STATES, BatchMissing
from subscriptions.patrons.services import BatchRefused, CodeMissing
from subscriptions.staff.asking import ask_at_desk
from subscriptions.staff.doors import Desk, staff_required
from subscriptions.staff.forms import BatchForm
from subscriptions.staff.sheets import print_sheet

if TYPE_CHECKING:
    from subscriptions.models import CodeBatch


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("manager")
def batches(request: HttpRequest, desk: Desk) -> HttpResponse:
    """List the batches with what became of the codes, and make a new one."""
    library, today = desk.membership.library, timezone.localdate()
    form = BatchForm(
        request.POST or None, today=today, initial={"expires_on": today.replace(year=today.year + 1, day=1)}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.create_codes(
                library=library,
                batch=said["name"],
                count=said["count"],
                expires_on=said["expires_on"],
                created_by=desk.user,
            )
        except BatchRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            words = ngettext("%(count)d code was made.", "%(count)d codes were made.", len(made))
            messages.success(request, words % {"count": len(made)})
            return redirect(
                "staff:batch", slug=library.slug, batch_id=selectors.list_batches(library_id=library.pk)[0].pk
            )
    context = {
        "desk": desk,
        "form": form,
        "batches": selectors.list_batches(library_id=library.pk),
        "counts": selectors.count_codes(library_id=library.pk, on=today),
        "today": today,
    }
    return render(request, "subscriptions/staff/codes.html", context, status=422 if form.errors else 200)


@require_safe
@staff_required("manager")
def batch(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """Show a batch: what is left to hand out, and each code's state."""
    found = _get_batch(desk, batch_id)
    state = request.GET.get("state", "")
    state = state if state in CODE_STATES.values else ""
    today = timezone.localdate()
    page = selectors.list_codes(
        library_id=desk.membership.library.pk,
        on=today,
        state=state,
        batch_id=batch_id,
        page=int(request.GET["page"]) if request.GET.get("page", "").isdigit() else 1,
    )
    context = {
        "desk": desk,
        "batch": found,
        "page_obj": page,
        "state": state,
        "states": CODE_STATES,
        "today": today,
    }
    return render(request, "subscriptions/staff/batch.html", context)


@require_safe
@staff_required("manager")
def sheet(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:
    """Print the codes that can still be handed out, twelve a page, each with its QR code to cut out."""
    found = _get_batch(desk, batch_id)
    library = desk.membership.library
    codes = selectors.list_readable_codes(library_id=library.pk, on=timezone.localdate(), batch_id=batch_id)
    if not codes:
        messages.info(request, _("No code of this batch is left to hand out."))
        return redirect("staff:batch", slug=library.slug, batch_id=batch_id)
    pdf = print_sheet(library=library, batch=found, codes=codes)
    return _download(pdf, "application/pdf", f"{slugify(found.name)}.pdf")


@require_safe
@staff_required("manager")
def export(request: HttpRequest, desk: Desk, batch_id: int) -> HttpResponse:  # noqa: ARG001 - Django passes it
    """Send the codes that can still be handed out as CSV, for a letter or a library system."""
    found = _get_batch(desk, batch_id)
    library = desk.membership.library
    codes = selectors.list_readable_codes(library_id=library.pk, on=timezone.localdate(), batch_id=batch_id)
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["code", "batch", "valid_until"])
    writer.writerows([code, found.name, found.expires_on.isoformat()] for code in codes)
    return _download(
        rows.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{slugify(found.name)}.csv"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("manager")
def withdraw(request: HttpRequest, desk: Desk, batch_id: int, code_id: int) -> HttpResponse:
    """Ask, then withdraw a code; whoever came in with it is kept out."""
    library = desk.membership.library
    back = redirect("staff:batch", slug=library.slug, batch_id=batch_id)
    words = {
        "question": _("Withdraw this code?"),
        "consequence": _(
            "It can't be used again. A patron who came in with it is kept out;"
            " you can let them in again under Patrons."
        ),
        "action": _("Withdraw the code"),
    }
    if asked := ask_at_desk(request, desk, words, back_url=back.url):
        return asked
    try:
        code = services.revoke_code(library=library, code_id=code_id, now=timezone.now())
    except CodeMissing as error:
        raise Http404 from error
    messages.success(request, _("The code %(code)s is withdrawn.") % {"code": code})
    return back


def _get_batch(desk: Desk, batch_id: int) -> CodeBatch:
    try:
        return selectors.get_batch(library_id=desk.membership.library.pk, batch_id=batch_id)
    except BatchMissing as error:
        raise Http404 from error


def _download(data: bytes, content_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(data, content_type=content_type, headers=headers)
