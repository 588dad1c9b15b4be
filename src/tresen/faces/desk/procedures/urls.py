"""Address of the procedure on a ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.procedures import views

urlpatterns = [path("tickets/<str:number>/procedure/", views.procedure, name="ticket-procedure")]
