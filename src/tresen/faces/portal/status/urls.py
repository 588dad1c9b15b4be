"""Addresses of the status page."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.status import feed, pages, subscribing, taking_part

urlpatterns = [
    path("status/", pages.status, name="status"),
    path("status/feed.xml", feed.feed, name="status-feed"),
    path("status/<int:year>-<int:month>/", pages.month, name="status-month"),
    path("status/<int:announcement_id>/", pages.one, name="status-one"),
    path("status/<int:announcement_id>/me-too/", taking_part.me_too, name="status-me-too"),
    path("status/subscribe/", subscribing.subscribe, name="status-subscribe"),
    path("status/confirm/<str:token>/", subscribing.confirm, name="status-confirm"),
    path("status/unsubscribe/<str:token>/", subscribing.unsubscribe, name="status-unsubscribe"),
]
