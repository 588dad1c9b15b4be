"""Mailboxes, and the secrets in them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import Cast
from tests.outside import free_port
from tresen.channels.mail.mailboxes import mailbox_values
from tresen.channels.mail.models import Mailbox
from tresen.faces.setup.saving import marked
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import beat, drain

SECRET = "Geheim-17-Anker"


def form(mailbox: Mailbox, **more: object) -> dict[str, object]:
    values = {name: value for name, value in marked(mailbox_values(mailbox)).items() if value not in (None, False)}
    return {**values, **more}


def new(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "address": "support@lindhafen.example", "brand": cast.brand.pk, "team": cast.netz.pk, "language": "de",
        "acknowledges": "on", "is_active": "on", "incoming": "imap", "imap_host": "imap.lindhafen.example",
        "imap_port": 993, "imap_security": "tls", "imap_user": "support", "imap_password": SECRET,
        "imap_folder": "INBOX", "smtp_port": 587, "smtp_security": "starttls", **more,
    }  # fmt: skip


def made(cast: Cast, ada: Client, **more: object) -> Mailbox:
    assert ada.post("/settings/mailboxes/new/", new(cast, **more)).status_code == 302
    return Mailbox.objects.get(address="support@lindhafen.example")


def own(mailbox: Mailbox) -> str:
    return f"/settings/mailboxes/{mailbox.pk}/"


def test_a_mailbox_is_made_and_its_password_is_sealed(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    assert mailbox.password("imap") == SECRET
    assert SECRET not in mailbox.imap_sealed
    assert SECRET not in str(list(Event.objects.values_list("changes")))


def test_a_stored_password_never_comes_back(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    text = ada.get(own(mailbox)).content.decode()
    assert SECRET not in text
    assert mailbox.imap_sealed not in text
    assert "One is stored" in text


def test_without_typing_one_the_password_stays(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    assert ada.post(own(mailbox), form(mailbox, name="Hilfe")).status_code == 302
    mailbox.refresh_from_db()
    assert (mailbox.name, mailbox.password("imap")) == ("Hilfe", SECRET)


def test_another_server_needs_the_password_again(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    moved = form(mailbox, imap_host="imap.elsewhere.example")
    answer = ada.post(own(mailbox), moved)
    assert answer.status_code == 422
    assert "Enter the password again" in answer.content.decode()
    mailbox.refresh_from_db()
    assert mailbox.imap_host == "imap.lindhafen.example"
    assert ada.post(own(mailbox), {**moved, "imap_password": "Anderes-18"}).status_code == 302
    mailbox.refresh_from_db()
    assert mailbox.password("imap") == "Anderes-18"


def test_a_connection_without_encryption_is_for_this_machine_only(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/mailboxes/new/", new(cast, imap_security="plain"))
    assert answer.status_code == 422
    assert "this machine only" in answer.content.decode()
    assert made(cast, ada, imap_security="plain", imap_host="127.0.0.1")


def test_another_account_is_read_from_the_beginning(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    Mailbox.objects.filter(pk=mailbox.pk).update(imap_uidvalidity=7, imap_last_uid=900)
    ada.post(own(mailbox), form(mailbox, imap_folder="Hilfe"))
    mailbox.refresh_from_db()
    assert (mailbox.imap_uidvalidity, mailbox.imap_last_uid) == (None, 0)


def test_the_note_in_the_history_says_that_a_password_was_set_and_no_more(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    ada.post(own(mailbox), form(mailbox, imap_password="Neues-19"))
    assert Event.objects.get(kind="mailbox.changed").changes == {"imap_password": True}


def test_of_two_who_save_a_mailbox_the_second_is_told(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada)
    mine = form(mailbox, name="Mine")
    ada.post(own(mailbox), form(mailbox, name="Theirs"))
    answer = ada.post(own(mailbox), mine)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert re.search(r'name="mark" value="\w+"', answer.content.decode())


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("address", "no address", "not a mail address"), ("address", "HELP@lindhafen.example", "already a mailbox"),
        ("imap_host", "", "needs this"), ("imap_port", 99999, "65535"),
        ("imap_host", "imaps://imap.x.example:993/", "name of the server alone"),
        ("smtp_host", "smtp.x.example:587", "name of the server alone"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_marked(cast: Cast, ada: Client, field: str, value: object, told: str) -> None:
    answer = ada.post("/settings/mailboxes/new/", new(cast, **{field: value}))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Mailbox.objects.count() == 1


def after_test(ada: Client, mailbox: Mailbox) -> str:
    """The page after a test has run."""
    assert ada.post(f"{own(mailbox)}test/").headers["Location"] == f"{own(mailbox)}#test"
    drain("default")
    return ada.get(own(mailbox)).content.decode()


def test_the_test_says_step_by_step_how_far_one_gets(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada, imap_host="127.0.0.1", imap_port=free_port())
    ada.post(f"{own(mailbox)}test/")
    page = ada.get(own(mailbox)).content.decode()
    assert "The test is running" in page and "Show how far it is" in page and 'hx-trigger="load' in page
    text = after_test(ada, mailbox)
    assert "127.0.0.1 is 127.0.0.1" in text and "nothing answers at this port" in text
    assert "Waits for the step above" in text and "The test is running" not in text
    assert SECRET not in text
    part = ada.get(f"{own(mailbox)}test/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section") and "nothing answers" in part


def test_the_mail_listener_is_looked_at(cast: Cast, ada: Client) -> None:
    mailbox = Mailbox.objects.get()
    assert "gives no sign of life" in after_test(ada, mailbox)
    beat("l", "listener")
    assert "It is running, at 127.0.0.1:8025" in after_test(ada, mailbox)


def test_where_there_is_nothing_to_test_it_says_so(cast: Cast, ada: Client) -> None:
    mailbox = made(cast, ada, incoming="hook", hook_password="x")
    assert "nothing to test" in after_test(ada, mailbox)


def test_a_hook_has_an_address_of_its_own_and_needs_what_its_provider_signs_with(cast: Cast, ada: Client) -> None:
    answer = ada.post("/settings/mailboxes/new/", new(cast, incoming="hook", hook_provider="mailgun"))
    assert answer.status_code == 422 and "from a stranger" in answer.content.decode()
    mailbox = made(cast, ada, incoming="hook", hook_provider="mailgun", hook_password=SECRET)
    assert mailbox.password("hook") == SECRET and mailbox.hook_key and len(mailbox.hook_key) >= 32
    text = ada.get(own(mailbox)).content.decode()
    assert f"/hooks/mail/{mailbox.hook_key}/" in text and SECRET not in text
    assert ada.post(own(mailbox), form(mailbox, name="Hooks")).status_code == 302
    key = mailbox.hook_key
    mailbox.refresh_from_db()
    assert (mailbox.password("hook"), mailbox.hook_key) == (SECRET, key)
    answer = ada.post(own(mailbox), form(mailbox, hook_provider="signed"))
    assert answer.status_code == 422 and "Enter the password again" in answer.content.decode()
