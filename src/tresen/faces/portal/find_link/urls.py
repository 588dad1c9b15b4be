"""Addresses for a lost link."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.find_link.views import find_link, link_sent

urlpatterns = [
    path("requests/link/", find_link, name="find-link"),
    path("requests/link/sent/", link_sent, name="link-sent"),
]
