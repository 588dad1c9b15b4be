"""What came of surveys: who sees which figures, what they count, on the page, as a file, in search, over REST."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils import timezone

from tests.cast import TEST, Cast, json, make_cast
from tresen.core.people.models import Role, TeamMembership
from tresen.core.people.principals import Principal
from tresen.core.tickets import services
from tresen.core.tickets.binning import delete_ticket
from tresen.core.tickets.models import Status, Ticket
from tresen.kit.sheets import plain_cell
from tresen.service.notifications.models import Notification
from tresen.service.search.services import apply_query
from tresen.service.surveys.models import Asked
from tresen.service.surveys.scales import SCALES, figures
from tresen.service.surveys.services import change_survey, rate
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def asked(cast: Cast, rating: int | None, *, words: str = "", scale: str = "csat", **more: object) -> Asked:
    """Somebody who was asked about a solved ticket, and what he says of it."""
    ticket = cast.ticket(**more)
    services.update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of("solved")})
    now = timezone.now()
    row = Asked.objects.create(
        ticket=ticket, contact=ticket.requester, scale=scale, state="asked", change_days=14, due_at=now, asked_at=now,
        team=ticket.team, level=1, agent=ticket.assignee,
    )  # fmt: skip
    return rate(row, rating=rating, words=words, by=Actor.contact(ticket.requester)) if rating is not None else row


def test_the_figures_of_each_scale() -> None:
    csat = figures(SCALES["csat"], {5: 6, 4: 1, 3: 1, 1: 2}, asked=20)
    assert (csat.main, csat.average, csat.rated, csat.rate) == (70, 3.9, 10, 50)
    assert figures(SCALES["nps"], {10: 5, 8: 2, 6: 3}, asked=10).main == 20
    assert figures(SCALES["ces"], {7: 1, 2: 1}, asked=2).main == 4.5
    assert figures(SCALES["csat"], {}, asked=3).main is None


def test_a_lead_sees_the_figures_of_his_team_and_who_sees_all_sees_all(cast: Cast) -> None:
    for rating in (5, 4, 1, None):
        asked(cast, rating, words="=2+3 too slow" if rating == 1 else "", assignee=cast.anna)
    asked(cast, 1, words="Of another team.", requester=cast.dave, team=cast.orders, assignee=cast.piotr)
    away = asked(cast, 1)
    delete_ticket(away.ticket, agent=cast.ada, by=TEST)
    assert cast.browser(cast.anna).get("/desk/satisfaction/").status_code == 404
    assert cast.browser(cast.anna).get("/desk/satisfaction/ratings.csv").status_code == 404
    TeamMembership.objects.filter(agent=cast.anna).update(role=Role.objects.get(key="team_lead"))
    lead = cast.browser(cast.anna)
    page = lead.get("/desk/satisfaction/").content.decode()
    assert "67 %" in page and "have answered: 3 of 4" in page and "=2+3 too slow" in page
    assert "Of another team." not in page
    whole = cast.browser(cast.ada).get("/desk/satisfaction/").content.decode()
    assert "50 %" in whole and "have answered: 4 of 5" in whole and "Of another team." in whole
    assert "By agent" in whole and "Piotr Wieczorek" in whole
    assert "Nobody was asked" in lead.get("/desk/satisfaction/?first=2020-01-01&last=2020-02-01").content.decode()
    assert lead.get("/desk/satisfaction/?first=2020-03-01&last=2020-02-01").status_code == 422
    assert lead.get("/desk/satisfaction/?last=9999-12-31").status_code == 422
    assert lead.get(f"/desk/satisfaction/?team={cast.orders.pk}").status_code == 422
    sheet = b"".join(lead.get("/desk/satisfaction/ratings.csv")).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) == 4 and {row["agent"] for row in rows} == {"Anna Kowalczyk"}
    (cell,) = [row["words"] for row in rows if row["words"]]
    assert cell == "'=2+3 too slow" and plain_cell(cell) == "=2+3 too slow"


def test_it_stands_on_the_ticket_and_is_found_and_read_over_rest(cast: Cast) -> None:
    bad, good, none = asked(cast, 2, words="Too slow."), asked(cast, 9, scale="nps"), asked(cast, None)
    browser = cast.browser(cast.anna)
    page = browser.get(f"/desk/tickets/{bad.ticket.number}/").content.decode()
    assert "Rated this ticket 2/5." in page and "Too slow." in page and "rated our help: 2 of 5" in page
    assert "Last rating 9/10" in browser.get(f"/desk/tickets/{none.ticket.number}/").content.decode()
    seen, reader = Ticket.objects.all(), Principal.of_agent(cast.anna)
    for line, found in (
        ("rating<=2", [bad]), ("rating:2", [bad]), ("rating:bad", [bad]), ("rating:good", [good]),
        ("rating:none", [none]), ("-rating:any", [none]), ("rating>2", [good]), ("bewertung:gut", [good]),
    ):  # fmt: skip
        keys = set(apply_query(seen, line, reader).values_list("pk", flat=True))
        assert keys == {row.ticket_id for row in found}, line
    assert browser.get("/desk/search/?q=rating:12").status_code == 400
    items = json(cast.calls(cast.anna, "read").get("/surveys"), 200)["items"]
    assert [(item["ticket"], item["rating"], item["words"]) for item in items] == [
        (none.ticket.number, None, ""), (good.ticket.number, 9, ""), (bad.ticket.number, 2, "Too slow."),
    ]  # fmt: skip
    assert json(cast.calls(cast.piotr).get("/surveys"), 200)["items"] == []


def test_a_bad_rating_alerts_once_and_opens_the_ticket_again(cast: Cast) -> None:
    change_survey(None, set={"is_active": True, "reopens": True}, by=TEST)
    TeamMembership.objects.create(agent=cast.ada, team=cast.netz)
    row = asked(cast, 2, assignee=cast.anna)
    ticket = Ticket.objects.get(pk=row.ticket_id)
    assert ticket.status_category == "open"
    assert set(Notification.objects.filter(kind="rated").values_list("agent", flat=True)) == {cast.anna.pk, cast.ada.pk}
    opened = Event.objects.filter(kind="ticket.changed").latest("pk")
    assert (opened.actor_name, opened.cause.kind if opened.cause else "") == ("surveys", "survey.rated")
    rate(row, rating=1, words="Still.", by=TEST)
    assert Notification.objects.filter(kind="rated").count() == 2
