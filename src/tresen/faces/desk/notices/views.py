"""The notification centre: what an agent was told, newest first; read one by one or all at once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.lists.column import column_of
from tresen.kit import notices
from tresen.kit.actions import ANYWHERE, Action
from tresen.service.notifications.models import Notification
from tresen.service.notifications.services import PAGE, count_unread, fresh_for_browser, mark_read, news_of
from tresen.service.notifications.solutions import cut, words_of
from tresen.service.notifications.words import ICONS, place_of, sentence, subject_of

MOST_SAID = 300


def unread_of(request: HttpRequest) -> int | None:
    """How many wait, for the bell."""
    return column_of(request).unread or None


AREA = {
    "label": gettext_lazy("Notifications"), "url": "desk:notifications", "icon": "bell", "badge": unread_of,
    "action": "go-notifications",
}  # fmt: skip
ACTIONS = [
    Action("go-notifications", gettext_lazy("Notifications"), "g b", ANYWHERE, "bell", "desk:notifications"),
]


@dataclass(frozen=True)
class Line:
    """One notification as it is drawn."""

    row: Notification
    said: str = ""

    @property
    def icon(self) -> str:
        """Its mark."""
        return ICONS[self.row.kind]  # type: ignore[index]

    @property
    def words(self) -> str:
        """What happened."""
        return sentence(self.row)

    @property
    def url(self) -> str:
        """The ticket, at the message it is about, or the article."""
        return place_of(self.row)

    @property
    def subject(self) -> str:
        """What it is about."""
        return subject_of(self.row)


@staff_page
@require_safe
def notifications(request: StaffRequest) -> HttpResponseBase:
    """`/desk/notifications/?before=`: the newest, or those before that one."""
    before = _key(request.GET.get("before", ""))
    rows = news_of(request.principal, before=before)
    own, older = reverse("desk:notifications"), ""
    if len(rows) > PAGE:
        older = f"{own}?{urlencode({'before': rows[PAGE - 1].pk})}"
    said = words_of(rows[:PAGE], request.principal)
    context = {
        "lines": [Line(row, cut(said.get(row.pk, ""), MOST_SAID)) for row in rows[:PAGE]],
        "older_url": older, "newer_url": own if before else "",
        "has_unread": any(row.read_at is None for row in rows),
    }  # fmt: skip
    return render(request, "desk/notices/page.html", context)


@staff_page
@require_POST
def read(request: StaffRequest) -> HttpResponseBase:
    """One (`notification`) or all are read."""
    agent, key = request.principal.agent, _key(request.POST.get("notification", ""))
    if agent is not None:
        mark_read(agent, keys=[key] if key else None)
    if not key:
        notices.tell(request, _("All notifications are read."))
    return HttpResponseRedirect(reverse("desk:notifications"))


@staff_page
@require_safe
def fresh(request: StaffRequest) -> HttpResponseBase:
    """`/desk/notifications/fresh/?after=`: how many wait, in a number and in words, the newest key, and
    what the browser itself is to show."""
    raw = request.GET.get("after", "")
    shown = fresh_for_browser(request.principal, after=_key(raw)) if raw else []
    newest = Notification.objects.visible_to(request.principal).order_by("-pk").values_list("pk", flat=True).first()
    items = [
        {"key": line.row.pk, "title": line.words, "body": line.subject,
         "url": line.url}
        for line in map(Line, shown)
    ]  # fmt: skip
    unread = count_unread(request.principal)
    told = {"area": AREA["label"], "n": unread}
    said = ngettext("%(area)s, %(n)s waiting for you", "%(area)s, %(n)s waiting for you", unread) % told
    label = said if unread else AREA["label"]
    return JsonResponse({"unread": unread, "label": str(label), "newest": newest or 0, "items": items})


def _key(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0
