"""Whoever takes turns reads his turns and the rota; who changes it stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.calendars.services import create_calendar
from tresen.core.people.models import Role
from tresen.core.people.principals import Principal
from tresen.service.oncall.models import Rota
from tresen.service.oncall.services import add_layer, add_override, change_rota, create_rota, remove_layer

MINE = "/settings/on-call/mine/"


def test_a_rota_is_read_by_those_who_take_turns_and_stand_in_and_changed_by_none_of_them(
    cast: Cast, rota: Rota, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
    piotr, anna = cast.browser(cast.piotr), cast.browser(cast.anna)
    change_rota(rota, set={"keeper": cast.anna}, by=TEST)
    assert "Nights" in piotr.get(MINE).content.decode()
    assert "You take no turns" in anna.get(MINE).content.decode(), "its keeper takes none"
    hours = [datetime(2026, 3, 9, hour, tzinfo=UTC) for hour in (9, 21)]
    add_override(rota, set={"rank": 1, "agent": cast.anna, "starts_at": hours[0], "ends_at": hours[1]}, by=TEST)
    assert "Nights" in anna.get(MINE).content.decode()
    for browser in (piotr, anna):
        for method in (browser.get, browser.post):
            assert method(f"/settings/on-call/{rota.pk}/").status_code == 404
        assert browser.post(MINE).status_code == 405
        assert 'name="what"' not in browser.get(MINE).content.decode()
    cast.ada.role_id = Role.TEAM_LEAD
    for agent, sees in ((cast.piotr, True), (cast.anna, True), (cast.ada, False)):
        assert Rota.objects.visible_to(Principal.of_agent(agent)).exists() == sees
    remove_layer(rota.layers.get(), by=TEST)
    time_machine.move_to(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False)
    assert not any("Nights" in browser.get(MINE).content.decode() for browser in (piotr, anna))


def test_ones_own_turns_stand_there_in_order_with_those_of_others_left_out(
    cast: Cast, rota: Rota, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
    rota.layers.update(people=[cast.piotr.pk, cast.ada.pk], starts_on=datetime(2026, 3, 2).date())
    hours = [datetime(2026, 3, 10, hour, tzinfo=UTC) for hour in (9, 21)]
    add_override(rota, set={"rank": 2, "agent": cast.piotr, "starts_at": hours[0], "ends_at": hours[1]}, by=TEST)
    page = tree(cast.browser(cast.piotr).get(f"{MINE}?from=2026-03-05"))
    lines = [words(row) for row in page.css("table.stacks tbody tr")]
    assert len(lines) == 6 and lines[0].startswith("now") and "first" in lines[0]
    assert "10 March" in lines[1] and "second" in lines[1] and "16 March" in lines[2]
    assert "after these weeks" in lines[-1]
    week = words(page.css_first("table.rota-week"))
    assert "Piotr Wieczorek" in week and "Ada Berg" in week, "those who share it are seen in its week"


def test_the_page_asks_no_more_for_many_rotas_than_for_one(
    cast: Cast, rota: Rota, django_assert_max_num_queries: Any
) -> None:
    piotr, layer = cast.browser(cast.piotr), rota.layers.get()
    office = create_calendar(
        set={"name": "Office", "timezone": "Europe/Berlin", "weekly": {"mon": [["09:00", "17:00"]]}}, by=TEST
    )
    given = {
        name: getattr(layer, name) for name in ("rank", "people", "starts_on", "hands_over_at", "days", "timezone")
    }
    for number in range(4):
        more = create_rota(set={"name": f"Days {number}", "level": 2, "keeper": cast.ada, "cover": "inside",
                                "calendar": office}, by=TEST)  # fmt: skip
        add_layer(more, set=given | {"calendar": office}, by=TEST)
    piotr.get(MINE)
    with django_assert_max_num_queries(14):
        page = tree(piotr.get(MINE))
    assert len(page.css("table.rota-week")) == 5
