"""Pictures and files of an article, taken from its editor."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.http import HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.knowledge.article_files import FileInUse, TooManyFiles, WrongType, add_file, remove_file
from tresen.core.knowledge.models import ArticleFile
from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import Opened, opened_or_404
from tresen.kit import notices
from tresen.kit.files import FileTooLarge
from tresen.kit.filetypes import INLINE_TYPES
from tresen.kit.pages import wants_fragment


@staff_page
@require_POST
def files(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Takes `files` (a script is told where the first lies, and how the text shows it), or gives one up (`remove`)."""
    opened = opened_or_404(request, pk)
    require(request.principal, "article.write")
    if key := request.POST.get("remove", ""):
        return _remove(request, opened, key)
    added: list[ArticleFile] = []
    said = ""
    for file in request.FILES.getlist("files")[: settings.MAX_FILES]:
        try:
            added.append(add_file(opened.article, file.chunks(), filename=file.name or "", by=request.principal.actor))
        except FileTooLarge:
            said = _("“%(name)s” is larger than %(limit)s.") % {
                "name": file.name, "limit": filesizeformat(settings.MAX_FILE_BYTES)
            }  # fmt: skip
        except WrongType:
            said = _("“%(name)s” is not of a kind that readers are given: pictures, PDF, office documents, text.") % {
                "name": file.name
            }
        except TooManyFiles:
            said = _("An article can have at most 60 files.")
    if wants_fragment(request):
        told = [{"name": row.name, "path": row.path, "picture": row.content_type in INLINE_TYPES} for row in added]
        return JsonResponse({"files": told, "said": said}, status=200 if added else 422)
    if said:
        notices.tell(request, said, tone="warn")
    return _back(request, opened)


def _remove(request: StaffRequest, opened: Opened, key: str) -> HttpResponseBase:
    try:
        row = opened.article.files.filter(pk=uuid.UUID(key)).first()
        if row is not None:
            remove_file(row, by=request.principal.actor)
            notices.tell(request, _("The file is gone."))
    except ValueError:
        pass
    except FileInUse:
        notices.tell(request, _("A version of the article shows this file, so it stays."), tone="warn")
    return _back(request, opened)


def _back(request: StaffRequest, opened: Opened) -> HttpResponseBase:
    language = request.POST.get("language", "")
    if language in opened.texts:
        return HttpResponseRedirect(reverse("desk:article-edit", args=[opened.article.pk, language]) + "#files")
    return HttpResponseRedirect(reverse("desk:article", args=[opened.article.pk]))
