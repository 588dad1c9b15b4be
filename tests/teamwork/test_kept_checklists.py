"""Checklists that are kept: written in the settings, put on tickets as steps of their own."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.teamwork.models import ChecklistItem, ChecklistTemplate
from tresen.core.teamwork.templates import change_template, create_template
from tresen.spine.events.models import Event


def steps(ticket: Any) -> list[str]:
    return list(ticket.checklist.values_list("text", flat=True))


def test_one_is_written_changed_and_put_out_of_use_in_the_settings(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    refused = ada.post("/settings/checklists/new/", {"name": "Moving", "steps": " \n\n", "is_active": "on"})
    assert refused.status_code == 422 and value(tree(refused), "[name=name]") == "Moving"
    ada.post("/settings/checklists/new/", {"name": "Moving", "steps": "Pack\n\n Carry  it \n", "is_active": "on"})
    kept = ChecklistTemplate.objects.get()
    assert kept.steps == ["Pack", "Carry it"]
    page = tree(ada.get(f"/settings/checklists/{kept.pk}/"))
    assert page.css_first("[name=steps]").text().strip() == "Pack\nCarry it"
    mark = value(page, "[name=mark]")
    change_template(kept, set={"name": "Moves"}, by=TEST)
    late = {"name": "Removal", "steps": "Pack", "mark": mark}
    conflict = ada.post(f"/settings/checklists/{kept.pk}/", late)
    assert conflict.status_code == 409 and ChecklistTemplate.objects.get().name == "Moves"
    ada.post(f"/settings/checklists/{kept.pk}/", {**late, "mark": value(tree(conflict), "[name=mark]")})
    kept.refresh_from_db()
    assert (kept.name, kept.steps, kept.is_active) == ("Removal", ["Pack"], False)
    assert Event.objects.filter(kind__startswith="checklist_template.").count() == 3


def test_its_steps_are_put_on_a_ticket_and_go_their_own_way(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    kept = create_template(name="Moving", steps=["Pack", "Carry @anna"], by=TEST)
    url = f"/desk/tickets/{ticket.number}/checklist/"
    assert "Moving" in words(tree(anna.get(url, headers=HTMX)).css_first(".kept-checklists"))
    assert tree(anna.get(url)).css_first("h1") is not None
    anna.post(url, {"template": str(kept.pk)}, headers=HTMX)
    change_template(kept, set={"steps": ["Other"]}, by=TEST)
    assert steps(ticket) == ["Pack", "Carry @anna"]
    assert ChecklistItem.objects.get(text="Carry @anna").assignee == cast.anna
    assert Event.objects.filter(kind="checklist.changed").count() == 1


def test_one_out_of_use_and_one_that_is_none_put_nothing_on_a_ticket(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    kept = create_template(name="Moving", steps=["Pack"], by=TEST)
    change_template(kept, set={"is_active": False}, by=TEST)
    url = f"/desk/tickets/{ticket.number}/checklist/"
    for key in (str(kept.pk), "999", "x", ""):
        anna.post(url, {"template": key}, headers=HTMX)
    assert steps(ticket) == [] and not tree(anna.get(url, headers=HTMX)).css(".kept-checklists button")
    assert cast.browser(cast.piotr).post(url, {"template": str(kept.pk)}).status_code == 404
