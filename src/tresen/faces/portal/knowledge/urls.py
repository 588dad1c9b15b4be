"""Addresses of the knowledge base."""

from __future__ import annotations

from django.urls import path, register_converter

from tresen.faces.portal.knowledge import machine, opinion, search, views
from tresen.faces.portal.knowledge.addresses import LanguageConverter

register_converter(LanguageConverter, "language")

urlpatterns = [
    path("help/", views.home, name="help"),
    path("help/feed.xml", machine.feed, name="help-feed"),
    path("help/files/<uuid:file_id>/", views.file, name="help-file"),
    path("help/<language:language>/", views.home, name="help-in"),
    path("help/search", search.search, name="help-search"),
    path("help/<language:language>/<int:article_id>/vote/", opinion.vote, name="help-vote"),
    path("help/<language:language>/<int:article_id>/thanks/", opinion.thanks, name="help-thanks"),
    path("help/<language:language>/<int:article_id>/read/", opinion.read, name="help-read"),
    path("help/<language:language>/feed.xml", machine.feed, name="help-feed-in"),
    path("help/<language:language>/<int:article_id>-<slug:slug>/", views.article, name="help-article"),
    path("help/<language:language>/<slug:slug>/", views.collection, name="help-collection"),
    path("robots.txt", machine.robots, name="robots"),
    path("sitemap.xml", machine.sitemap, name="sitemap"),
    path("sitemap-shelves.xml", machine.sitemap_shelves, name="sitemap-shelves"),
    path("sitemap-<int:after>.xml", machine.sitemap_part, name="sitemap-part"),
]
