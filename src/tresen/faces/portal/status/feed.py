"""The feed of a status page (Atom, RFC 4287): what everybody may read, an entry an announcement, newest first."""

from __future__ import annotations

from xml.etree import ElementTree

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tresen.core.announcements.models import Announcement
from tresen.core.people.models import Brand
from tresen.core.people.principals import NOBODY
from tresen.faces.portal.knowledge.addresses import absolute
from tresen.faces.portal.knowledge.keeping import changed_at, public_page

ATOM, NEWEST = "http://www.w3.org/2005/Atom", 30


@require_safe
@public_page
def feed(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """`/status/feed.xml?lang=`: the same for everybody, whoever is signed in."""
    rows = Announcement.objects.readable_by(NOBODY, brand).prefetch_related("updates")
    newest = list(rows.order_by("-changed_at", "-pk")[:NEWEST])
    here = absolute(brand, f"{reverse('portal:status-feed')}?lang={language}")
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    last = newest[0].changed_at if newest else None
    _add(root, "id", here)
    _add(root, "title", _("Status of %(brand)s") % {"brand": brand.name})
    _add(root, "updated", last.isoformat() if last else "1970-01-01T00:00:00+00:00")
    _add(root, "link", rel="self", type="application/atom+xml", href=here)
    _add(root, "link", rel="alternate", type="text/html", href=absolute(brand, reverse("portal:status")))
    _add(_add(root, "author"), "name", brand.name)
    for row in newest:
        _entry(root, brand, row)
    body = ElementTree.tostring(root, encoding="unicode")
    kind = "application/atom+xml; charset=utf-8"
    return changed_at(HttpResponse(f'<?xml version="1.0" encoding="utf-8"?>\n{body}', content_type=kind), last)


def _entry(root: ElementTree.Element, brand: Brand, row: Announcement) -> None:
    address = absolute(brand, reverse("portal:status-one", args=[row.pk]))
    entry = _add(root, "entry")
    _add(entry, "id", address)
    _add(entry, "title", f"{row.get_kind_display()}: {row.title}")
    _add(entry, "published", (row.published_at or row.created_at).isoformat())
    _add(entry, "updated", row.changed_at.isoformat())
    _add(entry, "link", rel="alternate", type="text/html", href=address)
    _add(entry, "category", term=row.state, label=str(row.get_state_display()))
    said = [f"{one.get_stage_display()}. {one.said_text.text}" for one in row.updates.all()]
    _add(entry, "content", "\n\n".join([*said, row.said_text.text]), type="text")


def _add(parent: ElementTree.Element, name: str, text: str = "", **given: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, name, given)
    found.text = text or None
    return found
