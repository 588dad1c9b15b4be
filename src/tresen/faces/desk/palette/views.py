"""The palette: everything one can do or go to, by a few letters of its name."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.palette.entries import Asked, Entry
from tresen.kit.wiring import table

MAX_TEXT, MAX_RECENT = 100, 20
ONLY = {">": "actions", "#": "numbers", "@": "people"}


@staff_page
@require_safe
def palette(request: StaffRequest) -> HttpResponseBase:
    """`/desk/palette/?q=&at=&ticket=&recent=`: what answers, in groups, as options of a list box."""
    groups: dict[str, list[Entry]] = {}
    asked = read_asked(request)
    for find in table("PALETTE"):
        for entry in find(asked):
            groups.setdefault(str(entry.group), []).append(entry)
    context: dict[str, Any] = {"groups": groups.items(), "asked": asked, "number": sum(map(len, groups.values()))}
    response = render(request, "desk/palette/found.html", context)
    patch_cache_control(response, private=True, no_store=True)
    return response


def read_asked(request: StaffRequest) -> Asked:
    """What the address asks."""
    text = " ".join(request.GET.get("q", "").replace("\0", "")[:MAX_TEXT].split())
    only = ONLY.get(text[:1], "")
    return Asked(
        request, text=text[1:].strip() if only else text, only=only,
        screens=frozenset(request.GET.get("at", "")[:200].split()), ticket=request.GET.get("ticket", "")[:20],
        recent=tuple(request.GET.get("recent", "")[:600].split()[:MAX_RECENT]),
    )  # fmt: skip
