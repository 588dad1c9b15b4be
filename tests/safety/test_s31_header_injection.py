"""S31: CRLF and list-typed values in subject, display name, custom field, file name and quoted Message-ID: what leaves
has exactly the expected headers and recipients (P2)."""

from __future__ import annotations

import base64
import json
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from tests.cast import TEST, make_cast
from tests.flows.conftest import RunningDesk, mail
from tests.outside import Received, Sink, wait_for
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.services import verify_mail
from tresen.core.tickets.custom_fields import create_field
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.once

CAROL, EVE = "carol@shop.example", "eve@evil.example"
BREAK = f"x\r\nBcc: {EVE}\r\nX-Evil: 1\r\n\r\nEvil body"
# Every header a reply of ours may have.
EXPECTED = {
    "from", "to", "cc", "reply-to", "date", "message-id", "in-reply-to", "references", "subject", "mime-version",
    "content-type", "content-transfer-encoding", "content-language", "x-tresen-loop",
}  # fmt: skip


def encoded(text: str) -> str:
    """As a hostile sender writes it: line ends inside encoded words."""
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def is_sound(received: Received, *, recipients: set[str] = frozenset({CAROL})) -> EmailMessage:  # type: ignore[assignment]
    """Exactly these recipients, no header beyond ours, each of which parses."""
    found = received.mail
    assert set(received.recipients) == recipients
    assert {name.lower() for name in found.keys()} <= EXPECTED, found.keys()  # noqa: SIM118 - repeated ones too
    assert len(found.keys()) == len({name.lower() for name in found.keys()}), "no header stands twice"  # noqa: SIM118
    addresses = [*found["To"].addresses, *(found["Cc"].addresses if found["Cc"] else ())]
    assert {address.addr_spec for address in addresses} == recipients
    for part in found.walk():
        assert not {"x-evil", "bcc"} & {name.lower() for name in part}
    assert "Evil body" not in received.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace").split("Subject:")[0]
    return found


def answer(desk: RunningDesk, outside: Sink, subject: str, text: str = "Our answer.") -> Received:
    """An agent answers the newest ticket that has this in its subject; the reply as the outside took it."""
    ticket = desk.wait_ticket(subject)
    before = len([m for m in outside.to(CAROL) if text in m.text])
    status, body = desk.api("POST", f"/tickets/{ticket['number']}/messages", {"kind": "reply", "body_text": text})
    assert status == 201, body
    wait_for(lambda: len([m for m in outside.to(CAROL) if text in m.text]) > before, what="the reply")
    return [m for m in outside.to(CAROL) if text in m.text][-1]


def test_s31_line_ends_in_a_subject_and_a_name(mail_desk: RunningDesk, outside: Sink) -> None:
    mail_desk.send(mail("Help.", subject=encoded(BREAK), sender=f"{encoded('Carol' + BREAK)} <{CAROL}>"))
    subject = " ".join(BREAK.split())
    found = is_sound(answer(mail_desk, outside, subject, "Answer to a broken subject."))
    assert found["Subject"].startswith(f"Re: {subject}")


@pytest.mark.parametrize("end", ["\r", "\n", "\u2028", "\x85", "\x0b", "\0"])
def test_s31_every_kind_of_line_end(mail_desk: RunningDesk, outside: Sink, end: str) -> None:
    name = f"ends{ord(end)}"
    mail_desk.send(
        mail("Help.", subject=encoded(f"{name}{end}Bcc: {EVE}"), sender=f"{encoded(f'C{end}Cc: {EVE}')} <{CAROL}>")
    )
    found = is_sound(answer(mail_desk, outside, _with(mail_desk, name), f"Answer {name}."))
    assert name in found["Subject"]


def _with(desk: RunningDesk, name: str) -> str:
    return str(wait_for(lambda: next((t["subject"] for t in desk.tickets() if name in t["subject"]), None), what=name))


def test_s31_a_message_id_that_we_repeat(mail_desk: RunningDesk, outside: Sink) -> None:
    hostile = [
        f"<a\r\n\tBcc: {EVE}@shop.example>",
        "<no blank@shop.example>",
        "<" + "a" * 900 + "@shop.example>",
        "<ü@x>",
    ]
    for number, message_id in enumerate(hostile):
        subject = f"quoted id {number}"
        mail_desk.send(mail("Help.", subject=subject, message_id=message_id, in_reply_to=f"<x{number}>\r\n <y z>"))
        found = is_sound(answer(mail_desk, outside, subject, f"Answer to id {number}."))
        for header in ("In-Reply-To", "References"):
            assert all(
                one.startswith("<") and one.endswith(">") and " " not in one for one in (found[header] or "").split()
            )


