"""Address of what explains the due times of a ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.clocks.views import ticket_clocks

urlpatterns = [path("tickets/<str:number>/clocks/", ticket_clocks, name="ticket-clocks")]
