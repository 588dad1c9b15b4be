"""S41: what looks like a template in the words of others stays what it is; our own small language knows listed names
alone (P5)."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from tests.cast import TEST, json, make_cast
from tests.desk.conftest import HTMX, tree, words
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import Outbox
from tresen.core.people.services import create_contact
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_reply, update_ticket
from tresen.service.procedures.services import create_procedure
from tresen.service.procedures.steps import Step, Way
from tresen.service.rules.models import RuleRun
from tresen.service.rules.services import create_rule
from tresen.service.texts.filling import NAMES, WrongText, text_on
from tresen.service.texts.models import SavedReply
from tresen.service.texts.services import create_macro, create_saved_reply

pytestmark = pytest.mark.django_db
TRICKS = (
    "{{7*7}}", "{{ticket.__class__.__mro__}}", "{{settings.SECRET_KEY}}", "{{agent.user.password}}", "{% debug %}",
    "${7*7}", "#{7*7}", "{{ticket.brand.pk}}", "{{agent.signature}}", "%(name)s",
    "{0.__class__}",
)  # fmt: skip


def test_s41_what_a_customer_wrote_is_shown_and_put_in_as_it_stands() -> None:
    cast = make_cast()
    anna, trick = cast.browser(cast.anna), " ".join(TRICKS)
    asker = create_contact(name="{{ticket.number}} {{7*7}}", mails=["trick@faehrholm.example"], by=TEST)
    ticket = cast.ticket(trick, trick, requester=asker)
    page = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#ticket"))
    assert page.count(trick) >= 2 and "49" not in words(tree(anna.get("/desk/views/all/")).css_first(".rows .subject"))
    kept = create_saved_reply(set={"name": "x", "texts": {"en": "Dear {{contact.name}}: {{ticket.subject}}"}}, by=TEST)
    told = json(anna.get(f"/desk/tickets/{ticket.number}/texts/replies/{kept.pk}/", headers=HTMX), 200)
    assert told["text"] == f"Dear {{{{ticket.number}}}} {{{{7*7}}}}: {trick}"


@pytest.mark.parametrize("trick", [t for t in TRICKS if t.startswith("{{")])
def test_s41_a_kept_text_knows_listed_names_alone(trick: str) -> None:
    cast = make_cast()
    ticket, name = cast.ticket(), trick.strip("{}")
    try:
        kept = create_saved_reply(set={"name": "x", "texts": {"en": f"Hello {trick}"}}, by=TEST)
    except WrongText:  # a name, but none of ours
        with pytest.raises(WrongText):
            create_macro(set={"name": "x", "texts": {"en": f"Hello {trick}"}}, by=TEST)
        sent = {"name": "x", "whose": "", "text_en": f"Hello {trick}", "text_de": "", "text_pl": ""}
        assert cast.browser(cast.ada).post("/settings/saved-replies/new/", sent).status_code == 422
        assert not SavedReply.objects.exists()
    else:  # no name at all: words
        assert text_on(kept, ticket, cast.anna)[0] == f"Hello {trick}"
    assert name not in NAMES


def test_s41_a_guide_is_asked_and_answered_as_it_stands() -> None:
    cast = make_cast()
    anna, guest, trick = cast.browser(cast.anna), Client(), " ".join((*TRICKS, "<b>bold</b>"))
    topic = create_category(names={"en": "Topic"}, by=TEST)
    asked = Step(ask=trick[:300], hint=trick, ways=[Way(label=f"{trick[:60]}", go="handed")])
    guide = create_procedure(name=trick[:80], category=topic, steps=[asked], for_customers=True, by=TEST)
    begun = tree(guest.get(f"/guides/{guide.pk}/"))
    end = tree(guest.get(str(begun.css_first(".guide-ways a").attributes["href"])))
    ask = tree(guest.get(str(end.css_first(".stand a").attributes["href"])))
    for page in (begun, end, ask):
        assert trick[:60] in words(page.body) and "<b>bold" not in page.html
    assert trick[:300] in words(begun.css_first("#asked")) and not begun.css(".guide b")
    ticket = cast.ticket(set={"category": topic})
    anna.post(f"/desk/tickets/{ticket.number}/procedure/", {"act": "begin"})
    anna.post(f"/desk/tickets/{ticket.number}/procedure/", {"step": "0", "way": "0"})
    shown = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#procedure")
    assert trick[:300] in words(shown) and not shown.css("b")


def test_s41_rules_write_it_as_it_stands_in_notes_children_and_mail_that_leaves() -> None:
    cast, trick = make_cast(), " ".join(TRICKS)
    kept = create_saved_reply(set={"name": "x", "texts": {"en": "Dear {{contact.name}}: {{ticket.subject}}"}}, by=TEST)
    actions = [
        {"do": "note", "text": trick}, {"do": "reply", "text": str(kept.pk)},
        {"do": "child", "subject": trick, "team": str(cast.netz.pk), "text": trick},
    ]  # fmt: skip
    values = {"name": trick[:80], "triggers": ["created"], "condition": "tag:none vpn", "actions": actions}
    made = create_rule(set={**values, "is_active": True}, by=TEST)
    asker = create_contact(name="{{ticket.number}} {{7*7}}", mails=["trick@faehrholm.example"], by=TEST)
    ticket = cast.ticket(f"VPN {trick}", trick, requester=asker)
    made.refresh_from_db()
    assert made.is_active and RuleRun.objects.get(ticket=ticket).did == ["note", "reply", "child"]
    child = Ticket.objects.get(subject=" ".join(trick.split()))
    assert ticket.messages.get(kind="note").text == trick == child.messages.get().text
    anna = cast.browser(cast.anna)
    for one in (ticket, child):
        page = words(tree(anna.get(f"/desk/tickets/{one.number}/")).css_first("#ticket"))
        assert page.count(trick) >= 2, one
    mail = compose(Outbox.objects.get())
    parts = [part for part in mail.walk() if part.get_content_maintype() == "text"]
    said = [part.get_content() for part in parts]
    assert len(said) == 2 and all(f"Dear {{{{ticket.number}}}} {{{{7*7}}}}: VPN {trick}" in _plain(one) for one in said)
    # What an agent puts in leaves as it stands, too.
    put = json(anna.get(f"/desk/tickets/{ticket.number}/texts/replies/{kept.pk}/", headers=HTMX), 200)["text"]
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content(put))
    sent = compose(Outbox.objects.latest("pk"))
    body = sent.get_body(("plain",))
    assert body is not None and trick in _plain(body.get_content()) and "{{7*7}}" in str(sent["To"])


def _plain(text: str) -> str:
    """A part of a mail without its marks and broken lines."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def test_s41_a_field_of_the_desks_own_is_shown_and_set_as_it_stands() -> None:
    cast = make_cast()
    anna, trick = cast.browser(cast.anna), " ".join(TRICKS)
    create_field(names={"en": "{{7*7}} Rack", "de": "{% debug %}"}, kind="text", for_customers=True, by=TEST)
    kept = create_macro(set={"name": "x", "changes": {"fields.rack": trick}, "texts": {"en": "Hi."}}, by=TEST)
    ticket = cast.ticket()
    told = json(anna.get(f"/desk/tickets/{ticket.number}/texts/macros/{kept.pk}/", headers=HTMX), 200)
    assert f"{{{{7*7}}}} Rack → {trick[:100]}" in told["said"]
    action = {"do": "own_field", "field": "rack", "value": trick}
    create_rule(set={"name": "x", "triggers": ["changed"], "actions": [action], "is_active": True}, by=TEST)
    update_ticket(ticket, by=TEST, set={"priority": 4})
    anna.post("/desk/views/all/edit/", {"sort": "f-rack", "grouping": "", "columns": ["f-rack"]})
    link = f"/t/{mint_link(ticket, ticket.requester, by_mail=True)}/"
    for path in (f"/desk/tickets/{ticket.number}/", "/desk/views/all/", link, "/settings/fields/"):
        page = words(tree((cast.browser(cast.ada) if "settings" in path else anna).get(path)).body)
        assert "{{7*7}} Rack" in page, path
        assert "49 Rack" not in page and trick.replace("{{7*7}}", "49")[:6] not in page, path
        assert trick in page or path == "/settings/fields/", path
