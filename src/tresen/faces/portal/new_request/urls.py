"""Addresses of the form."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.new_request.views import new_request, sent

urlpatterns = [
    path("requests/new/", new_request, name="new-request"),
    path("requests/sent/", sent, name="sent"),
]
