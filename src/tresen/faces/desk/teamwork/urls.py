"""Addresses of working together."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.teamwork import views, work_views

urlpatterns = [
    path("tickets/<str:number>/follow/", views.follow_ticket, name="ticket-follow"),
    path("tickets/<str:number>/my-part/", views.my_part, name="ticket-my-part"),
    path("tickets/<str:number>/snooze/", views.snooze_ticket, name="ticket-snooze"),
    path("tickets/<str:number>/wake/", views.wake_ticket, name="ticket-wake"),
    path("tickets/<str:number>/calls/", views.calls, name="ticket-calls"),
    path("tickets/<str:number>/checklist/", work_views.checklist_add, name="ticket-checklist"),
    path("checklist/<int:pk>/", work_views.checklist_item, name="checklist-item"),
    path("tickets/<str:number>/time/", work_views.time_spent, name="ticket-time"),
    path("time/<int:pk>/", work_views.time_entry, name="time-entry"),
]
