"""The catalogue at the desk: agents ask for somebody who called, tickets show what was asked, search lines find it."""

from __future__ import annotations

from tests.cast import TEST, Cast
from tests.catalog.conftest import equipment
from tests.desk.conftest import tree, value, words
from tresen.core.catalog.models import Request
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.service.rules.services import create_rule


def test_an_agent_takes_a_call_down_by_the_form_of_a_service(cast: Cast) -> None:
    service, anna = equipment(team=cast.netz, audience="agents"), cast.browser(cast.anna)
    page = tree(anna.get("/desk/new/"))
    assert page.css_first("details.from-catalogue a").attributes["href"] == "/desk/new/?service=a-new-device"
    page = tree(anna.get("/desk/new/?service=a-new-device"))
    assert value(page, "[name=form]") == "1"
    assert page.css_first("[name=subject]") is None and page.css_first("[name=a_papers]") is None
    typed = {
        "once": value(page, "[name=once]"), "service": service.slug, "type": service.type, "channel": "phone",
        "contact": str(cast.carol.pk), "a_device": "notebook", "a_count": "7", "text": "She called twice.",
    }  # fmt: skip
    wrong = anna.post("/desk/new/", typed)
    again = tree(wrong)
    assert wrong.status_code == 422 and "At most 5." in words(again.css_first("main"))
    assert "checked" in again.css_first("[name=a_device][value=notebook]").attributes
    assert again.css_first("[name=text]").text().strip() == "She called twice."
    made = anna.post("/desk/new/", {**typed, "a_size": "small", "a_count": "1"})
    ticket = Ticket.objects.get()
    assert made["Location"] == f"/desk/tickets/{ticket.number}/"
    assert (ticket.subject, ticket.team, ticket.channel) == ("A new device: Notebook", cast.netz, "phone")
    assert ticket.messages.get().text.endswith("She called twice.")
    beside = words(tree(anna.get(made["Location"])).css_first("#service-request"))
    assert "A new device" in beside and "Size Small" in beside


def test_search_lines_and_rules_know_the_service_that_was_asked_for(cast: Cast) -> None:
    service = equipment(team=cast.netz)
    raised = {"name": "Up", "triggers": ["created"], "condition": "service:a-new-device", "is_active": True,
              "actions": [{"do": "priority", "value": "4"}]}  # fmt: skip
    create_rule(set=raised, by=TEST)
    other = cast.ticket()
    anna = cast.browser(cast.anna)
    page = tree(anna.get("/desk/new/?service=a-new-device"))
    anna.post("/desk/new/", {
        "once": value(page, "[name=once]"), "service": service.slug, "type": service.type, "channel": "phone",
        "contact": str(cast.carol.pk), "a_device": "phone",
    })  # fmt: skip
    asked = Request.objects.get().ticket
    other.refresh_from_db()
    assert (asked.priority, other.priority) == (4, 2)
    found = words(tree(anna.get("/desk/search/?q=service:a-new-device")).css_first("main"))
    assert "A new device: Phone" in found and "VPN" not in found
    assert Request.objects.visible_to(Principal.of_agent(cast.anna)).get().ticket == asked
    assert not Request.objects.visible_to(Principal.of_agent(cast.piotr)).exists()
