"""Addresses of the survey pages; the last one of mail programs, which unsubscribe with one click (RFC 8058)."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.survey import views

urlpatterns = [
    path("survey/<str:token>/", views.survey, name="survey"),
    path("survey/<str:token>/stop/", views.stop, name="survey-stop"),
    path("survey/<str:token>/<int:rating>/", views.survey, name="survey-chosen"),
]
