"""Addresses of changes to many tickets."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.bulk import macros, merging, views

urlpatterns = [
    path("bulk/", views.bulk, name="bulk"),
    path("bulk/macro/", macros.macros, name="bulk-macro"),
    path("bulk/merge/", merging.merge, name="bulk-merge"),
    path("bulk/<int:pk>/", views.change, name="bulk-change"),
]
