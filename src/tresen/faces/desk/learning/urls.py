"""Addresses of what the model proposes."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.learning import views

urlpatterns = [
    path("tickets/<str:number>/proposals/", views.proposals, name="ticket-proposals"),
    path("tickets/<str:number>/spam/", views.spam, name="ticket-spam"),
]
