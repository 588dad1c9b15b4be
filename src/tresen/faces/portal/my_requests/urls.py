"""Address of one's own requests."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.my_requests.views import my_requests

urlpatterns = [path("requests/", my_requests, name="requests")]
