"""Addresses at which other services call."""

from __future__ import annotations

from django.urls import path

from tresen.faces.hooks.mail import mail

app_name = "hooks"
urlpatterns = [path("mail/<str:key>/", mail, name="mail")]
