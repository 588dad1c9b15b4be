"""Three stories of a night and a weekend: what climbs, who is called, what waits, and a hole that is told in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.core.attendance.services import add_absence, set_hours
from tresen.core.calendars.services import create_calendar
from tresen.core.people.models import Agent, Role, Team, User
from tresen.core.people.teams import update_team
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.levels.figures import figures_since
from tresen.service.notifications.models import Notification
from tresen.service.oncall.models import Alert, Rota
from tresen.service.oncall.services import add_layer, add_override, create_rota
from tresen.service.oncall.telling import holes_of, tell_holes
from tresen.service.routing.jobs import deal
from tresen.service.routing.settings import set_team
from tresen.service.sla.jobs import watch
from tresen.service.sla.models import Clock
from tresen.service.sla.services import create_policy
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WHOLE, OFFICE = [["00:00", "24:00"]], [["08:00", "17:00"]]
Wall = Callable[[str], datetime]


@pytest.fixture
def wall(time_machine: Any) -> Wall:
    """Sets the clock, in UTC."""

    def set_to(text: str) -> datetime:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        time_machine.move_to(at, tick=False)
        return at

    return set_to


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What leaves by mail: to whom, and the subject."""
    found: list[tuple[str, str]] = []

    def deliver(mail: Any, *, sender: str, recipients: list[str], mailbox: Any = None) -> None:
        found.append((recipients[0], str(mail["Subject"])))

    monkeypatch.setattr("tresen.channels.mail.account_mail.deliver", deliver)
    return found


@pytest.fixture
def cast(db: None, wall: Wall) -> Cast:
    """Netz is the first level, Orders the second, Core the third, on which mira and leo take turns."""
    wall("2026-03-01 00:00")
    made = make_cast()
    update_team(made.orders, set={"level": 2}, by=TEST)
    core = update_team(Team.objects.create(name="Core", slug="core"), set={"level": 3}, by=TEST)
    for name in ("Mira", "Leo"):
        user = User.objects.create(email=f"{name.lower()}@lindhafen.example", name=name, timezone="Europe/Berlin")
        Agent.objects.create(user=user, role_id=Role.AGENT).teams.add(core)
    return made


def agent(name: str) -> Agent:
    return Agent.objects.select_related("user").get(user__name=name)


@pytest.fixture
def nights(cast: Cast) -> Rota:
    """Round the clock for the third level: mira from Friday the 27th of February on, leo a week later; leo second."""
    rota = create_rota(set={"name": "Core nights", "level": 3, "ack_minutes": 10, "keeper": cast.ada}, by=TEST)
    mira, leo = agent("Mira").pk, agent("Leo").pk
    turns = {
        "starts_on": datetime(2026, 2, 27).date(),
        "hands_over_at": time(9),
        "days": 7,
        "timezone": "Europe/Berlin",
    }
    add_layer(rota, set={"rank": 1, "people": [mira, leo], **turns}, by=TEST)
    add_layer(rota, set={"rank": 2, "people": [leo, mira], **turns}, by=TEST)
    return rota


def let(wall: Wall, at: str) -> None:
    """Time passes until then, and what is due by then is done."""
    wall(at)
    watch()
    for _ in range(3):
        drain("default", "mail-out")


def test_a_vip_incident_on_a_sunday_night_climbs_is_acknowledged_solved_returned_and_counted(
    cast: Cast, nights: Rota, wall: Wall, sent: list[tuple[str, str]]
) -> None:
    Level.objects.filter(number__in=(1, 2)).update(climbs=True)
    always = create_calendar(set={"name": "24/7", "timezone": "UTC", "weekly": dict.fromkeys(DAYS, WHOLE)}, by=TEST)
    targets = {"level-1": {"3": 10}, "level-2": {"3": 20}, "resolution": {"3": 240}}
    create_policy(set={"name": "VIP", "calendar": always, "targets": targets, "is_active": True}, by=TEST)
    cast.carol.is_vip = True
    cast.carol.save()
    wall("2026-03-01 01:10")  # 02:10 in Berlin
    ticket = cast.ticket("All tills are down", assignee=cast.anna)
    assert ticket.priority == 3
    let(wall, "2026-03-01 01:21")
    assert Ticket.objects.get().level == 2
    let(wall, "2026-03-01 01:42")
    assert Ticket.objects.get().level == 3
    alert = Alert.objects.get()
    let(wall, "2026-03-01 01:42")
    assert [call.agent.user.name for call in alert.calls.all()] == ["Mira"]
    let(wall, "2026-03-01 01:53")
    assert [call.agent.user.name for call in alert.calls.all()] == ["Mira", "Leo"]
    assert [to for to, subject in sent if "on call" in subject] == ["mira@lindhafen.example", "leo@lindhafen.example"]
    assert Notification.objects.filter(kind="oncall").count() == 2
    leo = agent("Leo")
    browser = cast.browser(leo)
    assert "I have it" in browser.get(f"/desk/tickets/{ticket.number}/").content.decode()
    browser.post(f"/desk/alerts/{alert.pk}/")
    assert Ticket.objects.get().assignee == leo
    let(wall, "2026-03-01 02:30")
    assert alert.calls.count() == 2  # nobody else is woken
    browser.post(f"/desk/tickets/{ticket.number}/return/", {"answer": "A full disk; it is emptied."})
    back = Ticket.objects.get()
    assert (back.level, back.team) == (2, cast.orders)
    update_ticket(back, by=Actor.agent(leo), set={"status": Status.objects.default_of("solved")})
    assert Notification.objects.filter(agent=cast.anna, kind="solved").exists()
    figures = figures_since(datetime(2026, 2, 28, tzinfo=UTC))
    assert (figures[2].solved, figures[2].handed_up, figures[3].handed_up, figures[3].again) == (1, 1, 1, 0)
    kinds = [e.kind for e in Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("pk")]
    assert [kind for kind in kinds if kind.startswith(("oncall", "ticket.esc", "ticket.ret"))] == [
        "ticket.escalated", "ticket.escalated", "oncall.called", "oncall.called", "oncall.acknowledged",
        "ticket.returned",
    ]  # fmt: skip


