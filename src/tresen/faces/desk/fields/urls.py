"""Address of a ticket's custom fields."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.fields import views

urlpatterns = [path("tickets/<str:number>/custom/", views.fields, name="ticket-fields")]
