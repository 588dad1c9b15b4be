"""Addresses of this face, screen by screen."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from tresen.faces.portal.catalog.urls import urlpatterns as catalog
from tresen.faces.portal.find_link.urls import urlpatterns as find_link
from tresen.faces.portal.guide.urls import urlpatterns as guide
from tresen.faces.portal.home.urls import urlpatterns as home
from tresen.faces.portal.knowledge.urls import urlpatterns as knowledge
from tresen.faces.portal.my_requests.urls import urlpatterns as my_requests
from tresen.faces.portal.new_request.urls import urlpatterns as new_request
from tresen.faces.portal.offered.urls import urlpatterns as offered
from tresen.faces.portal.preferences.urls import urlpatterns as preferences
from tresen.faces.portal.request.urls import urlpatterns as request
from tresen.faces.portal.status.urls import urlpatterns as status
from tresen.faces.portal.survey.urls import urlpatterns as survey

app_name = "portal"
# `/requests/<number>/` comes last, so that it does not swallow `/requests/new/`.
urlpatterns: list[URLPattern | URLResolver] = [
    *home, *status, *knowledge, *guide, *offered, *catalog, *new_request, *find_link, *my_requests, *survey,
    *preferences, *request,
]  # fmt: skip
