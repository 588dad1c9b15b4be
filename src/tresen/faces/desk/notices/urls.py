"""Addresses of the notification centre."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.notices import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read, name="notifications-read"),
    path("notifications/fresh/", views.fresh, name="notifications-fresh"),
]
