"""Saved replies and macros: the lists, one of them with its preview, put away and brought back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.channels.mail.previews import made_up_ticket
from tresen.core.people.models import LANGUAGES, Brand
from tresen.core.people.permissions import can, require
from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import read_number
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.kept_texts.forms import KeptTextForm, MacroForm, SavedReplyForm, in_form, known_names
from tresen.kit import notices
from tresen.kit.files import FileTooLarge
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint
from tresen.service.texts import keeping, services
from tresen.service.texts.filling import filled, values_for
from tresen.service.texts.models import KeptText, Macro, SavedReply
from tresen.service.texts.searching import matching


@dataclass(frozen=True)
class Kind:
    """Saved replies or macros: the same pages with other words. `key`: how the address calls the row's key."""

    slug: str
    plural: str
    key: str
    title: Any
    new_title: Any
    model: type[KeptText]
    form: type[KeptTextForm]
    create: Callable[..., KeptText]
    change: Callable[..., KeptText]

    def rows(self, principal: Principal) -> Any:
        """Those the principal may see."""
        return self.model.objects.visible_to(principal).select_related("team", "owner")  # type: ignore[attr-defined]

    def address(self, name: str, *args: Any) -> str:
        """`new`, `archive` or `preview`."""
        return reverse(f"setup:{self.slug}-{name}", args=args)

    @property
    def list_address(self) -> str:
        """Where all of them stand."""
        return reverse(f"setup:{self.plural}")


REPLIES = Kind(
    "saved-reply", "saved-replies", "text_id", gettext_lazy("Saved replies"), gettext_lazy("New saved reply"),
    SavedReply, SavedReplyForm, services.create_saved_reply, services.change_saved_reply,
)  # fmt: skip
MACROS = Kind(
    "macro", "macros", "macro_id", gettext_lazy("Macros"), gettext_lazy("New macro"),
    Macro, MacroForm, services.create_macro, services.change_macro,
)  # fmt: skip


@settings_page("text.keep")
@require_safe
def text_list(request: HttpRequest, principal: Principal, kind: Kind) -> HttpResponseBase:
    """All one may use, found by a line; `show=archived`: those that were put away."""
    query, archived = request.GET.get("q", "").replace("\0", "")[:120], request.GET.get("show") == "archived"
    every = list(kind.rows(principal).order_by("folder", "name", "pk"))
    shown = [row for row in every if row.is_active != archived]
    context = {
        "kind": kind, "rows": [(row, can(principal, "text.change", row)) for row in matching(shown, query)],
        "query": query, "archived": archived, "any": bool(every),
        "new_url": kind.address("new"), "list_url": kind.list_address,
    }  # fmt: skip
    return render(request, f"setup/{kind.plural}.html".replace("-", "_"), context)


@settings_page("text.keep")
@require_http_methods(["GET", "POST"])
def new_text(request: HttpRequest, principal: Principal, kind: Kind) -> HttpResponseBase:
    """A new one; `show` draws the preview anew and saves nothing."""
    form = kind.form(request.POST or None, principal=principal)
    if request.method == "POST" and form.is_valid() and "show" not in request.POST:
        saved = _saved(form, lambda: kind.create(set=form.wanted(), by=principal.actor))
        if saved:
            notices.tell(request, _("“%(name)s” is there.") % {"name": saved.name})
            return HttpResponseRedirect(kind.list_address)
    return _page(request, principal, kind, form, None, 422 if form.errors else 200)


