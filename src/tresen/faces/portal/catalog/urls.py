"""Addresses of the catalogue."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.catalog.pictures import picture
from tresen.faces.portal.catalog.views import catalogue, service

urlpatterns = [
    path("services/", catalogue, name="services"),
    path("services/pictures/<str:key>/", picture, name="service-picture"),
    path("services/<slug:slug>/", service, name="service"),
]
