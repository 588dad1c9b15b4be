"""Address of the form for a new ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.new_ticket import views

urlpatterns = [path("new/", views.new_ticket, name="new-ticket")]
