"""Addresses of announcements at the desk."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.announcements import views, writing

urlpatterns = [
    path("announcements/", views.announcements, name="announcements"),
    path("announcements/new/", writing.new, name="announcement-new"),
    path("announcements/<int:announcement_id>/", views.announcement, name="announcement"),
    path("announcements/<int:announcement_id>/edit/", writing.edit, name="announcement-edit"),
    path("announcements/<int:announcement_id>/update/", views.update, name="announcement-update"),
    path("tickets/<str:number>/announcements/", views.tie, name="ticket-announce"),
    path("announcements/<int:announcement_id>/state/", views.state, name="announcement-state"),
]
