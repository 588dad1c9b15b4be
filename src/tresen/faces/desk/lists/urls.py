"""Addresses of the lists."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.lists import completing, contacts, views

urlpatterns = [
    path("", views.start, name="start"),
    path("views/<slug:slug>/", views.view, name="view"),
    path("teams/<slug:slug>/", views.team, name="team"),
    path("search/", views.search, name="search"),
    path("search/complete/", completing.completions, name="search-complete"),
    path("rows/<str:number>/", views.row, name="row"),
    path("news/", views.news, name="news"),
    path("contacts/", contacts.contacts, name="contacts"),
]
