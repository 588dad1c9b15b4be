"""Addresses of reading without a connection."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.offline import views
from tresen.faces.desk.offline.manifest import manifest

urlpatterns = [
    path("manifest.webmanifest", manifest, name="manifest"),
    path("offline/", views.shell, name="offline"),
    path("offline/worker.js", views.worker, name="offline-worker"),
    path("offline/mark/", views.mark, name="offline-mark"),
    path("offline/tickets/<str:number>/", views.ticket, name="offline-ticket"),
]
