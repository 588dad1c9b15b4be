"""One request has two addresses: the personal link, and its number for those who are signed in or have just sent it."""

from __future__ import annotations

from django.urls import URLPattern, path

from tresen.faces.portal.request import views


def _behind(prefix: str, name: str) -> list[URLPattern]:
    return [
        path(prefix, views.show, name=name),
        path(f"{prefix}answer/", views.answer, name=f"{name}-answer"),
        path(f"{prefix}close/", views.close, name=f"{name}-close"),
        path(f"{prefix}reopen/", views.reopen, name=f"{name}-reopen"),
        path(f"{prefix}rate/", views.rate, name=f"{name}-rate"),
        path(f"{prefix}confirm/", views.confirm, name=f"{name}-confirm"),
        path(f"{prefix}hurry/", views.hurry, name=f"{name}-hurry"),
        path(f"{prefix}pin/", views.pin, name=f"{name}-pin"),
        path(f"{prefix}messages/<int:message_id>/frame/", views.frame, name=f"{name}-frame"),
        path(f"{prefix}files/<uuid:file_id>/", views.file, name=f"{name}-file"),
    ]


urlpatterns = [*_behind("t/<str:token>/", "link"), *_behind("requests/<str:number>/", "request")]
