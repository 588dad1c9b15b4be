"""Addresses of contacts."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.contact import views

urlpatterns = [
    path("contacts/find/", views.find, name="contacts-find"),
    path("contacts/<int:pk>/", views.contact, name="contact"),
    path("contacts/<int:pk>/edit/", views.edit, name="contact-edit"),
]
