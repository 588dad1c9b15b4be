"""‘Me too’ and news by mail: counted once, confirmed first, never twice, ended with one click."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from tests.announcements.conftest import Announce, link_in, say, sent, signed_in
from tests.portal.conftest import Counter, send
from tresen.core.announcements.affected import say_me_too
from tresen.core.announcements.models import Affected, AnnouncedTicket, Subscription
from tresen.core.announcements.services import change_announcement, withdraw
from tresen.core.announcements.subscriptions import subscribe
from tresen.core.people.models import Organisation
from tresen.core.people.services import verify_mail
from tresen.faces.portal.limits import ME_TOO_A_PLACE, SUBSCRIBED_A_PLACE
from tresen.kit import clock
from tresen.service.announcing.jobs import send as send_job
from tresen.service.announcing.jobs import tell
from tresen.service.participation.topics import choose, topics_of
from tresen.spine.events.actors import Actor
from tresen.spine.limits.services import hit


def guest() -> Client:
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


def test_me_too_counts_a_person_and_a_browser_once_and_ties_the_request(counter: Counter, announce: Announce) -> None:
    row = announce()
    path = f"/status/{row.pk}/me-too/"
    first = guest()
    for _time in range(3):
        answer = send(first, path)
        assert answer.status_code == 302 and answer["Location"] == f"/status/{row.pk}/"
    assert "You need not write to us" in first.get(f"/status/{row.pk}/").content.decode()
    send(guest(), path)
    assert Affected.objects.count() == 2
    ticket = counter.ticket()
    link = counter.link(ticket)
    reader = guest()
    assert "Is it this?" in reader.get(link).content.decode()
    answer = send(reader, link, at=path, door=link)
    assert answer["Location"] == link and "Is it this?" not in reader.get(link).content.decode()
    account = signed_in(counter, counter.carol)
    account.post(path)
    assert Affected.objects.filter(contact=counter.carol).count() == 1 and Affected.objects.count() == 3
    assert AnnouncedTicket.objects.get().ticket == ticket
    cast = Client()
    cast.force_login(counter.anna.user)
    cast.post(path)
    assert Affected.objects.count() == 3, "the desk's own people try it out"
    for _time in range(SUBSCRIBED_A_PLACE):
        hit("portal:subscribe", "127.0.0.1", limit=SUBSCRIBED_A_PLACE, seconds=60)
    assert send(first, path, email="stranger@kunde.example").status_code == 429 and not Subscription.objects.exists()
    for _time in range(ME_TOO_A_PLACE):
        hit("portal:me-too", f"{row.pk} 127.0.0.1", limit=ME_TOO_A_PLACE, seconds=60)
    assert send(guest(), path).status_code == 429
    say(row, counter, "solved")
    send(guest(), path)
    assert Affected.objects.count() == 3


def test_who_merely_says_who_he_is_gets_no_more_than_the_question(counter: Counter, announce: Announce) -> None:
    row = announce()
    browser = guest()
    send(browser, f"/status/{row.pk}/me-too/", email="new@kunde.example")
    send(browser, "/status/subscribe/", email="carola@kunde.example")
    say(row, counter)
    asked = sent()
    assert sorted(str(mail["To"]) for mail in asked) == ["carola@kunde.example", "new@kunde.example"]
    assert all("Please confirm" in str(mail["Subject"]) and "VPN" not in str(mail) for mail in asked)
    assert all(mail["Auto-Submitted"] == "auto-generated" for mail in asked)
    for _time in range(3):
        send(browser, "/status/subscribe/", email="new@kunde.example")
    assert len(sent()) == 2, "one question an hour"
    whole_page = Subscription.objects.filter(folded="new@kunde.example", announcement=None)
    whole_page.update(created_at=clock.now() - timedelta(days=6))
    send(browser, "/status/subscribe/", email="new@kunde.example")
    assert whole_page.get().created_at > clock.now() - timedelta(days=1), (
        "it waits as long as one that is asked for today"
    )
    token = link_in(next(mail for mail in asked if mail["To"] == "new@kunde.example"), "confirm")
    scanner = Client()
    for _time in range(3):
        scanner.get(token)
        scanner.head(token)
    assert not Subscription.objects.filter(confirmed_at__isnull=False).exists()
    assert send(browser, token).status_code == 302
    assert Client().get(token[:-2] + "x/").status_code == 404
    say(row, counter, en="The card is in.")
    news = sent()[2:]
    assert [str(mail["To"]) for mail in news] == ["new@kunde.example"] and "The card is in." in str(news[0].get_body())


def test_everybody_affected_is_told_once_in_his_language_and_in_the_end(counter: Counter, announce: Announce) -> None:
    row = announce()
    assert not sent()
    counter.carol.language = "de"
    counter.carol.save()
    account = signed_in(counter, counter.carol)
    account.post(f"/status/{row.pk}/me-too/", {"email": ""})
    account.post("/status/subscribe/", {"email": "CAROLA@kunde.example"})
    account.post("/status/subscribe/", {"email": "carola@kunde.example", "about": row.pk})
    link_of_dave = counter.link(counter.ticket(requester=counter.dave))
    send(guest(), link_of_dave, at=f"/status/{row.pk}/me-too/", door=link_of_dave)
    assert Affected.objects.count() == 2
    say(row, counter)
    tell(announcement_id=row.pk, update_id=row.updates.get().pk)
    (mail,) = sent()
    send_job()
    assert len(sent()) == 1, "dave's address is not confirmed, carola's three reasons are one mail"
    assert mail["To"] == "carola@kunde.example" and "VPN bricht" in str(mail["Subject"])
    assert "Wir sind dran." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and mail["Precedence"] == "bulk"
    say(row, counter, "solved", en="It works.", de="Es geht wieder.")
    final = sent()[1:]
    assert len(final) == 1 and str(final[0]["Subject"]).startswith("Vorbei: ")
    announce(titles={"en": "Mail"}, kind="planned_work")
    assert len(sent()) == 3, "who subscribed to the page hears of what is new"


def test_one_click_ends_it_and_opening_the_link_does_not(counter: Counter, announce: Announce) -> None:
    row = announce()
    account = signed_in(counter, counter.carol)
    account.post(f"/status/{row.pk}/me-too/", {"email": "carola@kunde.example"})
    for stage in ("noticed", "identified"):
        say(row, counter, stage)
    mails = sent()
    assert len(mails) == 2
    link = link_in(mails[0], "unsubscribe")
    assert f"<{'http'}" in str(mails[0]["List-Unsubscribe"]) and link in str(mails[0]["List-Unsubscribe"])
    for _time in range(20):
        Client().get(link)
        Client().head(link)
    assert Subscription.objects.exists()
    machine = Client(enforce_csrf_checks=True)
    for _time in range(2):
        answer = machine.post(link, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and b"No more mail comes" in answer.content
    assert not Subscription.objects.exists() and machine.post(link[:-2] + "x/").status_code == 404
    say(row, counter, "watching")
    as_affected = sent()[2:]
    assert len(as_affected) == 1, "he had said that it affects him, too"
    machine.post(link_in(as_affected[0], "unsubscribe"))
    say(row, counter, "solved")
    assert len(sent()) == 3 and Affected.objects.count() == 1


def test_nobody_is_told_what_is_not_for_him_or_was_withdrawn(counter: Counter, announce: Announce) -> None:
    for address, contact in (("carola@kunde.example", counter.carol), ("x@stranger.example", None)):
        found = subscribe(brand=counter.brand, announcement=None, address=address, contact=contact, language="en",
                          by=Actor.system("test"))  # fmt: skip
        Subscription.objects.filter(pk=found.pk).update(confirmed_at=found.created_at)
    club = Organisation.objects.create(name="Kunde")
    club.memberships.create(contact=counter.carol)
    announce(organisations=[club])
    told = [str(mail["To"]) for mail in sent() if "Please confirm" not in str(mail["Subject"])]
    assert told == ["carola@kunde.example"]
    for_all = announce()
    for contact in (counter.carol, counter.dave):
        verify_mail(contact, by=Actor.system("test"))
        say_me_too(for_all, contact=contact, brand=counter.brand, by=Actor.contact(contact))
    change_announcement(for_all, set={"organisations": [club]}, by=Actor.agent(counter.anna))
    say(for_all, counter)
    assert {str(mail["To"]) for mail in sent() if "Update" in str(mail["Subject"])} == {"carola@kunde.example"}
    say(for_all, counter, en="Later.")
    tell(announcement_id=for_all.pk, update_id=for_all.updates.first().pk)  # type: ignore[union-attr]
    club.memberships.all().delete()
    assert not [mail for mail in sent() if "Later." in str(mail.get_body())], "noted before he left, not sent after"
    club.memberships.create(contact=counter.carol)
    assert [wanted for topic, wanted in topics_of(counter.dave) if topic.name == "announcements"] == [True]
    choose(counter.dave, [], by=Actor.contact(counter.dave))
    assert not Affected.objects.get(contact=counter.dave).wants_mail
    row = announce(titles={"en": "Gone"})
    withdraw(row, by=Actor.agent(counter.anna))
    assert not [mail for mail in sent() if "Gone" in str(mail["Subject"])]
