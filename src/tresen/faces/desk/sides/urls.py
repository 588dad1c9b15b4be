"""Addresses of side threads."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.sides import views

urlpatterns = [
    path("tickets/<str:number>/sides/new/", views.new, name="side-new"),
    path("sides/<int:pk>/", views.side, name="side"),
]
