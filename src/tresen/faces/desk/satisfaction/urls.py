"""Addresses of what came of surveys."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.satisfaction import views

urlpatterns = [
    path("satisfaction/", views.satisfaction, name="satisfaction"),
    path("satisfaction/ratings.csv", views.download, name="satisfaction-csv"),
]
