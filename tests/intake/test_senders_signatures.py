"""A mailbox may look for the sender’s own signature (DKIM): only one that holds, of the right domain, is a proof."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import answered
from tresen.channels.mail import authenticity, dkim_check, dkim_dns
from tresen.channels.mail.models import Mailbox

pytestmark = pytest.mark.django_db
KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = "v=DKIM1; k=rsa; p=" + "".join(
    KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
    .split("\n")[1:-2]
)


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> dict[str, str]:
    """What DNS answers; the mailbox asks it."""
    records = {"s._domainkey.desk.example": PUBLIC, "s._domainkey.evil.example": PUBLIC}

    def ask(names: Sequence[str]) -> dict[str, str]:
        return {name: records[name] for name in names if name in records}

    monkeypatch.setattr(dkim_dns, "ask_dns", ask)
    Mailbox.objects.update(checks_dkim=True)
    return records


def signed(raw: bytes, domain: str = "desk.example", **more: object) -> bytes:
    """The mail with a signature of that domain."""
    return bytes(dkim.sign(raw, b"s", domain.encode(), PEM, **more)) + raw


def anna(desk: Desk) -> bytes:
    """An answer of Anna's to our mail on a ticket."""
    _, ours = answered(desk)
    return mail("I know why.", sender="anna@desk.example", in_reply_to=ours.header_id)


def test_a_signature_of_the_senders_domain_proves_her(desk: Desk, zone: dict[str, str]) -> None:
    row = desk.receive(signed(anna(desk)), sender="anna@desk.example")
    assert row.outcome == "reply" and row.message and row.message.kind == "note"


@pytest.mark.parametrize("fault", ["other domain", "changed", "part", "no key", "test mode", "off", "none"])
def test_anything_less_proves_nothing(desk: Desk, zone: dict[str, str], fault: str) -> None:
    plain = anna(desk)
    raw = signed(plain, "evil.example") if fault == "other domain" else signed(plain)
    if fault == "changed":
        raw = raw.replace(b"I know why.", b"I know how.")
    elif fault == "part":
        raw = signed(plain, length=True) + b"And more.\r\n"
    elif fault == "no key":
        zone.clear()
    elif fault == "test mode":
        zone["s._domainkey.desk.example"] += "; t=y"
    elif fault == "off":
        Mailbox.objects.update(checks_dkim=False)
    elif fault == "none":
        raw = plain
    assert desk.receive(raw, sender="anna@desk.example").outcome == "held"


def _as_anna(desk: Desk) -> bytes:
    """A mail that a colleague of the same domain has written and signed."""
    _, ours = answered(desk)
    return signed(mail("It is me.", sender="intern@desk.example", in_reply_to=ours.header_id))


FORGED_HEADS = {
    "blank before the colon": b"From : Anna <anna@desk.example>\r\n%sFrom a\r\nFrom b\r\nFrom c\r\nFrom d\r\n",
    "colon on the next line": b"From \r\n : anna@desk.example\r\n%sFrom a\r\nFrom b\r\nFrom c\r\nFrom d\r\n",
    "a boundary": b"From : anna@desk.example\r\n%s--" + b"x" * 120 + b": y\r\n",
    "two From lines": b"From: anna@desk.example\r\n%s",
}


@pytest.mark.parametrize("form", FORGED_HEADS)
def test_a_colleagues_signature_below_a_broken_head_is_nobodys(desk: Desk, zone: dict[str, str], form: str) -> None:
    theirs = _as_anna(desk)
    signature = bytes(theirs[: theirs.index(b"From:")])
    reference = theirs[theirs.index(b"In-Reply-To:") :].split(b"\r\n")[0] + b"\r\n"
    raw = b"X-A: b\r\n" + FORGED_HEADS[form].replace(b"%s", signature + reference) + theirs
    assert dkim_check.signers_proven(raw, sender="anna@desk.example", records=zone) == []
    row = desk.receive(raw, sender="x@evil.example")
    assert row.sender != "anna@desk.example" and row.outcome in ("held", "new")


