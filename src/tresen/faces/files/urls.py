"""Addresses of the files."""

from __future__ import annotations

from django.urls import path

from tresen.faces.files import views

app_name = "files"
urlpatterns = [path("<str:token>/", views.serve, name="file")]
