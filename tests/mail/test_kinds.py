"""Automatic mail is told from a person's by its headers; each sign alone is enough, and its look-alikes are not."""

from __future__ import annotations

from datetime import date

import pytest

from tresen.channels.mail.absence import away_until
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
    ("Content-Type: multipart/report; report-type=feedback-report; boundary=x", MailKind.FEEDBACK),
    ("Preference: auto_reply", MailKind.AUTO_REPLY),
    ("X-Mailer: vacation 1.2", MailKind.AUTO_REPLY),
    ("X-Amazon-Auto-Reply: true", MailKind.AUTO_REPLY),
    ("X-Vacation: yes", MailKind.AUTO_REPLY),
    ("Precedence: bulk\nSubject: Out of office: gone", MailKind.AUTO_REPLY),
    ("Precedence: list\nList-Id: <x.example>\nSubject: Out of office replies", MailKind.BULK),
    ("Subject: AUTO: Brandt, Ole is out of the office", MailKind.AUTO_REPLY),
    ("Subject: Ole Brandt ist außer Haus", MailKind.AUTO_REPLY),
    ("Subject: Abwesenheit: Ole Brandt", MailKind.AUTO_REPLY),
    ("Subject: Abwesenheit von Ole Brandt eintragen", MailKind.PERSON),
    ("Subject: I am out of the office, please send the form", MailKind.PERSON),
    ("List-Unsubscribe: <mailto:u@x.example>", MailKind.BULK),
    ("X-Boxbe-Challenge: 1", MailKind.CHALLENGE),
    ("From: Mailer-Daemon@x.example\nAuto-Submitted: auto-replied", MailKind.BOUNCE),
    ("From: postmaster@x.example\nSubject: Undeliverable: Printer", MailKind.BOUNCE),
    ("From: Carol <carol@x.example>\nSubject: Undeliverable parcel", MailKind.PERSON),
    ("From: Carol <carol@x.example>\nSubject: Re: Undeliverable: Printer", MailKind.PERSON),
    ("Content-Type: multipart/report; report-type=delivery-status; boundary=x", MailKind.BOUNCE),
]


@pytest.mark.parametrize(("headers", "kind"), SIGNS)
def test_one_sign_is_enough(headers: str, kind: MailKind) -> None:
    encoded = headers.encode("utf-8")
    found = kind_of(parse_mail((b"" if b"From:" in encoded else b"From: a@b.example\n") + encoded + b"\n\nHallo"))
    assert found.kind is kind
    assert found.reason


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("I am out of the office until Monday, 30 November 2026.", "2026-11-30"),
        ("I will be back on 30 November.", "2026-11-29"),
        ("AUTO: Smith is out of the office (returning 30/11/2026)", "2026-11-30"),
        ("Away from 11/16/2026 to 11/30/2026", "2026-11-30"),
        ("I will return on Dec 1st.", "2026-11-30"),
        ("Ich bin bis einschließlich 30.11.2026 nicht im Büro.", "2026-11-30"),
        ("Ab dem 1. Dezember bin ich wieder da.", "2026-11-30"),
        ("Vom 16.11.-30.11.2026 bin ich im Urlaub.", "2026-11-30"),
        ("Ich bin im März wieder da.", None),
        ("Jestem nieobecny do 30 listopada. Wracam 1 grudnia 2026.", "2026-11-30"),
        ("Będę dostępna 7 grudnia.", "2026-12-06"),
        ("Je suis absent jusqu’au 30 novembre 2026 inclus.", "2026-11-30"),
        ("Estaré fuera hasta el 30 de noviembre.", "2026-11-30"),
        ("Sono assente fino al 30 novembre.", "2026-11-30"),
        ("Ik ben afwezig tot en met 30 november.", "2026-11-30"),
        ("Estou ausente até 30 de novembro.", "2026-11-30"),
        ("Jsem mimo kancelář do 30. listopadu.", "2026-11-30"),
        ("Closed from 24 December until 2 January.", "2027-01-02"),
        ("We answer within 2 days, from 9 to 17.", None),
        ("Your ticket of 12.11.2026 is in work.", None),
        ("I was away until 3 June 2019.", None),
    ],
)
def test_an_automatic_reply_says_until_when_somebody_is_away(said: str, until: str | None) -> None:
    found = away_until("Automatic reply", said, today=date(2026, 11, 16))
    assert (found.isoformat() if found else None) == until
