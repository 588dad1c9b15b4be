"""Addresses of handing tickets up and back."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.levels import alerts, views

urlpatterns = [
    path("tickets/<str:number>/escalate/", views.hand_up, name="ticket-escalate"),
    path("tickets/<str:number>/return/", views.hand_back, name="ticket-return"),
    path("tickets/<str:number>/lead/", views.ask_lead, name="ticket-lead"),
    path("alerts/<int:pk>/", alerts.alert, name="alert"),
]
