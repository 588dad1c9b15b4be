"""Automatic mail is told from a person's by its headers; each sign alone is enough, and its look-alikes are not."""

from __future__ import annotations

import pytest

from tresen.channels.mail.recognise import MailKind, kind_of
from tresen.kit.mime import parse_mail

SIGNS: list[tuple[str, MailKind]] = [
    ("Auto-Submitted: auto-replied", MailKind.AUTO_REPLY),
    ("Auto-Submitted: Auto-Generated (rejected); x=y", MailKind.AUTO_REPLY),
    ("Auto-Submitted: no", MailKind.PERSON),
    ("Auto-Submitted: no (really)", MailKind.PERSON),
    ("Auto-Submitted: auto-forwarded", MailKind.PERSON),
    ("Precedence: auto_reply", MailKind.AUTO_REPLY),
    ("X-Autoreply: yes", MailKind.AUTO_REPLY),
    ("X-Autorespond: Urlaub", MailKind.AUTO_REPLY),
    ("X-AutoReply-From: a@b.example", MailKind.AUTO_REPLY),
    ("X-FC-MachineGenerated: true", MailKind.AUTO_REPLY),
    ("Delivered-To: Autoresponder", MailKind.AUTO_REPLY),
    ("X-Auto-Response-Suppress: All", MailKind.PERSON),
    ("X-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: a@b.example", MailKind.AUTO_REPLY),
    ("Subject: Automatic reply: Printer", MailKind.AUTO_REPLY),
    ("Subject: Abwesenheitsnotiz: Drucker", MailKind.AUTO_REPLY),
    ("Subject: Réponse automatique : Imprimante", MailKind.AUTO_REPLY),
    ("Subject: Re: Abwesenheitsnotiz einrichten", MailKind.PERSON),
    ("Subject: Abwesenheiten der Kollegen eintragen", MailKind.PERSON),
    ("List-Id: <x.example>", MailKind.BULK),
    ("Precedence: list", MailKind.BULK),
    ("Precedence: junk", MailKind.BULK),
    ("X-Failed-Recipients: a@b.example", MailKind.BOUNCE),
    ("Return-Path: <>\nFrom: MAILER-DAEMON@x.example", MailKind.BOUNCE),
    ("Return-Path: <a@x.example>\nFrom: postmaster@x.example", MailKind.PERSON),
    ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", MailKind.RECEIPT),
    ("Content-Type: multipart/report; report-type=feedback-report; boundary=x", MailKind.AUTO_REPLY),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", MailKind.BOUNCE),
]


@pytest.mark.parametrize(("headers", "kind"), SIGNS)
def test_one_sign_is_enough(headers: str, kind: MailKind) -> None:
    encoded = headers.encode("utf-8")
    found = kind_of(parse_mail((b"" if b"From:" in encoded else b"From: a@b.example\n") + encoded + b"\n\nHallo"))
    assert found.kind is kind
    assert found.reason
