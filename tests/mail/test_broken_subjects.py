"""Subjects whose encoded words (RFC 2047) are broken are read as far as they go, and never shown raw."""

from __future__ import annotations

import pytest

from tresen.kit.mime import parse_mail

SUBJECTS = [
    # Cut off by a gateway, at every place of the word.
    ("=?utf-8?B?UsO8Y2tmcmFnZSB6dXIgUmVjaG51bmc", "Rückfrage zur Rechnung"),
    ("=?utf-8?B?UsO8Y2tmcmFnZSB6dXIgUmVjaG51bm", "Rückfrage zur Rechnun"),
    ("=?utf-8?B?UsO8?= =?utf-8?B?Y2tmcmFnZQ==", "Rückfrage"),
    ("=?utf-8?B?UsO8Y2s?", "Rück"),
    ("=?utf-8?Q?R=C3=BCckfrage_zu=", "Rückfrage zu"),
    ("=?utf-8?Q?R=C3=BCck =?utf-8?Q?frage?= 7", "Rückfrage 7"),
    ("Re: =?utf-8?B?UsO8?= =?utf-8", "Re: Rü"),
    ("Re: =?iso-8859-1?Q", "Re:"),
    # A charset nobody knows, or none.
    ("=?x-made-up?Q?R=C3=BCckfrage?=", "Rückfrage"),
    ("=?x-made-up?B?UvxjaGUg/GJlciA=?=", "Rüche über"),
    ("=??Q?Zweite_Mahnung?=", "Zweite Mahnung"),
    # A letter cut in two: joined where its other half follows, else told as lost.
    ("=?utf-8?Q?R=C3?= =?utf-8?Q?=BCck?=", "Rück"),
    ("=?utf-8?Q?R=C3?= =?UTF8?B?vGNr?=", "Rück"),
    ("=?utf-8?Q?Stra=C3?=", "Stra\ufffd"),
    ("=?utf-8?Q?=BC=C3=A4nde?=", "\ufffdände"),
    ("=?utf-8?B?8J+Y?=", "\ufffd"),
    # A label that is wrong: the letter is whole in an older charset.
    ("=?utf-8?Q?Caf=E9?=", "Café"),
    # Question marks and blanks that should have been encoded.
    ("=?utf-8?Q?Wie_geht=C2=B4s? gut?=", "Wie geht´s? gut"),
    # What would turn the letters behind it round is seen; Hebrew and Arabic need no force for it.
    ("=?utf-8?Q?=E2=80=AEfdp.exe?= and so on", "\ufffdfdp.exe and so on"),
    ("=?utf-8?B?16nXnNeV150=?=", "שלום"),
    # What only looks like a word stays.
    ("Frage =? Antwort ?= egal", "Frage =? Antwort ?= egal"),
    ("1 =? 2", "1 =? 2"),
]


@pytest.mark.parametrize(("sent", "read"), SUBJECTS)
def test_a_broken_subject_is_read_as_far_as_it_goes(sent: str, read: str) -> None:
    mail = parse_mail(f"From: a@b.example\nSubject: {sent}\n\nHallo\n".encode())
    assert mail.subject == read
    assert mail.text.strip() == "Hallo"


@pytest.mark.parametrize("start", ["=?utf-8?B?", "=?utf-8?Q?", "=?x-made-up?q?"])
def test_a_subject_may_end_anywhere(start: str) -> None:
    whole = f"{start}UsO8Y2s=C3=BC?= {start}=F0=9F=98=80?="
    for length in range(1, len(whole)):
        subject = parse_mail(f"Subject: Re: {whole[:length]}\n\nx\n".encode()).subject
        assert subject.startswith("Re:")
        assert "?B?" not in subject.upper() and "?Q?" not in subject.upper()
