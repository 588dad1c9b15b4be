"""/attachments: uploads, and files on messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets import models
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.file_urls import signed_url
from tresen.faces.api.answers import answer, content_etag
from tresen.faces.api.attachments import schemas
from tresen.faces.api.once import REPLAYED, once
from tresen.faces.api.problems import WrongField
from tresen.kit import files

router = Router(tags=["attachments"])
BODIES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class UploadQuery(BaseModel):
    """Parameters of an upload."""

    filename: Annotated[str, Field(description="name of the file; needed when the body is the bare bytes")] = ""


@router.post(
    "/attachments", response={201: schemas.Attachment}, url_name="attachments", operation_id="upload",
    openapi_extra=BODIES,
)  # fmt: skip
def upload(request: HttpRequest, params: Query[UploadQuery]) -> HttpResponse:
    """Uploads one file of at most 25 MB, as form field `file` or as the bare body. Its id is then put on a message or
    ticket within 24 hours."""
    principal = principal_of(request)
    require(principal, "attachment.upload")
    name, chunks = _received(request, params.filename)
    prepared = prepare_file(chunks, filename=name, limit=settings.MAX_FILE_BYTES, uploaded_by=principal.agent)
    is_kept = False
    try:
        if not prepared.size:
            raise WrongField("file", _("The file is empty."))

        def act() -> HttpResponse:
            prepared.save(force_insert=True)
            shown = _shown(prepared)
            return answer(shown, status=201, etag=content_etag(shown), location=f"/api/v1/attachments/{prepared.pk}")

        stands_for = f"{prepared.filename}\0{prepared.sha256}".encode("utf-8", "surrogatepass")
        response = once(request, act, stands_for=stands_for)
        is_kept = REPLAYED not in response.headers
    finally:
        if not is_kept:
            files.remove(prepared.storage_key)
    return response


@router.get(
    "/attachments/{uuid:attachment_id}", response=schemas.Attachment, url_name="attachment",
    operation_id="get_attachment",
)  # fmt: skip
def get_attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """What is known of a file."""
    shown = _shown(_one(request, attachment_id))
    return answer(shown, etag=content_etag(shown))


@router.get(
    "/attachments/{uuid:attachment_id}/content", response={302: None}, url_name="attachment-content",
    operation_id="get_attachment_content",
)  # fmt: skip
def get_content(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Sends you to the bytes, at an address that is good for five minutes and needs no token."""
    row = _one(request, attachment_id)
    return HttpResponseRedirect(settings.BASE_URL + signed_url(row, principal=principal_of(request)))


def _one(request: HttpRequest, key: UUID) -> models.Attachment:
    visible = models.Attachment.objects.visible_to(principal_of(request)).select_related("message__ticket")
    found = visible.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _shown(row: models.Attachment) -> schemas.Attachment:
    return schemas.Attachment(
        id=row.pk,
        filename=row.filename,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        inline=row.is_inline,
        content_id=row.content_id,
        ticket=row.message.ticket.number if row.message else None,
        message=row.message_id,
        content_url=f"{settings.BASE_URL}/api/v1/attachments/{row.pk}/content",
        created_at=row.created_at,
    )


def _received(request: HttpRequest, filename: str) -> tuple[str, Iterator[bytes]]:
    """Name and bytes of the one file of a request. Raises Problem."""
    if request.content_type == "multipart/form-data":
        uploaded = request.FILES.getlist("file")
        if len(uploaded) != 1 or len(request.FILES) != 1 or request.POST:
            raise WrongField("file", _("Send exactly one file, in the field “file”."))
        return filename or uploaded[0].name or "", iter(uploaded[0].chunks(files.CHUNK))
    if not filename.strip():
        raise WrongField("filename", _("Name the file: /api/v1/attachments?filename=…"))
    return filename, iter(lambda: request.read(files.CHUNK), b"")
