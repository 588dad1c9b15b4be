"""Addresses of working together."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.teamwork import views

urlpatterns = [
    path("tickets/<str:number>/follow/", views.follow_ticket, name="ticket-follow"),
    path("tickets/<str:number>/my-part/", views.my_part, name="ticket-my-part"),
    path("tickets/<str:number>/snooze/", views.snooze_ticket, name="ticket-snooze"),
    path("tickets/<str:number>/wake/", views.wake_ticket, name="ticket-wake"),
    path("tickets/<str:number>/calls/", views.calls, name="ticket-calls"),
]
