"""Addresses of this face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tresen.faces.account.brand.views import brand_css, brand_logo
from tresen.faces.account.first_run.views import first_run
from tresen.faces.account.invite.views import invite
from tresen.faces.account.me.keys import own_keys
from tresen.faces.account.me.notifying import notifying
from tresen.faces.account.me.views import end_one, end_others, me, own_password
from tresen.faces.account.password.views import forgotten, reset
from tresen.faces.account.sign_in.views import sign_in, sign_out

app_name = "account"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-out/", sign_out, name="sign-out"),
    path("password/forgotten/", forgotten, name="forgotten"),
    path("password/reset/<str:uid>/<str:token>/", reset, name="reset"),
    path("invite/<str:token>/", invite, name="invite"),
    path("first-run/", first_run, name="first-run"),
    path("me/", me, name="me"),
    path("me/keys/", own_keys, name="own-keys"),
    path("me/notifications/", notifying, name="notifications"),
    path("me/password/", own_password, name="own-password"),
    path("me/sessions/end/", end_one, name="end-session"),
    path("me/sessions/end-others/", end_others, name="end-sessions"),
    path("brand/<int:brand_id>.css", brand_css, name="brand-css"),
    path("brand/<int:brand_id>/logo", brand_logo, name="brand-logo"),
]
