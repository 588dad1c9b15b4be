"""Addresses of what became of articles."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.knowledge.figures import views

urlpatterns = [
    path("knowledge/figures/", views.needing_work, name="article-needs"),
    path("knowledge/<int:pk>/figures/", views.figures, name="article-figures"),
    path("knowledge/words/<int:pk>/settle/", views.settle, name="article-words-settle"),
]
