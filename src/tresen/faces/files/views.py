"""Serves files under their signed five-minute addresses, whoever asks: the address is the right (safety decision 6)."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tresen.core.people.hosts import brand_of_host
from tresen.core.tickets.file_urls import is_of_brand, open_signed
from tresen.kit import files
from tresen.kit.downloads import send_file


@require_safe
def serve(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes of a file; 404 for a token that is forged or over."""
    attachment = open_signed(token)
    here = brand_of_host(request)
    if attachment is None or (here and not is_of_brand(attachment, here)):
        raise Http404
    try:
        stored = files.open_file(attachment.storage_key)
    except FileNotFoundError as fault:
        raise Http404 from fault
    return send_file(
        request, stored, size=attachment.size, filename=attachment.filename, content_type=attachment.content_type
    )
