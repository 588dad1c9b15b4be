"""The page behind a personal link: what it says, what can be done there, and what it never shows."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import MAIL, Counter, hidden_fields, send, status
from tresen.core.people.services import add_identity, create_contact
from tresen.core.tickets import services
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Ticket, TicketLink
from tresen.faces.portal.request import reading
from tresen.kit.html import SANITISER_VERSION
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain


def text_of(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_the_state_is_said_in_plain_words(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket()
    path = counter.link(ticket)
    assert "Your request has arrived" in text_of(browser, path)
    services.update_ticket(ticket, by=Actor.agent(counter.anna), set={"assignee": counter.anna})
    assert "Anna Kowalczyk is taking care of it" in text_of(browser, path)
    counter.reply(ticket, set={"status": status("waiting")})
    assert "We are waiting for you" in text_of(browser, path)
    services.update_ticket(ticket, by=Actor.agent(counter.anna), set={"status": status("on_hold")})
    assert "We are waiting for somebody else" in text_of(browser, path)
    counter.solve(ticket)
    assert "Is it solved?" in text_of(browser, path)


def test_the_conversation_shows_names_and_nothing_of_the_inside(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(text="It drops every 20 minutes.")
    counter.reply(ticket, "Please restart the gateway.")
    counter.note(ticket, "NOTE-MARKER")
    for marker, more in (("HELD-MARKER", {"is_held": True}), ("AUTO-MARKER", {"is_automatic": True})):
        services.add_received(
            ticket, by=MAIL, contact=counter.dave, content=Content(marker), channel="mail", trust="claimed", **more
        )  # fmt: skip
    page = text_of(browser, counter.link(ticket))
    assert "It drops every 20 minutes." in page and "Please restart the gateway." in page
    assert "Anna Kowalczyk" in page and "Lindhafen IT" in page
    for hidden in ("NOTE-MARKER", "HELD-MARKER", "AUTO-MARKER", "Dave Stone"):
        assert hidden not in page


def test_text_is_escaped_and_addresses_are_links(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(subject="<script>x</script>", text="<b>bold</b> see https://help.example/a?b=1&c=2")
    page = text_of(browser, counter.link(ticket))
    assert "<b>bold" not in page and "<script>x" not in page
    assert 'href="https://help.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow"' in page


def test_an_answer_reopens_and_gives_us_the_ball(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket()
    counter.solve(ticket)
    path = counter.link(ticket)
    answer = send(browser, path, at=f"{path}answer/", text="It came back.", files=SimpleUploadedFile("log.txt", b"x"))
    assert answer["Location"] == path
    message = ticket.messages.get(text="It came back.")
    assert (message.kind, message.channel, message.trust) == ("received", "web", "claimed")
    assert message.contact == counter.carol
    assert message.attachments.get().filename == "log.txt"
    ticket.refresh_from_db()
    assert (ticket.status_category, ticket.ball) == ("open", "us")
    page = text_of(browser, path)
    assert "Thank you, your message has arrived." in page and "It came back." in page


def test_an_answer_sent_twice_stands_there_once(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    fields = {"text": "Once only", **hidden_fields(browser.get(path).content.decode())}
    fields["csrfmiddlewaretoken"] = browser.cookies["tresen-csrf"].value
    assert [browser.post(f"{path}answer/", fields).status_code for _n in range(2)] == [302, 302]
    assert ticket.messages.filter(text="Once only").count() == 1


def test_an_empty_answer_is_not_sent(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    answer = send(browser, path, at=f"{path}answer/", text="  ")
    assert answer.status_code == 422 and "Please write something or choose a file." in answer.content.decode()
    assert ticket.messages.count() == 1


def test_files_beyond_the_limit_keep_the_answer(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    many = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]
    answer = send(browser, path, at=f"{path}answer/", text="Eleven files", files=many)
    page = answer.content.decode()
    assert answer.status_code == 413 and "Eleven files" in page and "at most 10" in page and "3.txt" in page
    assert ticket.messages.count() == 1


def test_too_many_answers_wait_and_keep_their_text(
    counter: Counter, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tresen.faces.portal.limits.ANSWERS", 1)
    path = counter.link(ticket := counter.ticket())
    send(browser, path, at=f"{path}answer/", text="first")
    answer = send(browser, path, at=f"{path}answer/", text="second")
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "second" in answer.content.decode() and ticket.messages.count() == 2


def test_this_solved_it_closes_with_a_last_word_or_without(counter: Counter, browser: Client) -> None:
    for words in ("", "Thank you, all is well."):
        path = counter.link(ticket := counter.ticket())
        send(browser, path, at=f"{path}close/", text=words)
        ticket.refresh_from_db()
        assert ticket.status_category == "solved"
        assert ticket.messages.count() == (2 if words else 1)
        assert "Done" in text_of(browser, path)


def test_agreeing_that_it_is_solved_closes_the_request(counter: Counter, browser: Client) -> None:
    for words in ("", "Yes."):
        path = counter.link(ticket := counter.ticket())
        counter.solve(ticket)
        send(browser, path, at=f"{path}close/", text=words)
        ticket.refresh_from_db()
        assert ticket.status_category == "closed"
        send(browser, path, at=f"{path}close/", text="")
        assert Event.objects.filter(stream_id=ticket.pk, actor_kind="contact", kind="ticket.changed").count() <= 1


def test_open_again_with_a_reason_or_without(counter: Counter, browser: Client) -> None:
    for words in ("", "Not at all."):
        path = counter.link(ticket := counter.ticket())
        counter.solve(ticket)
        send(browser, path, at=f"{path}reopen/", text=words)
        ticket.refresh_from_db()
        assert ticket.status_category == "open" and ticket.solved_at is None


def test_open_again_changes_nothing_on_an_open_request(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    send(browser, path, at=f"{path}reopen/", text="")
    ticket.refresh_from_db()
    assert ticket.status_category == "new"


def test_confirming_behind_the_mailed_link_confirms_request_and_address(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(requester=counter.dave, is_unconfirmed=True)
    path = counter.link(ticket)
    assert "Confirm my address" in text_of(browser, path)
    for _repeat in range(2):
        send(browser, path, at=f"{path}confirm/")
    ticket.refresh_from_db()
    assert not ticket.is_unconfirmed
    assert counter.dave.identities.get().verified_at
    assert "Confirm my address" not in text_of(browser, path)


def test_confirming_proves_the_address_the_link_went_to_and_no_other(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(requester=counter.dave, is_unconfirmed=True)
    path = counter.link(ticket)
    counter.dave.identities.update(is_main=False)
    add_identity(counter.dave, kind="mail", value="boss@other.example", is_main=True)
    send(browser, path, at=f"{path}confirm/")
    verified = counter.dave.identities.filter(verified_at__isnull=False)
    assert [identity.value for identity in verified] == ["dave@other.example"]


def test_a_link_that_was_not_mailed_confirms_nothing(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(requester=counter.dave, is_unconfirmed=True)
    path = counter.link(ticket, by_mail=False)
    assert "Confirm my address" not in text_of(browser, path)
    send(browser, path, at=f"{path}confirm/")
    ticket.refresh_from_db()
    assert ticket.is_unconfirmed and not counter.dave.identities.get().verified_at


def test_somebody_in_copy_cannot_confirm_for_the_requester(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(requester=counter.dave, is_unconfirmed=True, copies=[counter.carol])
    path = counter.link(ticket, counter.carol)
    send(browser, path, at=f"{path}confirm/")
    ticket.refresh_from_db()
    assert ticket.is_unconfirmed


def test_once_confirmed_other_browsers_that_sent_it_see_it_no_longer(counter: Counter, browser: Client) -> None:
    stranger = Client(enforce_csrf_checks=True)
    asked = {"name": "M", "email": "dave@other.example", "subject": "From a stranger", "text": "x", "reach": "me"}
    send(stranger, "/requests/new/", **asked)
    ticket = Ticket.objects.get()
    page = f"/requests/{ticket.number}/"
    assert stranger.get(page).status_code == 200
    path = counter.link(ticket)
    send(browser, path, at=f"{path}confirm/")
    assert stranger.get(page).status_code == 302 and "From a stranger" not in stranger.get("/").content.decode()


def test_the_browser_that_sent_it_and_confirms_it_keeps_it(counter: Counter, browser: Client) -> None:
    asked = {"name": "Dave", "email": "dave@other.example", "subject": "Mine", "text": "x", "reach": "me"}
    send(browser, "/requests/new/", **asked)
    ticket = Ticket.objects.get()
    path = counter.link(ticket)
    send(browser, path, at=f"{path}confirm/")
    assert browser.get(f"/requests/{ticket.number}/").status_code == 200


def test_an_answer_from_the_browser_that_sent_it_is_anonymous(counter: Counter, browser: Client) -> None:
    asked = {"name": "M", "email": "dave@other.example", "subject": "s", "text": "x", "reach": "me"}
    send(browser, "/requests/new/", **asked)
    ticket = Ticket.objects.get()
    page = f"/requests/{ticket.number}/"
    assert send(browser, page, at=f"{page}answer/", text="More of it").status_code == 302
    assert ticket.messages.get(text="More of it").trust == "anonymous"


@pytest.mark.parametrize("act", ["", "answer/", "close/", "reopen/", "confirm/"])
def test_looking_changes_nothing(counter: Counter, browser: Client, act: str) -> None:
    ticket = counter.ticket(requester=counter.dave, is_unconfirmed=True)
    path, before = counter.link(ticket), Event.objects.count()
    version = ticket.version
    assert browser.get(path + act).status_code in {200, 302}
    assert browser.head(path + act).status_code in {200, 302, 405}
    ticket.refresh_from_db()
    assert (ticket.version, ticket.is_unconfirmed, Event.objects.count()) == (version, True, before)


def test_a_dead_link_says_what_to_do_in_the_persons_language(counter: Counter) -> None:
    said = {"en": "This link does not work", "de": "Dieser Link funktioniert nicht", "pl": "Ten link nie działa"}
    for language, words in said.items():
        answer = Client(headers={"accept-language": language}).get("/t/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/")
        assert answer.status_code == 404 and words in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"


def test_a_link_ends_ninety_days_after_closing(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    counter.solve(ticket)
    assert browser.get(path).status_code == 200
    Ticket.objects.filter(pk=ticket.pk).update(solved_at=timezone.now() - timedelta(days=91))
    assert browser.get(path).status_code == 404


def test_the_page_speaks_the_contacts_language_unless_another_is_chosen(counter: Counter, browser: Client) -> None:
    hanna = create_contact(name="Hanna", mails=["hanna@firma.example"], language="de", by=MAIL)
    path = counter.link(counter.ticket(requester=hanna))
    answer = browser.get(path)
    assert "Ihre Anfrage ist angekommen" in answer.content.decode() and answer["Content-Language"] == "de"
    assert "Zgłoszenie dotarło" in browser.get(f"{path}?lang=pl").content.decode()
    assert "Zgłoszenie dotarło" in browser.get(path).content.decode()


def test_a_browser_that_has_proven_nothing_is_not_told_the_contacts_language(counter: Counter, browser: Client) -> None:
    hanna = create_contact(name="Hanna", mails=["hanna@firma.example"], language="de", by=MAIL)
    path = counter.link(counter.ticket(requester=hanna, is_unconfirmed=True), by_mail=False)
    assert "Your request has arrived" in text_of(browser, path)


def test_files_are_fetched_under_a_short_lived_address(counter: Counter, browser: Client) -> None:
    kept = prepare_file([b"log"], filename="vpn.log")
    ticket = counter.ticket(files=[kept])
    path = counter.link(ticket)
    assert f"{path}files/{kept.pk}/" in text_of(browser, path)
    answer = browser.get(f"{path}files/{kept.pk}/")
    assert answer.status_code == 302 and answer["Location"].startswith("/files/")
    other = counter.link(counter.ticket())
    assert browser.get(f"{other}files/{kept.pk}/").status_code == 404
    assert browser.get(answer["Location"]).status_code == 200
    TicketLink.objects.filter(ticket=ticket).update(revoked_at=timezone.now())
    assert browser.get(answer["Location"]).status_code == 404  # the address dies with its link


def test_files_of_notes_are_not_there(counter: Counter, browser: Client) -> None:
    kept = prepare_file([b"secret"], filename="inside.txt")
    ticket = counter.ticket()
    counter.note(ticket, "see file", files=[kept])
    path = counter.link(ticket)
    assert "inside.txt" not in text_of(browser, path)
    assert browser.get(f"{path}files/{kept.pk}/").status_code == 404


def html_mail(
    counter: Counter, ticket: Ticket, html: str, version: int = SANITISER_VERSION, source: str = "", **more: Any
) -> int:
    content = Content("the text", html=html, html_version=version, html_source=source)
    message = services.add_received(
        ticket, by=MAIL, contact=counter.carol, content=content, channel="mail", trust="claimed", **more
    )  # fmt: skip
    return int(message.pk)


def test_a_mails_html_stands_in_a_frame_without_scripts(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    pk = html_mail(counter, ticket, "<p>Hello <b>there</b></p>")
    page = text_of(browser, path)
    assert f'src="{path}messages/{pk}/frame/"' in page and "allow-scripts" not in page and "srcdoc" not in page
    answer = browser.get(f"{path}messages/{pk}/frame/")
    assert "<b>there</b>" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"] and "sandbox" in answer["Content-Security-Policy"]


def test_inline_pictures_of_a_mail_come_from_its_own_files(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    picture = prepare_file([b"\x89PNG\r\n\x1a\n"], filename="logo.png", content_id="logo@x", is_inline=True)
    pk = html_mail(counter, ticket, '<p>See <img data-cid="logo@x"></p>', files=[picture])
    frame = browser.get(f"{path}messages/{pk}/frame/").content.decode()
    assert f'src="{path}files/{picture.pk}/"' in frame
    assert "logo.png" not in text_of(browser, path)


def test_html_of_an_older_sanitiser_gives_way_to_the_text(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    pk = html_mail(counter, ticket, "<p>old</p>", version=SANITISER_VERSION - 1)
    assert "the text" in text_of(browser, path) and browser.get(f"{path}messages/{pk}/frame/").status_code == 404


def test_html_of_an_older_sanitiser_is_cleaned_anew_once_it_is_looked_at(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    source = "<p onclick=x()>new <b>words</b></p>"
    pk = html_mail(counter, ticket, "<p>old</p>", version=SANITISER_VERSION - 1, source=source)
    for _ in range(2):
        assert "the text" in text_of(browser, path)
    assert Job.objects.filter(name="mail.clean_html").count() == 1
    drain("default")
    assert f"messages/{pk}/frame/" in text_of(browser, path)
    cleaned = browser.get(f"{path}messages/{pk}/frame/").content.decode()
    assert "<b>words</b>" in cleaned and "onclick" not in cleaned


def test_frames_of_hidden_or_foreign_messages_are_not_there(counter: Counter, browser: Client) -> None:
    path = counter.link(ticket := counter.ticket())
    held = html_mail(counter, ticket, "<p>held</p>", is_held=True)
    foreign = html_mail(counter, counter.ticket(), "<p>foreign</p>")
    for pk in (held, foreign, 999999):
        assert browser.get(f"{path}messages/{pk}/frame/").status_code == 404


def test_quoted_history_is_folded_and_long_messages_are_cut(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(text="x" * 30_000 + "THE-END")
    services.add_received(
        ticket, by=MAIL, contact=counter.carol, channel="mail", trust="claimed",
        content=Content("New words\n\n> old words", reply_text="New words"),
    )  # fmt: skip
    path = counter.link(ticket)
    page = text_of(browser, path)
    assert page.index("New words") < page.index('<details class="quote">') < page.index("&gt; old words")
    assert "THE-END" not in page and "Show the whole message" in page
    assert "THE-END" in text_of(browser, f"{path}?all")


def test_a_page_shows_so_many_messages_and_leads_on_by_key(
    counter: Counter, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "NEWEST_MESSAGES", 2)
    monkeypatch.setattr(reading, "MORE_MESSAGES", 4)
    ticket = counter.ticket(text="message 0.")
    for number in range(1, 11):
        counter.reply(ticket, f"message {number}.")
    path, seen = counter.link(ticket), list[list[str]]()
    place: str | None = path
    while place:
        page = text_of(browser, place)
        seen.append(re.findall(r"message (\d+)\.", page))
        assert ("Show the newest messages" in page) == (len(seen) > 2)
        found = re.search(r'href="([^"]+)">Show earlier messages', page)
        place = html.unescape(found[1]) if found else None
    assert seen == [["9", "10"], ["7", "8", "9", "10"], ["3", "4", "5", "6"], ["0", "1", "2"]]
    for odd in ("x", "-1", "9" * 30, "\0"):
        assert browser.get(path, {"all": "", "before": odd}).status_code == 200


def test_who_joined_later_sees_nothing_older(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(text="Before his time")
    services.add_participant(ticket, by=Actor.agent(counter.anna), contact=counter.dave)
    counter.reply(ticket, "Welcome, both")
    page = text_of(browser, counter.link(ticket, counter.dave))
    assert "Welcome, both" in page and "Before his time" not in page


def test_who_leaves_the_request_has_a_dead_link(counter: Counter, browser: Client) -> None:
    ticket = counter.ticket(copies=[counter.dave])
    path = counter.link(ticket, counter.dave)
    assert browser.get(path).status_code == 200
    services.remove_participant(ticket.participants.get(contact=counter.dave), by=Actor.agent(counter.anna))
    assert browser.get(path).status_code == 404 and TicketLink.objects.get(contact=counter.dave).revoked_at
