"""The address that is asked while a subject is typed."""

from __future__ import annotations

from django.urls import path

from tresen.faces.portal.offered.views import answers_offered

urlpatterns = [path("requests/new/answers/", answers_offered, name="answers-offered")]
