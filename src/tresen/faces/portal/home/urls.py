"""Address of the front page."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.home.views import home

urlpatterns = [path("", home, name="home")]
