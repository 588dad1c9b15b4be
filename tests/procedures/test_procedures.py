"""A guided diagnosis: written without code, followed on the ticket, kept with who and when, measured."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.people.teams import update_team
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Category, Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.levels.handing import hand_back
from tresen.service.procedures.comparing import compare
from tresen.service.procedures.figures import figures_of
from tresen.service.procedures.models import Answer, Procedure, ProcedureVersion, Run
from tresen.service.procedures.services import change_procedure, create_procedure, newest_version, with_success
from tresen.service.procedures.steps import MOST_STEPS, Step, Way, WrongSteps, checked, in_language


def step(ask: str, *ways: str) -> Step:
    """`"Yes>1"`: an answer and where it leads."""
    return Step(ask=ask, hint="", ways=[Way(label=way.split(">")[0], go=way.split(">")[1]) for way in ways])


STEPS = [
    step("Is the light on?", "Yes>1", "No>2"),
    step("Does the page load?", "Yes>solved", "No>handed"),
    step("Is the plug in?", "Yes>handed", "Now it is>solved"),
]


@pytest.fixture
def network(cast: Cast) -> Category:
    """A category with a procedure."""
    made = create_category(names={"en": "Network"}, by=TEST)
    create_procedure(name="No network", category=made, steps=STEPS, is_active=True, by=TEST)
    return made


def act(client: Client, ticket: Ticket, **data: Any) -> int:
    return client.post(f"/desk/tickets/{ticket.number}/procedure/", data).status_code


def shown(client: Client, ticket: Ticket) -> str:
    found = tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first("#procedure")
    return words(found) if found else ""


def test_it_is_followed_step_by_step_with_who_said_what(cast: Cast, network: Category) -> None:
    wifi = create_category(names={"en": "Wi-Fi"}, parent=network, by=TEST)
    ticket, anna, ada = cast.ticket(set={"category": wifi}), cast.browser(cast.anna), cast.browser(cast.ada)
    assert "Begin “No network”" in shown(anna, ticket), "that of the category above"
    assert act(anna, ticket, act="begin") == 302
    assert "Is the light on?" in shown(anna, ticket)
    act(anna, ticket, step=0, way=0)
    assert "Is the light on? Yes Anna Kowalczyk" in shown(anna, ticket) and "Does the page load?" in shown(anna, ticket)
    assert act(ada, ticket, step=0, way=1) == 409, "somebody has gone on meanwhile"
    act(ada, ticket, act="back")
    act(ada, ticket, step=0, way=1)
    act(ada, ticket, step=2, way=0)
    assert list(Answer.objects.values_list("question", "answer", "agent__user__name")) == [
        ("Is the light on?", "No", "Ada Berg"), ("Is the plug in?", "Yes", "Ada Berg"),
    ]  # fmt: skip
    page = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#timeline-tail"))
    assert "procedure ended, to be handed over: No network" in page
    assert "to be handed over with these answers" in shown(anna, ticket) and "Begin again" in shown(anna, ticket)


def test_a_ticket_is_offered_that_of_the_nearest_category_above_it(cast: Cast, network: Category) -> None:
    wifi = create_category(names={"en": "Wi-Fi"}, parent=network, by=TEST)
    guests = create_category(names={"en": "Guests"}, parent=wifi, by=TEST)
    voucher, anna = create_category(names={"en": "Voucher"}, parent=guests, by=TEST), cast.browser(cast.anna)
    other = create_category(names={"en": "Printers"}, by=TEST)
    ticket, beside = cast.ticket(set={"category": voucher}), cast.ticket(set={"category": other})
    assert "Begin “No network”" in shown(anna, ticket), "three levels above"
    create_procedure(name="No Wi-Fi", category=wifi, steps=STEPS, is_active=True, by=TEST)
    assert "Begin “No Wi-Fi”" in shown(anna, ticket)
    create_procedure(name="No voucher", category=voucher, steps=STEPS, is_active=True, by=TEST)
    assert "Begin “No voucher”" in shown(anna, ticket), "its own before all others"
    Procedure.objects.exclude(name="No network").update(is_active=False)
    assert act(anna, ticket, act="begin") == 302 and Run.objects.get().version.procedure.name == "No network"
    assert not shown(anna, beside)


def test_a_run_keeps_its_version_and_success_is_counted(cast: Cast, network: Category) -> None:
    anna, procedure = cast.browser(cast.anna), Procedure.objects.get()
    first, second, third = (cast.ticket(set={"category": network}) for _ in range(3))
    for ticket in (first, second, third):
        act(anna, ticket, act="begin")
    change_procedure(procedure, set={"steps": [step("Anything?", "No>solved")]}, by=TEST)
    assert "Is the light on?" in shown(anna, first), "what is under way goes on with its steps"
    for ticket in (first, second):
        act(anna, ticket, step=0, way=1)
        act(anna, ticket, step=2, way=1)
    act(anna, third, act="stop")
    act(anna, third, act="begin")
    assert "Anything?" in shown(anna, third)
    update_ticket(first, by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})
    row = with_success(Procedure.objects.all()).get()
    assert (row.begun, row.finished, row.solved) == (4, 2, 1)
    listed = words(tree(cast.browser(cast.ada).get("/settings/procedures/")).body)
    assert "No network Network 4 2 1" in listed


def test_each_version_has_its_own_figures_and_says_at_which_step_runs_end_unsolved(
    cast: Cast, network: Category
) -> None:
    anna, ada, procedure = cast.browser(cast.anna), cast.browser(cast.ada), Procedure.objects.get()
    for answers in ([(0, 0), (1, 1)], [(0, 0), (1, 0)], [(0, 0), (1, 1)], [(0, 0)]):
        ticket = cast.ticket(set={"category": network})
        act(anna, ticket, act="begin")
        for at, way in answers:
            act(anna, ticket, step=at, way=way)
    act(anna, ticket, act="stop")
    solved = Run.objects.get(outcome="solved").ticket
    update_ticket(solved, by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})
    change_procedure(procedure, set={"steps": [step("Anything?", "No>solved")]}, by=TEST)
    ticket = cast.ticket(set={"category": network})
    act(anna, ticket, act="begin")
    act(anna, ticket, step=0, way=0)
    newest, first = figures_of(procedure)
    assert (newest.begun, newest.unsure, newest.percent) == (1, 1, 0), "a solution, but its ticket is open"
    assert (first.begun, first.solved, first.handed, first.stopped, first.percent) == (4, 1, 2, 1, 25)
    assert [(one.reached, one.unsolved, one.percent) for one in first.steps] == [(4, 0, 0), (4, 3, 75), (0, 0, None)]
    assert first.steps[0].ways == [("Yes", 4), ("No", 0)]
    page = words(tree(ada.get(f"/settings/procedures/{procedure.pk}/")).body)
    assert "Version 1 " in page and "Most end unsolved at “Anything?”: 1 of 1." in page
    page = words(tree(ada.get(f"/settings/procedures/{procedure.pk}/versions/1/")).body)
    assert "2. Does the page load? Yes 1 · No 2 4 3 75 %" in page and "Begun 4 times: 1 solved" in page


def test_an_old_version_is_looked_at_compared_and_brought_back(cast: Cast, network: Category) -> None:
    ada, procedure = cast.browser(cast.ada), Procedure.objects.get()
    other = [step("Is the light on?", "Yes>2", "No>3"), step("Any cable?", "No>handed"), *(
        step("Does the page load?", "Yes>solved", "Never>handed"), step("Is the plug in?", "Yes>handed"))]  # fmt: skip
    other[0]["ways"][0]["go"] = "2"
    change_procedure(procedure, set={"steps": other}, by=TEST)
    assert compare(STEPS, STEPS) == [] and [(one.kind, one.old, one.new) for one in compare(STEPS, other)] == [
        ("new", None, 1), ("changed", 1, 2), ("changed", 2, 3),
    ], "what leads to the same question is the same, whatever its number"  # fmt: skip
    base = f"/settings/procedures/{procedure.pk}/versions/"
    assert "Version 2 counts now" in words(tree(ada.get(base)).body)
    page = tree(ada.get(f"{base}1/?with=2"))
    changes = words(page.css_first(".procedure-changes"))
    assert "Step 2 added Question Any cable?" in changes and "Step 3 changed Answers" in changes
    assert words(page.css_first(".procedure-changes del")).startswith("No")
    assert "Is the plug in?" in words(page.css_first(".procedure-says"))
    assert ada.post(f"{base}1/").status_code == 302
    assert list(procedure.versions.values_list("number", "by_name")) == [
        (3, "Ada Berg"),
        (2, TEST.name),
        (1, TEST.name),
    ]
    assert newest_version(procedure).steps == STEPS
    ada.post(f"{base}1/")
    assert procedure.versions.count() == 3, "it is that already"
    assert ada.get(f"{base}9/").status_code == 404 and cast.browser(cast.anna).get(f"{base}1/").status_code == 404


def test_what_was_answered_goes_along_when_the_ticket_is_handed_up_and_its_page_says_what_came_of_it(
    cast: Cast, network: Category
) -> None:
    update_team(cast.orders, set={"level": 2}, by=TEST)
    ticket, anna = cast.ticket(set={"category": network}), cast.browser(cast.anna)
    act(anna, ticket, act="begin")
    act(anna, ticket, step=0, way=1)
    act(anna, ticket, step=2, way=0)
    form = {"to": f"2:{cast.orders.pk}", "who": "", "tried": "Another cable.", "found": "", "needed": ""}
    assert anna.post(f"/desk/tickets/{ticket.number}/escalate/", form).status_code == 302
    note = ticket.messages.filter(kind="note").latest("pk").text
    assert note == "Tried: Another cable.\n\nNo network:\nIs the light on? No\nIs the plug in? Yes"
    hand_back(Ticket.objects.get(), by=TEST, agent=cast.piotr, answer="Try again.")
    again = {**form, "tried": "It again."}
    assert anna.post(f"/desk/tickets/{ticket.number}/escalate/", again).status_code == 302
    assert ticket.messages.filter(kind="note").latest("pk").text == "Tried: It again.", "they have the answers"
    page = words(tree(cast.browser(cast.ada).get(f"/settings/procedures/{Procedure.objects.get().pk}/")).body)
    assert "Begun Ended in a solution Ended in a hand-over Stopped on the way 1 0 1 0" in page


def test_nobody_answers_on_what_he_does_not_see_and_without_a_procedure_nothing_is_offered(
    cast: Cast, network: Category
) -> None:
    ticket, plain = cast.ticket(set={"category": network}), cast.ticket()
    assert act(cast.browser(cast.piotr), ticket, act="begin") == 404
    anna = cast.browser(cast.anna)
    assert not shown(anna, plain) and act(anna, plain, act="begin") == 404
    Procedure.objects.update(is_active=False)
    assert not shown(anna, ticket) and not Run.objects.exists()
    assert act(anna, ticket, step=0, way=0) == 409


@pytest.mark.parametrize(
    ("steps", "at", "why"),
    [
        ([], 0, "none"),
        ([step("", "Yes>solved")], 0, "ask"),
        ([step("Why?")], 0, "ways"),
        ([step("Why?", "So>0")], 0, "back"),
        ([step("Why?", "So>1"), step("Then?", "Back>0")], 1, "back"),
        ([step("Why?", "So>7")], 0, "back"),
        ([step("Why?", "So>nowhere")], 0, "back"),
    ],
)
def test_every_way_comes_to_an_end(steps: list[Step], at: int, why: str) -> None:
    with pytest.raises(WrongSteps) as fault:
        checked(steps)
    assert (fault.value.step, fault.value.why) == (at, why)


def test_it_is_written_on_a_page(cast: Cast) -> None:
    ada, category = cast.browser(cast.ada), create_category(names={"en": "Mail"}, by=TEST)
    form = {"name": "No mail", "category": str(category.pk), "is_active": "on", "ask-0": "Is it full?", "hint-0": "",
            "label-0-0": "Yes", "go-0-0": "1", "label-0-1": "No", "go-0-1": "handed"}  # fmt: skip
    more = words(tree(ada.post("/settings/procedures/new/", {**form, "more": "1"})).body)
    assert "Step 2" in more and not Procedure.objects.exists()
    wrong = ada.post("/settings/procedures/new/", form)
    assert wrong.status_code == 422 and "An answer leads to a later step" in words(tree(wrong).body)
    whole = {**form, "ask-1": "Empty \0the bin.", "hint-1": "With them.", "label-1-0": "Done", "go-1-0": "solved"}
    ada.post("/settings/procedures/new/", whole)
    procedure = Procedure.objects.get()
    assert [one["ask"] for one in procedure.versions.get().steps] == ["Is it full?", "Empty the bin."]
    assert not procedure.for_customers and "also" not in procedure.versions.get().steps[0]
    others = {"for_customers": "on", "name_de": "Keine Post", "ask-0-de": "Ist es voll?", "label-0-1-de": "Nein"}
    whole = {**whole, **others}
    page = tree(ada.get(f"/settings/procedures/{procedure.pk}/"))
    mark = page.css_first("[name=mark]").attributes["value"]
    assert "Version 1" in words(page.body)
    ada.post(f"/settings/procedures/{procedure.pk}/", {**whole, "mark": mark, "ask-0": "Is the mailbox full?"})
    procedure.refresh_from_db()
    assert procedure.for_customers and procedure.names == {"de": "Keine Post"}
    first = newest_version(procedure).steps[0]
    assert ProcedureVersion.objects.count() == 2 and first["also"] == {"de": {"ask": "Ist es voll?", "hint": ""}}
    assert [way.get("also") for way in first["ways"]] == [None, {"de": "Nein"}]
    page = tree(ada.get(f"/settings/procedures/{procedure.pk}/"))
    assert page.css_first("[name=label-0-1-de]").attributes["value"] == "Nein"
    german = in_language(newest_version(procedure).steps, "de")[0]
    assert (german["ask"], [way["label"] for way in german["ways"]]) == ("Ist es voll?", ["Yes", "Nein"])
    changes = ada.get(f"/settings/procedures/{procedure.pk}/versions/2/").content.decode()
    assert "Deutsch" in changes and "Ist es voll?" in changes
    Category.objects.update(is_active=False)
    page = tree(ada.get(f"/settings/procedures/{procedure.pk}/"))
    again = {**whole, "mark": page.css_first("[name=mark]").attributes["value"], "name": "No mail at all"}
    assert ada.post(f"/settings/procedures/{procedure.pk}/", again).status_code == 302, "its category may be at rest"
    assert ada.post(f"/settings/procedures/{procedure.pk}/", {**whole, "mark": mark}).status_code == 409
    assert ada.post("/settings/procedures/new/", {**whole, "name": "Other"}).status_code == 422, "one a category"
    assert cast.browser(cast.anna).get("/settings/procedures/").status_code == 404


def test_the_longest_procedure_is_saved_as_the_page_sends_it(cast: Cast) -> None:
    ada, category = cast.browser(cast.ada), create_category(names={"en": "Mail"}, by=TEST)
    steps = [step(f"Question {n}?", "Yes>solved", "No>handed") for n in range(MOST_STEPS)]
    made = create_procedure(name="No mail", category=category, steps=steps, by=TEST)
    form = tree(ada.get(f"/settings/procedures/{made.pk}/")).css_first("form.s-form")
    sent = {str(one.attributes["name"]): one.attributes.get("value") or "" for one in form.css("input, textarea")}
    chosen = [(one, one.css_first("[selected]") or one.css_first("option[value]")) for one in form.css("select")]
    sent |= {str(one.attributes["name"]): str(option.attributes["value"]) for one, option in chosen if option}
    assert not form.css("[name=more]") and f"ask-{MOST_STEPS}" not in sent, "nothing is offered that is not kept"
    answer = ada.post(f"/settings/procedures/{made.pk}/", {**sent, "ask-29": "The last one?"})
    assert answer.status_code == 302 and newest_version(made).steps[-1]["ask"] == "The last one?"


def test_what_comes_in_while_figures_are_read_is_no_fault(cast: Cast, network: Category) -> None:
    procedure, ticket = Procedure.objects.get(), cast.ticket(set={"category": network})
    now, read = clock.now(), []

    def meanwhile(execute: Any, *told: Any) -> Any:
        found = execute(*told)
        if not read:  # after the first look at the tables
            read.append(told)
            made = ProcedureVersion.objects.create(procedure=procedure, number=2, steps=STEPS, made_at=now)
            run = Run.objects.create(ticket=ticket, version=made, agent=cast.anna, step=1, begun_at=now)
            Answer.objects.create(run=run, step=0, question="Is the light on?", answer="Yes", agent=cast.anna, at=now)
        return found

    with connection.execute_wrapper(meanwhile):
        figures_of(procedure)
    assert read and figures_of(procedure)[0].begun == 1


def test_a_version_is_not_brought_back_over_one_that_was_made_meanwhile(cast: Cast, network: Category) -> None:
    ada, procedure = cast.browser(cast.ada), Procedure.objects.get()
    change_procedure(procedure, set={"steps": [step("Anything?", "No>solved")]}, by=TEST)
    path = f"/settings/procedures/{procedure.pk}/versions/1/"
    newest = tree(ada.get(path)).css_first("[name=newest]").attributes["value"]
    change_procedure(procedure, set={"steps": [step("Something?", "No>solved")]}, by=TEST)
    answer = ada.post(path, {"newest": newest})
    assert answer.status_code == 409 and procedure.versions.count() == 3
    assert "version 3 counts now" in words(tree(answer).css_first("[role=alert]"))
    again = tree(answer).css_first("[name=newest]").attributes["value"]
    assert ada.post(path, {"newest": again}).status_code == 302 and newest_version(procedure).steps == STEPS
