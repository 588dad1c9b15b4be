"""The address of the choice of what happens after an action."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.after import views

urlpatterns = [path("after/", views.choose, name="after")]
