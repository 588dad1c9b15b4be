"""Addresses of what one did, and of its undo."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.operations import views

urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/<int:pk>/undo/", views.undo, name="operation-undo"),
]
