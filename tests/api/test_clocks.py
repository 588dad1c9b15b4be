"""/tickets/{number}/clocks, /sla-policies, /calendars."""

from __future__ import annotations

from tests.cast import TEST, Cast, json
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.services import update_ticket
from tresen.service.sla.services import create_policy

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def test_the_clocks_of_a_ticket_say_when_they_ran_and_why_they_rested(cast: Cast) -> None:
    calendar = create_calendar(set={"name": "Always", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)
    values = {"name": "All", "calendar": calendar, "targets": {"resolution": {"2": 60}}, "is_active": True}
    policy = create_policy(set=values, by=TEST)
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    (running,) = json(anna.get(f"/tickets/{ticket.number}/clocks"), 200)["items"]
    assert (running["metric"], running["state"], running["policy"], running["minutes"]) == (
        "resolution", "running", "All", 60)  # fmt: skip
    update_ticket(ticket, by=TEST, set={"ball": "customer"})
    (resting,) = json(anna.get(f"/tickets/{ticket.number}/clocks"), 200)["items"]
    assert (resting["state"], resting["due_at"]) == ("paused", None) and 3590 <= resting["left_seconds"] <= 3600
    assert [(s["reason"], s["runs"]) for s in resting["segments"]] == [("us", True), ("customer", False)]
    assert anna.get("/tickets/T999999/clocks").status_code == 404
    assert cast.calls(cast.piotr).get(f"/tickets/{ticket.number}/clocks").status_code == 404

    (shown,) = json(anna.get("/calendars"), 200)["items"]
    assert (shown["name"], shown["weekly"]["sun"]) == ("Always", [["00:00", "24:00"]])
    assert anna.get("/sla-policies").status_code == 403
    (told,) = json(cast.calls(cast.ada).get("/sla-policies"), 200)["items"]
    assert (told["id"], told["targets"], told["calendar"]) == (policy.pk, {"resolution": {"2": 60}}, calendar.pk)
