"""An address is the real addr-spec, or there is none; never another person's."""

from __future__ import annotations

import pytest

from tresen.channels.mail.addresses import normalise, sender_of
from tresen.kit.mime import parse_mail
from tresen.kit.mime.addresses import parse_addresses

LISTS: list[tuple[str, list[tuple[str, str]]]] = [
    ("a@b.example", [("", "a@b.example")]),
    ("Anna <a@b.example>", [("Anna", "a@b.example")]),
    ('"Müller, Jörg" <j@b.example>, b@c.example', [("Müller, Jörg", "j@b.example"), ("", "b@c.example")]),
    ("Müller, Jörg <j@b.example>", [("Müller, Jörg", "j@b.example")]),
    ("a@b.example (Anna)", [("Anna", "a@b.example")]),
    ("=?utf-8?q?J=C3=B6rg?= <j@b.example>", [("Jörg", "j@b.example")]),
    ('"=?utf-8?q?J=C3=B6rg?=" <j@b.example>', [("Jörg", "j@b.example")]),
    ("Team: a@b.example, B <b@b.example>;", [("", "a@b.example"), ("B", "b@b.example")]),
    ("undisclosed-recipients:;", []),
    ("a@b.example; b@b.example", [("", "a@b.example"), ("", "b@b.example")]),
    ("<@relay.example:a@b.example>", [("", "a@b.example")]),
    ("'Anna' <a@b.example>", [("Anna", "a@b.example")]),
    ('"Anna \\"AK\\" K." <a@b.example>', [('Anna "AK" K.', "a@b.example")]),
    ('"a b"@c.example', [("", '"a b"@c.example')]),
    ("a @ b . example", [("", "a@b.example")]),
    ("<mailto:a@b.example>", [("", "a@b.example")]),
    ("anna@münchen.example", [("", "anna@münchen.example")]),
    ("a@[192.0.2.1]", [("", "a@[192.0.2.1]")]),
    ("Anna", [("Anna", "")]),
    ("", []),
    ("undisclosed-recipients", []),
    ('"Undisclosed-Recipient:;"', []),
    ("(no To-header on input)", []),
    ("<>", []),
    ("a@b.example (Anna (of B)), c@d.example", [("Anna (of B)", "a@b.example"), ("", "c@d.example")]),
    ("Anna <a(her account)@b.example>", [("Anna", "a@b.example")]),
    ("Anna <<a@b.example>>", [("Anna", "a@b.example")]),
    ("Anna <a@b.example>.", [("Anna", "a@b.example")]),
    ("Anna [mailto:a@b.example]", [("Anna", "a@b.example")]),
    ('"Anna" a@b.example', [("Anna", "a@b.example")]),
    ('"a@b.example"', [("", "a@b.example")]),
    ('a@b.example <"a@b.example">', [("a@b.example", "a@b.example")]),
    ("Anna <a@b.example", [("Anna", "a@b.example")]),
    ("Anna @ Work <a@b.example>", [("Anna @ Work", "a@b.example")]),
    ("A: a@b.example, b@b.example; B: c@d.example;, e@f.example",
     [("", "a@b.example"), ("", "b@b.example"), ("", "c@d.example"), ("", "e@f.example")]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read"), LISTS)
def test_addresses_are_read_as_people_write_them(written: str, read: list[tuple[str, str]]) -> None:
    found = [(entry.name, entry.address) for entry in parse_addresses(written)]
    assert found == read


def test_a_forgotten_comma_is_mended_among_recipients_only() -> None:
    for written in ("a@b.example c@d.example", "A <a@b.example> C <c@d.example>", "<a@b.example><c@d.example>"):
        found = [entry.address for entry in parse_addresses(written, to_many=True)]
        assert found == ["a@b.example", "c@d.example"]
        assert [entry.address for entry in parse_addresses(written) if entry.address] == []


VICTIM = "chief@bank.example"
AMBIGUOUS = [
    f"{VICTIM})evil@x.example",
    f"{VICTIM},(<evil@x.example>)",
    f'"{VICTIM}" <evil@x.example>',
    f"{VICTIM} <evil@x.example>",
    f"<evil@x.example> {VICTIM}",
    f"<{VICTIM}> <evil@x.example>",
    f"evil@x.example@{VICTIM}",
    f"<evil@x.example\r\n {VICTIM}>",
    "=?utf-8?q?chief=40bank.example?= <evil@x.example>",
    "=?utf-8?q?=22=3Cchief=40bank.example=3E?= <evil@x.example>",
    "=?utf-8?q?chief=40bank.example?=",
    f'"<{VICTIM}>, " <evil@x.example>',
    f"({VICTIM}) evil@x.example",
    "chief@bank.example\u200b.evil.example",
    "chief@bank.example.",
    "chief@bаnk.example",
]


@pytest.mark.parametrize("written", AMBIGUOUS)
def test_a_forged_from_is_the_real_address_or_nobody(written: str) -> None:
    mail = parse_mail(f"From: {written}\n\nx".encode())
    found = sender_of(mail).address
    honest = {"chief@bank.example."} | {f"{VICTIM},(<evil@x.example>)"}
    if written in honest:
        assert found in (VICTIM, "")
    else:
        assert found != VICTIM


def test_two_from_headers_are_nobody_unless_sender_says_so() -> None:
    two = "From: a@b.example\nFrom: c@d.example\n"
    assert sender_of(parse_mail(f"{two}\nx".encode())).source == "none"
    assert sender_of(parse_mail(b"From: a@b.example, c@d.example\nSender: s@b.example\n\nx")).source == "sender"
    path = sender_of(parse_mail(f"Return-Path: <r@b.example>\n{two}\nx".encode()))
    assert (path.source, path.address) == ("return_path", "r@b.example")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Anna@Desk.Example", "anna@desk.example"),
        ("anna@MÜNCHEN.example", "anna@xn--mnchen-3ya.example"),
        ("\u212aarl@desk.example", "\u212aarl@desk.example"),
        ("anna@des\u212a.example", ""),
        ("anna@ｄesk.example", ""),
        ("anna", ""),
        ("@desk.example", ""),
        ("anna@desk..example", ""),
    ],
)
def test_addresses_are_compared_by_ascii_letters_only(written: str, same: str) -> None:
    assert normalise(written) == same
