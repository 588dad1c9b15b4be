"""Addresses of the live stream and of what stands in for it."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.live import views

urlpatterns = [
    path("live/stream/", views.stream, name="live-stream"),
    path("live/poll/", views.poll, name="live-poll"),
    path("live/rows/", views.rows, name="live-rows"),
    path("live/leave/", views.leave, name="live-leave"),
    path("live/presence/<str:number>/", views.presence, name="live-presence"),
]
