"""The public status page: what is now, planned and was; the same for every guest; nothing that is not for everybody."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree

from django.test import Client

from tests.announcements.conftest import Announce, say, signed_in
from tests.portal.conftest import Counter
from tresen.core.people.models import Brand, Organisation, OrganisationMembership
from tresen.kit import clock

ATOM = {"a": "http://www.w3.org/2005/Atom"}
PUBLIC = ("/status/", "/status/feed.xml", "/", "/requests/new/")


def page(client: Client, path: str, **headers: str) -> str:
    answer = client.get(path, headers={"accept-language": "en", **headers})
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_it_shows_what_is_now_what_is_planned_and_what_was(counter: Counter, announce: Announce) -> None:
    now, client = clock.now(), Client()
    assert "everything works" in page(client, "/status/")
    row = announce(severity="part", texts={"en": "See https://lindhafen.example/vpn <b>now</b>"})
    announce(kind="planned_work", titles={"en": "Mail servers"}, begins_at=now + timedelta(days=2))
    past = announce(titles={"en": "Printers"}, begins_at=now - timedelta(days=70))
    say(past, counter, "solved", en="They print again.")
    say(row, counter, en="The card comes tonight.")
    whole = page(client, "/status/")
    for words in ("Something does not work", "VPN drops", "The card comes tonight.", "Mail servers", "Printers"):
        assert words in whole
    one = page(client, f"/status/{row.pk}/")
    assert '<a href="https://lindhafen.example/vpn"' in one and "&lt;b&gt;" in one and "a part does not work" in one
    month = (now - timedelta(days=70)).strftime("%Y-%m")
    assert "Printers" in page(client, f"/status/{month}/") and "VPN" not in page(client, f"/status/{month}/")
    assert client.get("/status/2026-13/").status_code == 404
    in_polish = page(client, "/status/", **{"accept-language": "pl"})
    assert "VPN zrywa połączenie" in in_polish and 'lang="en">Printers' in in_polish
    feed = ElementTree.fromstring(client.get("/status/feed.xml?lang=de").content)
    titles = [entry.findtext("a:title", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert titles[0] == "Störung: VPN bricht alle 20 Minuten ab" and len(titles) == 3


def test_much_of_one_kind_hides_nothing_of_another(counter: Counter, announce: Announce) -> None:
    now = clock.now()
    row = announce(begins_at=now - timedelta(days=9))
    for number in range(51):
        at = now - timedelta(days=400 - number)
        announce(kind="news", titles={"en": f"News {number}."}, begins_at=at)
    for number in range(4):
        announce(kind="planned_work", titles={"en": f"Work {number}."}, begins_at=now - timedelta(days=number))
    announce(kind="planned_work", titles={"en": "To come"}, begins_at=now + timedelta(days=2))
    whole = page(Client(), "/status/")
    assert "Something does not work" in whole and "VPN drops" in whole and "To come" in whole
    assert whole.index("News 50.") < whole.index("News 41.") and "News 40." not in whole
    assert f"/status/{row.pk}/" in page(Client(), "/requests/new/")


def test_it_is_the_same_for_every_guest_and_caches_may_keep_it(counter: Counter, announce: Announce) -> None:
    row = announce()
    for path in ("/status/", f"/status/{row.pk}/", "/status/feed.xml"):
        first, second = Client().get(path), Client().get(path)
        assert first.content == second.content and not first.cookies
        assert first["ETag"] == second["ETag"] and first["Cache-Control"].startswith("public")
        assert Client().get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        say(row, counter)
        again = Client().get(path, headers={"If-None-Match": first["ETag"]})
        assert again.status_code == 200 and again["ETag"] != first["ETag"]
    assert "public" not in signed_in(counter, counter.carol).get("/status/")["Cache-Control"]


def test_drafts_and_what_is_for_others_is_nowhere(counter: Counter, announce: Announce) -> None:
    other = Brand.objects.create(name="Other", letters="O", host="other.example")
    mine = Organisation.objects.create(name="Kunde")
    OrganisationMembership.objects.create(contact=counter.carol, organisation=mine)
    hidden = [
        announce(draft=True, titles={"en": "Marker draft"}),
        announce(titles={"en": "Marker brand"}, brands=[other]),
        announce(titles={"en": "Marker organisation"}, organisations=[mine]),
    ]
    ticket = counter.ticket()
    guest, link = Client(), counter.link(ticket)
    for path in (*PUBLIC, link, f"/status/{clock.now():%Y-%m}/"):
        assert "Marker" not in page(guest, path), path
    for row in hidden:
        for path in (f"/status/{row.pk}/", f"/status/{row.pk}/me-too/"):
            assert guest.get(path).status_code == 404, path
            assert guest.post(path).status_code in {404, 405}
        assert "Marker" not in page(guest, f"/status/subscribe/?about={row.pk}")
    assert "Marker brand" in guest.get("/status/", headers={"host": "other.example"}).content.decode()
    stranger, member = signed_in(counter, counter.dave), signed_in(counter, counter.carol)
    assert "Marker" not in page(stranger, "/status/")
    told = page(member, "/status/")
    assert "Marker organisation" in told and "Marker draft" not in told and "Marker brand" not in told
    assert "Marker organisation" in page(member, "/") and "Marker" not in page(member, "/status/feed.xml")


def test_it_stands_on_the_portal_while_it_lasts(counter: Counter, announce: Announce) -> None:
    guest = Client()
    row = announce()
    announce(kind="news", titles={"en": "New colleague"})
    for path in ("/", "/requests/new/"):
        there = page(guest, path)
        assert "VPN drops" in there and f"/status/{row.pk}/" in there and "New colleague" not in there
    say(row, counter, "solved")
    assert "VPN drops" not in page(guest, "/") and "VPN drops" in page(guest, "/status/")
