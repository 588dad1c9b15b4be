"""Addresses of the desk, screen by screen."""

from __future__ import annotations

from django.urls import include, path

app_name = "desk"
urlpatterns = [
    path("", include("tresen.faces.desk.saved_views.urls")),
    path("", include("tresen.faces.desk.bulk.urls")),
    path("", include("tresen.faces.desk.lists.urls")),
    path("", include("tresen.faces.desk.live.urls")),
    path("", include("tresen.faces.desk.fields.urls")),
    path("", include("tresen.faces.desk.ticket.urls")),
    path("", include("tresen.faces.desk.teamwork.urls")),
    path("", include("tresen.faces.desk.routing.urls")),
    path("", include("tresen.faces.desk.clocks.urls")),
    path("", include("tresen.faces.desk.rules.urls")),
    path("", include("tresen.faces.desk.learning.urls")),
    path("", include("tresen.faces.desk.procedures.urls")),
    path("", include("tresen.faces.desk.levels.urls")),
    path("", include("tresen.faces.desk.sides.urls")),
    path("", include("tresen.faces.desk.operations.urls")),
    path("", include("tresen.faces.desk.notices.urls")),
    path("", include("tresen.faces.desk.structure.urls")),
    path("", include("tresen.faces.desk.texts.urls")),
    path("", include("tresen.faces.desk.after.urls")),
    path("", include("tresen.faces.desk.answers.urls")),
    path("", include("tresen.faces.desk.new_ticket.urls")),
    path("", include("tresen.faces.desk.contact.urls")),
    path("", include("tresen.faces.desk.announcements.urls")),
    path("", include("tresen.faces.desk.satisfaction.urls")),
    path("", include("tresen.faces.desk.knowledge.figures.urls")),
    path("", include("tresen.faces.desk.knowledge.urls")),
    path("", include("tresen.faces.desk.palette.urls")),
    path("", include("tresen.faces.desk.offline.urls")),
]
