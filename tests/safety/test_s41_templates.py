"""S41: what looks like a template in the words of others stays what it is; our own small language knows listed names
alone (P5)."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, json, make_cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.people.services import create_contact
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.links import mint_link
from tresen.core.tickets.services import update_ticket
from tresen.service.procedures.services import create_procedure
from tresen.service.procedures.steps import Step, Way
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
