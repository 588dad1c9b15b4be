"""A brand answers on its own host name: its portal, nothing of the desk; its mail leads there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, Cast, make_cast
from tests.outbox import account_mails
from tests.setup.test_teams_and_brands import brand_form, own
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.people.hosts import brand_url, host_name
from tresen.core.people.models import Brand, User
from tresen.core.tickets import services
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

HOST = "help.morskie.example"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def morskie(cast: Cast) -> Brand:
    brand = Brand.objects.create(
        name="Morskie IT", letters="M", language="pl", languages=["pl", "de"], host=HOST, phone="+48 58 555 01 01",
        off_hours={"en": "Only fires at night.", "pl": "W nocy tylko pożary."},
    )  # fmt: skip
    Mailbox.objects.create(address="pomoc@morskie.example", brand=brand, acknowledges=False)
    return brand


def at(host: str = HOST, **more: Any) -> Client:
    return Client(headers={"host": host}, **more)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("Help.Example.ORG", "help.example.org"), (" https://help.example.org/ ", "help.example.org"),
     ("hilfe.müller.example", "hilfe.xn--mller-kva.example"), ("help.example.org.", "help.example.org")],
)  # fmt: skip
def test_a_host_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert host_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["help", "10.0.0.1", "help.example.org:8000", "a b.example", "-a.example", "a..b", "x/y.example", "é" * 300],
)
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        host_name(typed)


def test_settings_give_a_brand_its_host_and_ways_to_reach_it(cast: Cast, morskie: Brand, settings: Any) -> None:
    settings.BASE_URL = "https://desk.example"
    ada = cast.browser(cast.ada)
    wanted = brand_form(
        cast.brand, host="https://Help.Lindhafen.example/", languages=["de"], phone="040 555 01", fax="040 555 02",
        off_hours_en="Only fires.", off_hours_de="Nur bei Feuer.",
    )  # fmt: skip
    for taken in (HOST, "desk.example", "no host"):
        assert ada.post(own(cast.brand), {**wanted, "host": taken}).status_code == 422
    assert ada.post(own(cast.brand), {**wanted, "phone": "call me"}).status_code == 422
    assert ada.post(own(cast.brand), wanted).status_code == 302
    brand = Brand.objects.get(pk=cast.brand.pk)
    assert (brand.host, brand.languages, brand.phone) == ("help.lindhafen.example", ["en", "de"], "040 555 01")
    assert brand.off_hours == {"en": "Only fires.", "de": "Nur bei Feuer."}
    page = at(brand.host).get("/?lang=de").content.decode()
    assert "Nur bei Feuer." in page and "tel:0405550" in page and "040 555 02" in page
    shown = cast.calls(cast.ada).get(f"/brands/{brand.pk}").content.decode()
    assert '"host":"help.lindhafen.example","languages":["en","de"],"phone":"040 555 01","fax":"040 555 02"' in shown


def test_its_host_shows_the_brand_in_the_languages_it_offers(cast: Cast, morskie: Brand) -> None:
    for host in (HOST, f"{HOST}:8000", f"{HOST.upper()}", f"{HOST}."):
        page = at(host).get("/")
        assert "Morskie IT" in page.content.decode() and "Lindhafen" not in page.content.decode()
        assert page.headers["Content-Language"] == "pl"
    text = at().get("/?lang=de").content.decode()
    assert 'lang="de"' in text and "?lang=pl" in text and "?lang=en" not in text
    for host in ("testserver", "unknown.example", "127.0.0.1:8000"):
        assert "Lindhafen IT" in at(host).get("/").content.decode()
    morskie.is_active = False
    morskie.save()
    assert "Lindhafen IT" in at().get("/").content.decode()


def test_nothing_of_the_desk_answers_there_and_nobody_is_an_agent(cast: Cast, morskie: Brand) -> None:
    inside = at()
    inside.force_login(cast.ada.user)
    for path in ("/desk/", "/settings/", "/api/v1/tickets", "/api/v1/docs", "/invite/x/", "/desk/live/stream/"):
        assert (inside.get(path).status_code, at().get(path).status_code) == (404, 404), path
    assert at().post("/sign-in/passkey/").status_code == 404
    assert "Ada" not in inside.get("/").content.decode()
    assert inside.get("/me/").status_code == 302
    entered = at().post("/sign-in/", {"email": cast.ada.user.email, "password": PASSWORD})
    assert entered.headers["Location"] == f"{settings.BASE_URL}/sign-in/"
    assert "tresen" not in entered.cookies
    assert cast.browser(cast.ada).get("/settings/").status_code == 200


def test_customers_sign_in_there_and_set_a_new_password_there(cast: Cast, morskie: Brand, settings: Any) -> None:
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    browser = at()
    shown = browser.get("/sign-in/").content.decode()
    assert "Morskie IT" in shown and "?lang=en" not in shown
    entered = browser.post("/sign-in/", {"email": user.email, "password": PASSWORD})
    assert entered.headers["Location"] == "/requests/"
    assert browser.get("/requests/").status_code == 200
    for address in (user.email, cast.anna.user.email):
        at().post("/password/forgotten/", {"email": address})
    drain("mail-out")
    theirs, agents = account_mails()[-2:]
    assert re.search(rf"{re.escape(brand_url(morskie, '/password/reset/'))}\S+", theirs.text)
    assert "Morskie IT" in theirs.text
    assert f"{settings.BASE_URL}/password/reset/" in agents.text


def test_forms_from_its_own_origin_are_taken_behind_a_proxy_too(cast: Cast, morskie: Brand, settings: Any) -> None:
    settings.BASE_URL = "https://desk.example"
    browser = at(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/requests/link/").content.decode())
    assert token
    form = {"csrfmiddlewaretoken": token[1], "email": "x@y.example"}
    for origin, status in ((f"https://{HOST}", 302), ("https://evil.example", 403), ("https://desk.example:9", 403)):
        assert browser.post("/requests/link/", form, headers={"origin": origin}).status_code == status


def test_links_in_mail_lead_to_the_host_of_the_tickets_brand(cast: Cast, morskie: Brand, settings: Any) -> None:
    settings.BASE_URL = "https://desk.example:8443"
    for brand, base in ((morskie, f"https://{HOST}:8443"), (cast.brand, "https://desk.example:8443")):
        ticket = cast.ticket(brand=brand)
        assert f"{base}/t/" in _answer(cast, ticket)
    Brand.objects.filter(pk=morskie.pk).update(is_active=False)
    assert "https://desk.example:8443/t/" in _answer(cast, Ticket.objects.filter(brand=morskie).get())


def _answer(cast: Cast, ticket: Ticket) -> str:
    """The words of an answer as they leave."""
    services.add_reply(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("Done."))
    row = Outbox.objects.filter(ticket=ticket).latest("id")
    return str(compose(row).get_body(("plain",)).get_content())  # type: ignore[union-attr]
