"""Addresses of saved replies and macros on a ticket."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.texts import acting, views

urlpatterns = [
    path("tickets/<str:number>/texts/<slug:kind>/", views.texts, name="ticket-texts"),
    path("tickets/<str:number>/texts/<slug:kind>/<int:pk>/", views.text, name="ticket-text"),
    path("tickets/<str:number>/texts/<slug:kind>/<int:pk>/insert/", acting.insert, name="ticket-text-insert"),
    path("tickets/<str:number>/apply/", acting.apply, name="ticket-apply"),
]
