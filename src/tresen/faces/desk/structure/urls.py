"""Addresses of tickets that are joined, parted, linked, deleted."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.structure import bin, children, connect, split

urlpatterns = [
    path("tickets/<str:number>/connect/", connect.connect, name="ticket-connect"),
    path("tickets/<str:number>/unlink/<int:relation>/", connect.apart, name="ticket-unlink"),
    path("tickets/<str:number>/split/", split.split, name="ticket-split"),
    path("tickets/<str:number>/children/", children.children, name="ticket-children"),
    path("tickets/<str:number>/delete/", bin.delete, name="ticket-delete"),
    path("bin/", bin.show, name="bin"),
    path("bin/<str:number>/restore/", bin.restore, name="bin-restore"),
]
