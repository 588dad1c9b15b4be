"""S3: mail from outside that pretends to belong to a ticket becomes a new ticket or is held, never speech of an agent,
never sent on to a customer; a participant's true reply joins (P2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, MAILBOX, RunningDesk, mail
from tests.outside import Sink, wait_for
from tests.safety.forged_threading import PLACES, forged_addresses, forged_ids, threaded
from tests.safety.mail_desk import all_tickets, link_in, send_all
from tests.visitor import Visitor

pytestmark = pytest.mark.once

CAROL, EVE = "carol@shop.example", "eve@evil.example"
FIRST = "<carol-first@shop.example>"
SERVER = "mx.desk.example"
LIE = "You have won. Transfer the money to FORGED."
# Carol's address may open 20 tickets an hour; beyond that her mail is set aside, and nothing would be shown.
MOST_OF_ONE = 12
_numbers = count(1)


def _proof(result: str, domain: str) -> str:
    """What our own mail server writes on top of a mail about its From line."""
    return f"{SERVER}; dmarc={result} header.from={domain}"


PASS, FAIL = _proof("pass", "shop.example"), _proof("fail (p=reject dis=none)", "shop.example")
EVES = _proof("pass", "evil.example")


@dataclass
class Attack:
    """One ticket that is attacked, with everything we ever sent about it, and what the attacker has of her own."""

    desk: RunningDesk
    outside: Sink
    number: str
    ids: list[str]
    addresses: list[str]
    own_id: str
    own_address: str
    link: str
    agent: Visitor

    def forgeries(self) -> Iterator[tuple[str, dict[str, str], str]]:
        """Name, headers and recipient of every mail that must not join."""
        places = 0
        for an_id in self.ids:
            for name, forged in forged_ids(an_id, self.own_id, number=self.number):
                places += 1
                yield f"{name} of {an_id}", threaded(PLACES[places % len(PLACES)], forged), MAILBOX
        for address in self.addresses:
            for name, forged in forged_addresses(address, self.own_address, number=self.number, an_id=self.ids[0]):
                places += 1
                header = ("Delivered-To", "X-Original-To", "Envelope-To", "Cc")[places % 4]
                yield f"{name} of {address}, envelope", {}, forged
                yield f"{name} of {address}, {header}", {header: forged}, MAILBOX
        shown = f"{self.number[:-1]}-{self.number[-1]}"
        for subject in (f"[#{self.number}]", f"Re: [#{self.number}]", f"[#{self.number.lower()}]", f"#{shown}", shown):
            yield f"the subject {subject}", {"Subject": f"{subject} forged"}, MAILBOX
        for place in PLACES:
            yield f"the customer's own Message-ID in {place}", threaded(place, FIRST), MAILBOX

    def send(self, way: tuple[str, dict[str, str], str], *, sender: str, proof: str, from_: str = "") -> str:
        """Sends one mail; the mark that its text carries."""
        name, headers, recipient = way
        mark = f"FORGED-{next(_numbers)}-END"
        named = {key.lower().replace("-", "_"): value for key, value in headers.items() if key != "Subject"}
        raw = mail(
            f"{LIE} {mark}", subject=f"{headers.get('Subject', 'forged')} {mark}", sender=from_ or sender,
            message_id=f"<{mark}@evil.example>", x_way=name.encode("ascii", "replace").decode(), **named,
        )  # fmt: skip
        raw = f"Authentication-Results: {proof}\r\n".encode() + raw
        send_all(self.desk, [(sender, recipient, raw)])
        return mark

    def messages(self) -> list[dict[str, Any]]:
        """The messages of the attacked ticket."""
        return self.desk.messages(self.number)

    def where(self, marks: dict[str, str]) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        """Once all have been filed: which mark stands on which other ticket, and which on the attacked one."""
        elsewhere: dict[str, str] = {}
        here: dict[str, dict[str, Any]] = {}

        def all_filed() -> bool:
            here.update({m: one for one in self.messages() for m in marks if m in one["body_text"]})
            elsewhere.update({m: t["number"] for t in all_tickets(self.desk) for m in marks if m in t["subject"]})
            return len(elsewhere) + len(here) >= len(marks)

        wait_for(all_filed, seconds=90, what="all forged mail to be filed")
        return elsewhere, here


@pytest.fixture(scope="module")
def attack(mail_desk: RunningDesk, outside: Sink) -> Iterator[Attack]:
    visitor = mail_desk.signed_in()
    _set_mailbox(visitor, authserv_id=SERVER)
    first = mail("My VPN is down.", subject="VPN", message_id=FIRST, authentication_results=PASS)
    mail_desk.send(first, sender=CAROL)
    number = mail_desk.wait_ticket("VPN")["number"]
    mine = mail("Hello.", subject="mine", sender=EVE, message_id="<e@evil.example>", authentication_results=EVES)
    mail_desk.send(mine, sender=EVE)
    acknowledged, own = outside.wait(CAROL)[0].mail, outside.wait(EVE)[0].mail
    # From here on nobody is acknowledged: whatever leaves for carol now leaves because of a forged mail.
    _set_mailbox(visitor, acknowledges=[])
    status, answer = mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "Try again."})
    assert status == 201, answer
    reply = outside.wait(CAROL, count=2)[1].mail
    yield Attack(
        mail_desk, outside, number, [acknowledged["Message-ID"], reply["Message-ID"]],
        [m["Reply-To"].addresses[0].addr_spec for m in (acknowledged, reply)],
        own["Message-ID"], own["Reply-To"].addresses[0].addr_spec, link_in(outside.to(CAROL)[0]), visitor,
    )  # fmt: skip


def _set_mailbox(visitor: Visitor, **fields: Any) -> None:
    visitor.get("/settings/mailboxes/")
    assert visitor.page
    visitor.get(visitor.page.link(MAILBOX))
    page = visitor.fill("form.s-form", **fields)
    assert page.status == 200 and MAILBOX in page.html, page.text[:500]


@pytest.fixture(autouse=True)
def _nothing_leaves(attack: Attack) -> Iterator[None]:
    """After every attack: nobody has been sent anything, no agent has spoken, the customer sees nothing of it."""
    sent = len(attack.outside.mails)
    spoken = [(m["id"], m["kind"]) for m in attack.messages() if m["kind"] != "received"]
    yield
    assert [m.text for m in attack.outside.mails[sent:]] == []
    assert [(m["id"], m["kind"]) for m in attack.messages() if m["kind"] != "received"] == spoken
    page = Visitor(attack.desk.instance.url).get(attack.link)
    assert page.status == 200 and "Try again." in page.text and "FORGED" not in page.html


def test_s03_no_forged_id_or_address_joins(attack: Attack, full_size: bool) -> None:
    ways = list(attack.forgeries())
    if not full_size:
        # Every form once: those of the acknowledgement and of the reply in turn.
        ways = ways[::2] + ways[-10:]
    marks = {attack.send(way, sender=f"eve{n}@evil.example", proof=EVES): way[0] for n, way in enumerate(ways)}
    elsewhere, here = attack.where(marks)
    assert {marks[mark] for mark in here} == set()
    assert len(set(elsewhere.values())) == len(marks), "each is a ticket of its own"


def test_s03_a_true_id_or_address_in_a_strangers_hands_is_held(attack: Attack) -> None:
    ways = [(f"the true {i}", threaded(place, i), MAILBOX) for i in attack.ids for place in PLACES]
    ways += [(f"the true {i} in capitals", threaded("References", i.upper()), MAILBOX) for i in attack.ids]
    ways += [(f"the true {address}", {}, address) for address in attack.addresses]
    ways += [(f"the true {address} in Cc", {"Cc": address}, MAILBOX) for address in attack.addresses]
    marks = {attack.send(way, sender=f"mallory{n}@evil.example", proof=EVES): way[0] for n, way in enumerate(ways)}
    elsewhere, here = attack.where(marks)
    assert {marks[mark] for mark in elsewhere} == set()
    for mark, message in here.items():
        assert (message["held"], message["kind"]) == (True, "received"), marks[mark]
    _is_untouched(attack)


def test_s03_a_forged_customer_is_a_stranger(attack: Attack) -> None:
    """From = carol, but her domain's policy says that the mail is forged; the second verdict is the forger's own."""
    lies = f"{FAIL}\r\nAuthentication-Results: {PASS}"
    strong = [("true id", threaded("References", attack.ids[1]), MAILBOX), ("true address", {}, attack.addresses[1])]
    weak = [
        ("own id", threaded("In-Reply-To", FIRST), MAILBOX),
        ("subject", {"Subject": f"Re: VPN [#{attack.number}]"}, MAILBOX),
    ]
    forged = list(islice(attack.forgeries(), 0, None, 9))[: MOST_OF_ONE - len(weak)]
    marks = {
        attack.send(way, sender=CAROL, from_=f"Carol Brandt <{CAROL}>", proof=lies): way[0]
        for way in [*strong, *weak, *forged]
    }
    _, here = attack.where(marks)
    assert {marks[mark] for mark in here} == {"true id", "true address"}
    assert all(message["held"] for message in here.values())
    _is_untouched(attack)


@pytest.mark.parametrize("proof", ["nobody.example; dmarc=pass", f"{SERVER}; dmarc=fail (p=reject)"])
def test_s03_a_forged_agent_does_not_speak(attack: Attack, proof: str) -> None:
    """From = an agent with a true token: without a passing proof it waits for a person."""
    ways = [("true id", threaded("References", attack.ids[1]), MAILBOX), ("true address", {}, attack.addresses[1])]
    marks = {attack.send(way, sender=ADMIN, from_=f"Ada Admin <{ADMIN}>", proof=proof): way[0] for way in ways}
    elsewhere, here = attack.where(marks)
    assert elsewhere == {}
    assert all((message["held"], message["kind"]) == (True, "received") for message in here.values())
    _is_untouched(attack)


def test_s03_a_forged_sign_of_our_own_mail_hides_nothing(attack: Attack) -> None:
    """Who writes our loop header himself is not taken for ourselves: his mail would be lost."""
    loops = ["x", "a.b", "\udcff", f"{'a' * 8}.{'a' * 26}", attack.own_id]
    marks = {}
    for n, loop in enumerate(loops):
        mark = f"FORGED-loop-{n}-END"
        sender = f"loop{n}@evil.example"
        raw = mail(f"{LIE} {mark}", subject=mark, sender=sender, message_id=f"<{mark}@evil.example>")
        header = f"X-Tresen-Loop: {loop}\r\n".encode("utf-8", "surrogateescape")
        send_all(attack.desk, [(sender, MAILBOX, header + raw)])
        marks[mark] = loop
    elsewhere, here = attack.where(marks)
    assert (set(elsewhere), here) == (set(marks), {})


def test_s03_what_stands_in_the_text_or_a_file_counts_for_nothing(attack: Attack) -> None:
    """True ids, addresses and numbers, but where anybody can write them."""
    marks = {}
    for n, known in enumerate([*attack.ids, *attack.addresses, f"[#{attack.number}]", FIRST]):
        for place in ("text", "file", "other header"):
            mark = f"FORGED-place-{n}-{place.replace(' ', '-')}-END"
            sender, facts = f"place{n}{place[0]}@evil.example", {"message_id": f"<{mark}@evil.example>"}
            if place == "other header":
                facts |= {"x_ticket": known, "thread_topic": known, "x_references": known, "keywords": known}
            told = f"{LIE} {mark}" + (f"\n> {known}\n{known}" if place == "text" else "")
            raw = mail(told, subject=mark, sender=sender, **facts)
            if place == "file":
                plain = b"Content-Type: text/plain; charset=utf-8\r\n"
                inner = f"In-Reply-To: {known}\r\nReferences: {known}\r\nTo: {known}\r\nSubject: {known}\r\n\r\nx\r\n"
                body = f"--b\r\n\r\n{told}\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{inner}--b--\r\n"
                head = raw.partition(plain)[0] + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                raw = head + body.encode()
            send_all(attack.desk, [(sender, MAILBOX, raw)])
            marks[mark] = f"{known} in the {place}"
    elsewhere, here = attack.where(marks)
    assert ({marks[mark] for mark in here}, len(elsewhere)) == (set(), len(marks))
    _is_untouched(attack)


def test_s03_control_a_participants_true_reply_joins(attack: Attack) -> None:
    """With only his own first Message-ID, with only the subject's number, and with what only we could sign."""
    before = len(attack.messages())
    texts = {
        "By my first id.": {"in_reply_to": FIRST},
        "By the number.": {"subject": f"Re: VPN [#{attack.number}]"},
        "By your id.": {"references": f"{FIRST} {attack.ids[1]}"},
        "By your address.": {"to": attack.addresses[1]},
    }
    for n, (text, how) in enumerate(texts.items()):
        facts = {"subject": "Re: VPN", **how, "message_id": f"<c{n}@shop.example>", "authentication_results": PASS}
        raw = mail(text, **facts)
        attack.desk.send(raw, sender=CAROL)
    wait_for(lambda: len(attack.messages()) >= before + len(texts), what="all replies")
    joined = {m["body_text"].strip(): m for m in attack.messages()[before:]}
    assert set(joined) == set(texts)
    assert not any(message["held"] for message in joined.values())
    assert attack.desk.api("GET", f"/tickets/{attack.number}")[1]["status_category"] == "open"


def _is_untouched(attack: Attack) -> None:
    """Held mail neither reopens the ticket nor moves the ball, and nobody has joined it."""
    ticket = attack.desk.api("GET", f"/tickets/{attack.number}")[1]
    assert (ticket["status_category"], ticket["requester"]["email"]) == ("open", CAROL)
    page = attack.agent.get(f"/desk/tickets/{attack.number}/")
    assert page.tree.css('input[name="to"][value*="shop.example"]'), "a reply goes to the customer"
    assert not page.tree.css('input[name="to"][value*="evil.example"]'), "a reply would go to the attacker"
