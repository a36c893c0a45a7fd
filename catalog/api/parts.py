"""The platform's own door for parts, where the object store is a folder: the signed address is all it asks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from catalog.uploads import services
from mediaplatform.infrastructure.problems import MEDIA_TYPE, Refusal, problem_of


@csrf_exempt
@require_http_methods(["PUT"])
def put_part(request: HttpRequest, ticket: str) -> HttpResponse:
    """Take the bytes of one part, read in chunks, and say 204; a refusal is problem+json."""
    try:
        services.receive_part(ticket=ticket, body=request)
    except Refusal as refusal:
        status, body = problem_of(refusal)
        return JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    return HttpResponse(status=204)
