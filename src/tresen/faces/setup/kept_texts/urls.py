"""The addresses of saved replies and macros."""

from __future__ import annotations

from django.urls import URLPattern, path

from tresen.faces.setup.kept_texts import views
from tresen.faces.setup.kept_texts.views import MACROS, REPLIES, Kind


def _pages_of(kind: Kind) -> list[URLPattern]:
    at, one, given = kind.plural, f"{kind.plural}/<int:{kind.key}>", {"kind": kind}
    return [
        path(f"{at}/", views.text_list, given, name=kind.plural),
        path(f"{at}/new/", views.new_text, given, name=f"{kind.slug}-new"),
        path(f"{at}/preview/", views.preview_text, given, name=f"{kind.slug}-preview"),
        path(f"{one}/", views.one_text, given, name=kind.slug),
        path(f"{one}/files/", views.text_files, given, name=f"{kind.slug}-files"),
        path(f"{one}/archive/", views.archive_text, given, name=f"{kind.slug}-archive"),
    ]


urlpatterns = [*_pages_of(REPLIES), *_pages_of(MACROS)]
