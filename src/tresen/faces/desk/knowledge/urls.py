"""Addresses of the knowledge base in the desk."""

from __future__ import annotations

from django.urls import path

from tresen.faces.desk.knowledge import about, acting, collections, editing, uploads, versions, views

urlpatterns = [
    path("knowledge/", views.articles, name="articles"),
    path("knowledge/new/", about.new_article, name="article-new"),
    path("knowledge/collections/", collections.collection_list, name="collections"),
    path("knowledge/collections/new/", collections.new_collection, name="collection-new"),
    path("knowledge/collections/<int:pk>/", collections.collection, name="collection"),
    path("knowledge/<int:pk>/", views.article, name="article"),
    path("knowledge/<int:pk>/about/", about.about, name="article-about"),
    path("knowledge/<int:pk>/files/", uploads.files, name="article-files"),
    path("knowledge/<int:pk>/preview/", editing.preview, name="article-preview"),
    path("knowledge/<int:pk>/<slug:language>/", editing.edit, name="article-edit"),
    path("knowledge/<int:pk>/<slug:language>/act/", acting.act, name="article-act"),
    path("knowledge/<int:pk>/<slug:language>/draft/", editing.draft, name="article-draft"),
    path("knowledge/<int:pk>/<slug:language>/versions/", versions.versions, name="article-versions"),
]
