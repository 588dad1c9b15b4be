"""Addresses of this face."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from tresen.faces.account.brand.views import brand_css, brand_logo
from tresen.faces.account.factors import views as factors
from tresen.faces.account.first_run.views import first_run
from tresen.faces.account.invite.views import invite
from tresen.faces.account.mail_link.views import enter_by_mail, mail_link, open_mail_link
from tresen.faces.account.me.keys import own_keys
from tresen.faces.account.me.notifying import notifying
from tresen.faces.account.me.views import end_one, end_others, me, own_password
from tresen.faces.account.password.views import forgotten, reset
from tresen.faces.account.sign_in.second import passkey, second_step
from tresen.faces.account.sign_in.set_up import gate_app, gate_passkey, set_up
from tresen.faces.account.sign_in.views import sign_in, sign_out

app_name = "account"
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", sign_in, name="sign-in"),
    path("sign-in/second/", second_step, name="second-step"),
    path("sign-in/passkey/", passkey, name="passkey"),
    path("sign-in/set-up/", set_up, name="set-up"),
    path("sign-in/set-up/app/", gate_app, name="set-up-app"),
    path("sign-in/set-up/passkey/", gate_passkey, name="set-up-passkey"),
    path("sign-in/by-mail/", mail_link, name="mail-link"),
    path("sign-in/by-mail/enter/", enter_by_mail, name="mail-link-enter"),
    path("sign-in/by-mail/<str:token>/", open_mail_link, name="mail-link-open"),
    path("sign-out/", sign_out, name="sign-out"),
    path("password/forgotten/", forgotten, name="forgotten"),
    path("password/reset/<str:uid>/<str:token>/", reset, name="reset"),
    path("invite/<str:token>/", invite, name="invite"),
    path("first-run/", first_run, name="first-run"),
    path("me/", me, name="me"),
    path("me/keys/", own_keys, name="own-keys"),
    path("me/notifications/", notifying, name="notifications"),
    path("me/sign-in/", factors.factors, name="factors"),
    path("me/sign-in/app/", factors.own_app, name="app"),
    path("me/sign-in/app/remove/", factors.app_remove, name="app-remove"),
    path("me/sign-in/passkey/", factors.own_passkey, name="passkey-new"),
    path("me/sign-in/passkey/<int:passkey_id>/remove/", factors.passkey_remove, name="passkey-remove"),
    path("me/sign-in/codes/", factors.codes, name="codes"),
    path("me/password/", own_password, name="own-password"),
    path("me/sessions/end/", end_one, name="end-session"),
    path("me/sessions/end-others/", end_others, name="end-sessions"),
    path("brand/<int:brand_id>.css", brand_css, name="brand-css"),
    path("brand/<int:brand_id>/logo", brand_logo, name="brand-logo"),
]
