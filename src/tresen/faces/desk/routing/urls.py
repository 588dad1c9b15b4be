"""Addresses of being given tickets."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.routing.views import next_ticket

urlpatterns = [path("next/", next_ticket, name="next-ticket")]
