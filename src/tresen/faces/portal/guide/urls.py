"""Address of a guide."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.guide.views import guide

urlpatterns = [path("guides/<int:guide_id>/", guide, name="guide")]
