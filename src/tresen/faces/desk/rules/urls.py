"""Addresses of what rules did on a ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.rules.views import ticket_rules

urlpatterns = [path("tickets/<str:number>/rules/", ticket_rules, name="ticket-rules")]
