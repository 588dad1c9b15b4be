"""The address of articles on a ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.answers.views import ticket_articles

urlpatterns = [path("tickets/<str:number>/articles/", ticket_articles, name="ticket-articles")]
