"""Addresses of saved views; before `views/<slug>/` of the lists."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.saved_views import views

urlpatterns = [
    path("views/", views.all_views, name="views"),
    path("views/new/", views.new, name="view-new"),
    path("views/order/", views.order, name="view-order"),
    path("views/<slug:slug>/edit/", views.edit, name="view-edit"),
    path("views/<slug:slug>/copy/", views.copy, name="view-copy"),
    path("views/<slug:slug>/delete/", views.delete, name="view-delete"),
    path("views/<slug:slug>/restore/", views.restore, name="view-restore"),
]
