"""Sender, signature, footer and confirmation: by brand, team and language, with a preview, and how they combine."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tests.intake.conftest import Desk, mail
from tests.intake.test_what_leaves import sent
from tresen.channels.mail import wording
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import BrandMail, MailText, Outbox
from tresen.core.people.models import Team
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    made = Desk()
    made.anna.signature = "Anna, Netz"
    made.anna.save()
    return made


def write(desk: Desk, language: str = "en", team: Team | None = None, **texts: str) -> None:
    wording.change_wording(desk.brand, team, language, set=texts, by=TEST)


def ticket_of(desk: Desk) -> Ticket:
    ticket = desk.receive(mail()).ticket
    assert ticket
    Ticket.objects.filter(pk=ticket.pk).update(language="en")
    return Ticket.objects.get(pk=ticket.pk)


def text_of(found: EmailMessage) -> str:
    body = found.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def acknowledgement(desk: Desk) -> EmailMessage:
    return compose(Outbox.objects.get(kind="ack"))


def test_without_any_text_a_reply_has_the_own_signature_and_the_usual_footer(desk: Desk) -> None:
    found = sent(desk, ticket_of(desk))
    text = text_of(found)
    assert text.startswith("Here.\n\nAnna, Netz\n\n-- \nLindhafen IT\nYour request has the number")
    assert found["From"].addresses[0].display_name == "Anna Kowalczyk · Lindhafen IT"


def test_the_teams_texts_go_before_the_brands(desk: Desk) -> None:
    ticket = ticket_of(desk)
    write(desk, signature="Brand {{agent.first_name}}", footer="Brand footer", sender="{{brand.name}}")
    write(desk, team=desk.team, signature="{{agent.signature}}\n{{team.name}} team")
    found = sent(desk, ticket)
    assert text_of(found).strip() == "Here.\n\nAnna, Netz\nNetz team\n\n-- \nBrand footer"
    assert found["From"].addresses[0].display_name == "Lindhafen IT"
    other = Team.objects.create(name="Orders", slug="orders")
    moved = update_ticket(ticket, by=TEST, set={"team": other})
    assert "Brand Anna" in text_of(sent(desk, moved))


def test_the_customers_language_goes_before_the_brands_own(desk: Desk) -> None:
    ticket = ticket_of(desk)
    write(desk, footer="In English")
    write(desk, "de", footer="Auf Deutsch")
    Ticket.objects.filter(pk=ticket.pk).update(language="de")
    assert "Auf Deutsch" in text_of(sent(desk, Ticket.objects.get(pk=ticket.pk)))
    Ticket.objects.filter(pk=ticket.pk).update(language="pl")
    assert "In English" in text_of(sent(desk, Ticket.objects.get(pk=ticket.pk))), "what the law asks for is never lost"


def test_names_of_the_ticket_are_filled_in_with_safe_defaults(desk: Desk) -> None:
    ticket = ticket_of(desk)
    write(desk, footer="Dear {{contact.first_name|customer}}, {{organisation.name|you}}: {{ticket.number}}")
    assert f"Dear Carol, you: {ticket.shown_number}" in text_of(sent(desk, ticket))


def test_a_hostile_name_stays_text_in_every_place(desk: Desk) -> None:
    ticket = ticket_of(desk)
    ticket.requester.name = "{{agent.signature}} <script>\r\nBcc: eve"
    ticket.requester.save()
    write(desk, footer="For {{contact.name}}", sender="{{contact.name}}")
    found = sent(desk, ticket)
    assert found["Bcc"] is None and "{{agent.signature}} <script> Bcc: eve" in text_of(found)
    html = found.get_body(("html",))
    assert isinstance(html, EmailMessage) and "<script>" not in html.get_content()


def test_a_confirmation_can_be_written_but_carries_nothing_of_the_sender(desk: Desk) -> None:
    write(desk, ack="Hello from {{brand.name}}.\n{{ticket.number}}\n{{ticket.link}}")
    ticket = ticket_of(desk)
    found = acknowledgement(desk)
    lines = text_of(found).strip().split("\n")
    assert lines[:2] == ["Hello from Lindhafen IT.", ticket.shown_number] and "/t/" in lines[2]
    assert found["Subject"] == f"We have received your request [#{ticket.number}]"
    assert (found["Auto-Submitted"], found["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    for name in ("contact.name", "ticket.subject", "organisation.name", "7*7"):
        with pytest.raises(wording.WrongText):
            write(desk, ack=f"{{{{ticket.number}}}} {{{{ticket.link}}}} {{{{{name}}}}}")
    with pytest.raises(wording.WrongText) as wrong:
        write(desk, ack="{{ticket.number}}")
    assert wrong.value.missing == ["ticket.link"]


def test_names_planted_in_the_table_are_no_names_of_a_confirmation(desk: Desk) -> None:
    text = "{{ticket.number}} {{ticket.link}} {{contact.name}} {{ticket.subject}}"
    MailText.objects.create(kind="ack", brand=desk.brand, language="en", text=text)
    ticket_of(desk)
    assert "{{contact.name}} {{ticket.subject}}" in text_of(acknowledgement(desk))


def test_writing_what_counts_anyway_keeps_nothing_and_says_nothing(desk: Desk) -> None:
    write(desk, footer=wording.default_text("footer", "en"))
    assert not MailText.objects.exists() and not Event.objects.filter(kind="brand.mail_changed").exists()
    write(desk, footer="Mine")
    write(desk, footer=wording.default_text("footer", "en"))
    assert not MailText.objects.exists()


def test_a_colleagues_change_is_not_overwritten_in_silence(desk: Desk) -> None:
    from tresen.kit.fingerprint import fingerprint

    mark = fingerprint(wording.wording_values(desk.brand, None, "en"))
    write(desk, footer="Theirs")
    with pytest.raises(ChangedMeanwhile):
        wording.change_wording(desk.brand, None, "en", set={"footer": "Mine"}, by=TEST, expected=mark)


# The screen


@pytest.fixture
def ada(cast: Cast) -> Client:
    return cast.browser(cast.ada)


def typed(ada: Client, address: str, **changes: str) -> dict[str, str]:
    page = tree(ada.get(address))
    names = ("mark", "sender", "signature", "footer", "ack")
    found = {n: page.css_first(f"#texts [name={n}]") for n in names}
    return {n: node.attributes.get("value") or node.text() for n, node in found.items() if node} | changes


def test_the_page_saves_resets_and_says_what_is_wrong(cast: Cast, ada: Client) -> None:
    address = f"/settings/mail/texts/{cast.brand.pk}/?team=&texts=de"
    assert ada.get("/settings/mail/texts/")["Location"] == f"/settings/mail/texts/{cast.brand.pk}/"
    wrong = ada.post(address, typed(ada, address, footer="{{contact.password}}", ack="Nothing"))
    assert wrong.status_code == 422
    told = words(tree(wrong).css_first("#texts"))
    assert "There is no {{contact.password}}." in told and "{{ticket.number}}, {{ticket.link}}" in told
    assert ada.post(address, typed(ada, address, footer="Impressum", quotes_history="on")).status_code == 302
    assert MailText.objects.get().text == "Impressum" and BrandMail.objects.get().quotes_history
    page = tree(ada.get(address))
    assert value(page, ".back-to-default input[name=kind]") == "footer"
    ada.post(f"/settings/mail/texts/{cast.brand.pk}/reset/?team=&texts=de", {"kind": "footer"})
    assert not MailText.objects.exists()


def test_the_preview_shows_what_is_typed_with_a_chosen_ticket(cast: Cast, ada: Client) -> None:
    first, second = cast.ticket("The printer"), cast.ticket("The fax")
    path = f"/settings/mail/texts/{cast.brand.pk}/preview/?team={cast.netz.pk}&texts=en"
    sent = {"sender": "{{agent.first_name}} at {{brand.name}}", "signature": "S {{team.name}}", "footer": "F"}
    shown = words(tree(ada.post(path, sent, headers=HTMX)).css_first("#mail-preview"))
    assert f"Re: The fax [#{second.number}]" in shown and "S Netz" in shown
    assert "<help@lindhafen.example>" in shown
    shown = words(tree(ada.post(path, {**sent, "ticket": first.shown_number}, headers=HTMX)).css_first("#mail-preview"))
    assert "Re: The printer" in shown
    assert "no such ticket" in words(tree(ada.post(path, {**sent, "ticket": "X 1"})).css_first("#mail-preview"))
    assert not MailText.objects.exists() and not Outbox.objects.exists()


def test_a_brand_without_a_ticket_has_a_preview_too_and_without_a_script(cast: Cast, ada: Client) -> None:
    address = f"/settings/mail/texts/{cast.brand.pk}/?team=&texts=pl"
    answer = ada.post(address, typed(ada, address, footer="Mine", show="1"))
    assert answer.status_code == 200 and "Mine" in words(tree(answer).css_first("#mail-preview"))
    assert not MailText.objects.exists()


def test_the_texts_are_for_administrators(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    for path in ("", "preview/", "reset/"):
        assert anna.post(f"/settings/mail/texts/{cast.brand.pk}/{path}", {"kind": "footer"}).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_preview_follows_what_is_typed(cast: Cast, page: Any) -> None:
    cast.anna.role_id = "admin"
    cast.anna.save()
    cast.ticket("The printer")
    page.goto(f"/settings/mail/texts/{cast.brand.pk}/")
    page.fill("#texts [name=footer]", "Impressum of {{brand.name}}")
    page.wait_for_selector("#mail-preview:has-text('Impressum of Lindhafen IT')")
    assert page.input_value("#texts [name=footer]") == "Impressum of {{brand.name}}"
    assert not MailText.objects.exists() and page.complaints == []
