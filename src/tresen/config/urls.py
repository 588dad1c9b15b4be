"""Every address of the product, face by face."""

from __future__ import annotations

from django.urls import include, path

from tresen.faces.api import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("tresen.faces.account.urls")),
    path("desk/", include("tresen.faces.desk.urls")),
    path("settings/", include("tresen.faces.setup.urls")),
    path("api/", include("tresen.faces.api.urls")),
    path("hooks/", include("tresen.faces.hooks.urls")),
    path("files/", include("tresen.faces.files.urls")),
    path("", include("tresen.faces.portal.urls")),
]

handler400 = "tresen.kit.errors.bad_request"
handler403 = "tresen.kit.errors.permission_denied"
handler404 = "tresen.kit.errors.not_found"
handler500 = "tresen.kit.errors.server_error"