def test_s31_through_the_interface(mail_desk: RunningDesk, outside: Sink) -> None:
    mail_desk.send(mail("Help.", subject="s31 api"))
    number = mail_desk.wait_ticket("s31 api")["number"]
    for body in (
        {"subject": ["a", "b"]}, {"subject": {"a": 1}}, {"subject": 7}, {"requester": [CAROL]},
    ):  # fmt: skip
        assert mail_desk.api("PATCH", f"/tickets/{number}", body)[0] == 400
    path = f"/tickets/{number}/messages"
    for to in (
        ["carol@shop.example\r\nBcc: eve@evil.example"],
        [[CAROL]],
        [{"email": [CAROL]}],
        CAROL,
        [f"{CAROL},{EVE}"],
    ):
        status, answered = mail_desk.api("POST", path, {"kind": "reply", "body_text": "No.", "to": to})
        assert status == 400, (to, answered)
    for body_text in (["a"], {"a": 1}):
        assert mail_desk.api("POST", path, {"kind": "reply", "body_text": body_text})[0] == 400
    assert mail_desk.api("PATCH", f"/tickets/{number}", {"subject": BREAK})[0] == 200
    found = is_sound(answer(mail_desk, outside, " ".join(BREAK.split()), "Answer through the interface."))
    assert EVE not in [a.addr_spec for a in found["To"].addresses]


def test_s31_a_name_given_to_a_contact_and_a_file(mail_desk: RunningDesk, outside: Sink) -> None:
    mail_desk.send(mail("Help.", subject="s31 names"))
    ticket = mail_desk.wait_ticket("s31 names")
    contact = ticket["requester"]["id"]
    assert mail_desk.api("PATCH", f"/contacts/{contact}", {"name": f'C"\r\nBcc: {EVE}'})[0] in {200, 400}
    request = urllib.request.Request(
        f"{mail_desk.instance.url}/api/v1/attachments?filename={quote('a' + BREAK + '.txt')}", data=b"x", method="POST",
        headers={"Authorization": f"Bearer {mail_desk.token}", "Content-Type": "text/plain"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=20) as answered:
        key = json.loads(answered.read())["id"]
    body = {"kind": "reply", "body_text": "With a file.", "attachments": [key]}
    assert mail_desk.api("POST", f"/tickets/{ticket['number']}/messages", body)[0] == 201
    received = wait_for(
        lambda: next((m for m in outside.to(CAROL) if "With a file." in m.text), None), what="the reply"
    )
    found = is_sound(received)
    [attached] = list(found.iter_attachments())
    assert "\r" not in (attached.get_filename() or "") and "\n" not in (attached.get_filename() or "")


def test_s31_a_field_of_the_desks_own_reaches_no_header(db: None) -> None:
    cast = make_cast()
    verify_mail(cast.carol, by=TEST)
    fields = {"line": "text", "story": "long_text", "site": "url", "parts": "choices"}
    for name, kind in fields.items():
        choices = [{"names": {"en": "One"}}] if kind == "choices" else []
        create_field(names={"en": name}, kind=kind, choices=choices, for_customers=True, by=TEST)
    ticket, calls = cast.ticket(), cast.calls(cast.anna)
    for name in fields:
        for value in ([BREAK], [["one"]], {"a": 1}, ["one", BREAK], 7):
            assert calls.patch(f"/tickets/{ticket.number}", {"fields": {name: value}}).status_code == 400, name
    assert (
        calls.patch(f"/tickets/{ticket.number}", {"fields": {"site": f"https://x.example/{BREAK}"}}).status_code == 400
    )
    told = {"line": BREAK, "story": BREAK}
    assert calls.patch(f"/tickets/{ticket.number}", {"fields": told}).status_code == 200
    ticket.refresh_from_db()
    assert ticket.fields["line"] == " ".join(BREAK.split())
    anna = cast.browser(cast.anna)
    for answered in (anna.get("/desk/views/all/"), anna.get(f"/desk/tickets/{ticket.number}/")):
        assert not {"x-evil", "bcc"} & {name.lower() for name in answered.headers}
    body = {"kind": "reply", "body_text": "Our answer."}
    assert calls.post(f"/tickets/{ticket.number}/messages", body).status_code == 201
    drain()
    [raw] = [path.read_bytes() for path in (outgoing_folder() / "new").iterdir()]
    found = message_from_bytes(raw, policy=policy.default)
    assert {name.lower() for name in found.keys()} <= EXPECTED, found.keys()  # noqa: SIM118 - repeated ones too
    assert EVE.encode() not in raw and b"X-Evil" not in raw
