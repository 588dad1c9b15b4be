"""Addresses of changes to many tickets."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.bulk import views

urlpatterns = [
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/<int:pk>/", views.change, name="bulk-change"),
]