@settings_page("text.keep")
@require_http_methods(["GET", "POST"])
def one_text(request: HttpRequest, principal: Principal, kind: Kind, **key: int) -> HttpResponseBase:
    """One of them. Who may use it but not change it reads it."""
    found: KeptText = found_or_404(kind.rows(principal), key[kind.key])
    values = services.present_values(found)
    if request.method == "GET":
        form = kind.form(initial=in_form(values) | {"mark": fingerprint(values)}, principal=principal, kept=found)
        return _page(request, principal, kind, form, found, 200)
    require(principal, "text.change", found)
    form = kind.form(request.POST, principal=principal, kept=found)
    if not form.is_valid() or "show" in request.POST:
        return _page(request, principal, kind, form, found, 422 if form.errors else 200)
    try:
        saved = _saved(form, lambda: kind.change(
            found, set=form.wanted(), by=principal.actor, expected=form.expected))  # fmt: skip
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, principal, kind, form, found, 409)
    if saved is None:
        return _page(request, principal, kind, form, found, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(kind.list_address)


@settings_page("text.keep")
@require_POST
def archive_text(request: HttpRequest, principal: Principal, kind: Kind, **key: int) -> HttpResponseBase:
    """Puts one away, or brings it back (`is_active=on`)."""
    found: KeptText = found_or_404(kind.rows(principal), key[kind.key])
    require(principal, "text.change", found)
    back = request.POST.get("is_active") == "on"
    kind.change(found, set={"is_active": back}, by=principal.actor)
    told = _("“%(name)s” can be used again.") if back else _("“%(name)s” is put away. It can be brought back.")
    notices.tell(request, told % {"name": found.name})
    return HttpResponseRedirect(kind.list_address)


@settings_page("text.keep")
@require_POST
def text_files(request: HttpRequest, principal: Principal, kind: Kind, **key: int) -> HttpResponseBase:
    """Adds files (`files`), or takes one away (`remove`: its key)."""
    found: KeptText = found_or_404(kind.rows(principal), key[kind.key])
    require(principal, "text.change", found)
    if gone := request.POST.get("remove", ""):
        file = next((one for one in keeping.files_of(found) if str(one.pk) == gone), None)
        if file is not None:
            keeping.remove_file(file, by=principal.actor)
            notices.tell(request, _("“%(name)s” no longer goes along.") % {"name": file.filename})
    for upload in request.FILES.getlist("files"):
        said, tone = _added(found, upload, principal)
        notices.tell(request, said, tone)
    return HttpResponseRedirect(request.path.removesuffix("files/"))


def _added(found: KeptText, upload: UploadedFile, principal: Principal) -> tuple[str, str]:
    try:
        keeping.add_file(found, upload.chunks(), filename=upload.name or "", by=principal.actor)
    except FileTooLarge:
        facts = {"name": upload.name, "limit": filesizeformat(settings.MAX_FILE_BYTES)}
        return _("“%(name)s” is larger than %(limit)s and was left out.") % facts, "bad"
    except keeping.TooManyFiles:
        return _("A text takes at most %(n)s files.") % {"n": settings.MAX_FILES}, "bad"
    return _("“%(name)s” goes along from now on.") % {"name": upload.name}, "ok"


@settings_page("text.keep")
@require_POST
def preview_text(request: HttpRequest, principal: Principal, kind: Kind) -> HttpResponseBase:
    """The preview of what is typed, as a part of the page."""
    form = kind.form(request.POST, principal=principal)
    return render(request, "setup/parts/text_preview.html", {"preview": _preview(request, principal, form)})


def _saved(form: KeptTextForm, act: Callable[[], KeptText]) -> KeptText | None:
    """What the service made; what it refuses stands in the form."""
    try:
        return act()
    except (WrongValue, services.NothingToDo):
        form.add_error(None, _("This cannot be saved like that. Perhaps something it names is no longer in use."))
        return None


def _page(
    request: HttpRequest, principal: Principal, kind: Kind, form: KeptTextForm, found: KeptText | None, status: int
) -> HttpResponse:
    folders = kind.rows(principal).exclude(folder="").order_by("folder").values_list("folder", flat=True).distinct()
    context = {
        "kind": kind, "form": form, "text": found, "names": known_names(), "folders": folders,
        "may_change": found is None or can(principal, "text.change", found),
        "preview": _preview(request, principal, form), "list_url": kind.list_address,
        "preview_url": kind.address("preview"), "files": keeping.files_of(found) if found else [],
        "files_url": kind.address("files", found.pk) if found else "",
        "archive_url": kind.address("archive", found.pk) if found else "",
    }  # fmt: skip
    return render(request, f"setup/{kind.slug}.html".replace("-", "_"), context, status=status)


def _preview(request: HttpRequest, principal: Principal, form: KeptTextForm) -> dict[str, Any]:
    """The texts on a ticket that was chosen, the newest one, or one that is made up."""
    typed = request.POST.get("ticket", "")[:40]
    plain = read_number(typed) if typed.strip() else None
    tickets = Ticket.objects.visible_to(principal).select_related("requester", "organisation", "team", "brand")
    ticket = tickets.filter(number=plain).first() if plain else None
    ticket = ticket or tickets.order_by("-pk").first()
    assert principal.agent is not None
    values = values_for(ticket or made_up_ticket(Brand.objects.default()), principal.agent)
    names = dict(LANGUAGES)
    texts = [(code, names[code], filled(text, values)) for code, text in form.typed_texts().items() if text.strip()]
    not_found = bool(typed.strip()) and (ticket is None or ticket.number != plain)
    return {"texts": texts, "ticket": ticket, "typed": typed, "not_found": not_found}