def test_a_request_in_office_hours_waits_until_monday_and_its_clock_says_so(cast: Cast, wall: Wall) -> None:
    week = dict.fromkeys(DAYS[:5], OFFICE)
    office = create_calendar(set={"name": "Office", "timezone": "Europe/Berlin", "weekly": week}, by=TEST)
    create_rota(set={"name": "Office", "level": 2, "cover": "inside", "calendar": office, "keeper": cast.ada}, by=TEST)
    targets = {"first_response": {"2": 60}, "level-1": {"2": 120}}
    create_policy(set={"name": "Office", "calendar": office, "targets": targets, "is_active": True}, by=TEST)
    wall("2026-03-01 01:10")
    ticket = cast.ticket("How do I print on both sides?", assignee=cast.anna)
    due = Clock.objects.get(ticket=ticket, metric="first_response").due_at
    assert due == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # an hour after Monday 08:00 in Berlin
    let(wall, "2026-03-02 06:59")
    assert not Event.objects.filter(kind__startswith="clock.").exists() and Ticket.objects.get().level == 1
    page = cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert "First response" in page and "2026-03-02T08:00:00" in page
    cast.browser(cast.anna).post(
        f"/desk/tickets/{ticket.number}/escalate/", {"to": f"2:{cast.orders.pk}", "who": "", "needed": "A look"}
    )
    assert not Alert.objects.exists()  # the rota answers in office hours only


def test_a_request_of_the_night_is_given_out_at_opening_and_its_clock_starts_then(cast: Cast, wall: Wall) -> None:
    week = dict.fromkeys(DAYS[:5], OFFICE)
    office = create_calendar(set={"name": "Office", "timezone": "Europe/Berlin", "weekly": week}, by=TEST)
    targets = {"first_response": {"2": 60}}
    create_policy(set={"name": "Office", "calendar": office, "targets": targets, "is_active": True}, by=TEST)
    set_team(cast.netz, set={"method": "round"}, by=TEST)
    for one in Agent.objects.filter(teams=cast.netz):
        set_hours(one, weekly=week, calendar=None, by=TEST)
    wall("2026-03-01 01:10")
    ticket = cast.ticket("How do I print on both sides?")
    let(wall, "2026-03-02 06:59")
    deal()
    assert Ticket.objects.get().assignee is None and not Event.objects.filter(kind__startswith="clock.").exists()
    let(wall, "2026-03-02 07:00")  # Monday 08:00 in Berlin
    deal()
    given = Ticket.objects.get().assignee
    assert given is not None and given.teams.contains(cast.netz)
    let(wall, "2026-03-02 08:01")
    assert Event.objects.filter(kind="clock.breached", stream_id=ticket.pk).count() == 1, "an hour after opening"


def test_a_rota_with_a_hole_warns_its_keeper_before_it_comes(
    cast: Cast, nights: Rota, wall: Wall, sent: list[tuple[str, str]]
) -> None:
    now = wall("2026-03-01 12:00")
    assert holes_of(nights, now, now.replace(day=10)) == []
    tell_holes()
    assert sent == []
    add_absence(
        agent("Mira"), kind="holiday", starts_on=now.date().replace(day=4), ends_on=now.date().replace(day=4),
        substitute=None, by=TEST,
    )  # fmt: skip
    (hole,) = holes_of(nights, now, now.replace(day=8))
    assert [edge.isoformat() for edge in (hole[0].astimezone(UTC), hole[1].astimezone(UTC))] == [
        "2026-03-03T23:00:00+00:00", "2026-03-04T23:00:00+00:00"]  # fmt: skip
    for _ in range(2):
        tell_holes()
    assert [(to, subject[:17]) for to, subject in sent] == [("ada@lindhafen.example", "Nobody is on call")]
    page = cast.browser(cast.ada).get(f"/settings/on-call/{nights.pk}/").content.decode()
    assert "Nobody is on call" in page and page.count("hole") >= 1
    add_override(nights, set={"rank": 1, "agent": agent("Leo"), "starts_at": hole[0], "ends_at": hole[1]}, by=TEST)
    assert holes_of(nights, now, now.replace(day=8)) == []