def test_a_broken_signature_on_top_hides_none_below_it(desk: Desk, zone: dict[str, str]) -> None:
    raw = b"DKIM-Signature: broken\r\n" + signed(anna(desk))
    assert desk.receive(raw, sender="anna@desk.example").outcome == "reply"


@pytest.mark.parametrize(("said", "verdict"), [
    ("header.from=desk.example", "pass"), ("header.from=Desk.Example.", "pass"), ("", "pass"),
    ("header.from=anna@desk.example", "pass"), ("header.from=evil.example", "unknown"),
    ("header.from=desk.example.evil.example", "unknown"), ("header.from=example", "unknown"),
    ('header.from="evil.example"', "unknown"), ("header.from=desk.example header.from=evil.example", "unknown"),
])  # fmt: skip
def test_dmarc_that_passed_for_another_domain_proves_nothing(said: str, verdict: str) -> None:
    stated = [("Authentication-Results", f"mx; dmarc=pass {said}")]
    assert authenticity.verdict(stated, authserv_id="mx", sender="anna@desk.example") == verdict


def test_a_silent_dns_is_given_up_and_stops_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import dns.exception
    import dns.resolver

    asked: list[float] = []

    def silent(name: str, kind: str, *, lifetime: float, search: bool) -> None:
        asked.append(lifetime)
        raise dns.exception.Timeout

    monkeypatch.setattr(dns.resolver, "resolve", silent)
    Mailbox.objects.update(checks_dkim=True)
    assert desk.receive(signed(anna(desk)), sender="anna@desk.example").outcome == "held"
    assert asked and all(seconds <= dkim_dns.DNS_SECONDS for seconds in asked)


@pytest.fixture
def slow_dns(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """No server answers, on a clock of its own: what was asked, and for how many seconds."""
    import dns.exception
    import dns.resolver

    asked: list[tuple[str, float]] = []

    def silent(name: str, kind: str, *, lifetime: float, search: bool) -> None:
        asked.append((name, lifetime))
        raise dns.exception.Timeout

    monkeypatch.setattr(dns.resolver, "resolve", silent)
    monkeypatch.setattr(dkim_dns, "time", SimpleNamespace(monotonic=lambda: sum(s for _, s in asked)))
    return asked


def test_a_domain_that_was_silent_is_not_asked_again_by_the_next_mail(slow_dns: list[tuple[str, float]]) -> None:
    for selector in "abc":
        dkim_dns.ask_dns([f"{selector}._domainkey.silent.example"])
    assert [name for name, _ in slow_dns] == ["a._domainkey.silent.example"]
    dkim_dns.ask_dns(["a._domainkey.other.example"])
    assert slow_dns[-1][0] == "a._domainkey.other.example"


def test_many_silent_domains_cost_ten_seconds_a_minute_in_all(slow_dns: list[tuple[str, float]]) -> None:
    for number in range(40):
        assert dkim_dns.ask_dns([f"s._domainkey.d{number}.example"]) == {}
    assert sum(seconds for _, seconds in slow_dns) == pytest.approx(10)


@pytest.mark.parametrize(("signer", "domain", "aligned"), [
    ("desk.example", "desk.example", True), ("desk.example", "mail.desk.example", True),
    ("example", "desk.example", False), ("notdesk.example", "desk.example", False), ("", "desk.example", False),
    ("mail.desk.example", "desk.example", False),
])  # fmt: skip
def test_only_the_domain_itself_or_one_above_it_counts(signer: str, domain: str, aligned: bool) -> None:
    assert dkim_check.is_aligned(signer, domain) is aligned


@pytest.mark.parametrize("value", ["", ";;;=", "v=1; d=desk.example; s=../x", "d=desk.example; s=" + "a" * 5000, "\0"])
def test_hostile_signatures_are_no_names(value: str) -> None:
    assert dkim_check.keys_to_ask([("DKIM-Signature", value)], domain="desk.example") == []
