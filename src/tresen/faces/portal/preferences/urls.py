"""Preferences when signed in and behind a personal link; what was mailed about one's own data."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.preferences import views

urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/data/", views.ask, name="preferences-ask"),
    path("preferences/<str:token>/", views.preferences, name="preferences-link"),
    path("preferences/<str:token>/data/", views.ask, name="preferences-link-ask"),
    path("my-data/<str:token>/", views.own_data, name="own-data"),
]
