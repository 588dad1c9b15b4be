"""S25, the hard rules by hand: nobody changes his own role, nobody gives what he has not, administrators stay what they
are, another role ends sessions (P4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST
from tests.safety.role_house import OWN, ROLES, House, make_house
from tresen.channels.mail.models import Mailbox
from tresen.core.people.agents import agent_values
from tresen.core.people.models import Agent, ApiToken, Role, TeamMembership, User
from tresen.core.people.permissions import can
from tresen.core.people.rights import ALL_RIGHTS
from tresen.core.people.roles import create_role
from tresen.core.tickets.models import Ticket
from tresen.faces.setup.saving import marked
from tresen.spine.events.models import Event


@pytest.fixture
def house(db: None) -> House:
    return make_house()


def form(agent: Agent, **more: Any) -> dict[str, Any]:
    return {**marked(agent_values(agent)), **more}


def page_of(agent: Agent, act: str = "") -> str:
    return f"/settings/agents/{agent.pk}/{act}"


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"admin", "keeper"}])
def test_s25_an_agent_changes_no_administrator_not_his_own_role_or_teams_and_no_mailbox(
    house: House, role: str
) -> None:
    browser, own, admin = house.browser(role), house.agents[role], house.agents["admin"]
    mailbox = Mailbox.objects.get()
    for path, body in (
        (page_of(own), form(own, role="admin")),
        (page_of(own), form(own, teams=[house.cast.orders.pk])),
        (page_of(admin), form(admin, name="Nobody", role="agent")),
        (page_of(admin, "deactivate/"), {}),
        (f"/settings/teams/{house.cast.orders.pk}/", {"name": "Orders", "agents": [own.pk]}),
        (f"/settings/mailboxes/{mailbox.pk}/", {"address": "other@lindhafen.example", "name": "Other"}),
        ("/settings/roles/new/", {"name": "Mine", "rights": ["delete"]}),
        (house.addresses["setup:role"], {"rights": sorted(ALL_RIGHTS)}),
        ("/settings/tokens/", {"name": "x", "agent": admin.pk, "scope": "admin", "days": 1}),
    ):
        assert browser.post(path, body).status_code == 404, path
    own.refresh_from_db()
    admin.refresh_from_db()
    assert (own.role_id, [t.pk for t in own.teams.all()]) == (role, [house.cast.netz.pk])
    assert (admin.role_id, admin.user.name, admin.user.is_active) == ("admin", "admin", True)
    assert (Mailbox.objects.get().address, ApiToken.objects.count()) == (mailbox.address, 0)
    assert house.held("reader") == set(OWN["reader"])


def test_s25_who_keeps_the_people_gives_nothing_that_he_has_not(house: House) -> None:
    browser, keeper, admin = house.browser("keeper"), house.agents["keeper"], house.agents["admin"]
    reader = house.agents["reader"]
    for act in ("", "deactivate/", "sign-out/", "invite/"):
        assert browser.post(page_of(admin, act), form(admin, name="x")).status_code == 403, act
    assert browser.post(page_of(reader), form(reader, role="admin")).status_code == 422
    assert browser.post(page_of(reader), form(reader, role="team_lead")).status_code == 422
    assert (
        browser.post(page_of(reader), form(reader, **{f"role_in_{house.cast.netz.pk}": "team_lead"})).status_code == 422
    )
    assert browser.post(page_of(keeper), form(keeper, role="reader")).status_code == 422
    assert browser.post(page_of(keeper), form(keeper, teams=[house.cast.orders.pk])).status_code == 422
    invited = {"name": "Eve", "email": "eve@lindhafen.example", "role": "admin", "language": "en",
               "timezone": "Europe/Berlin"}  # fmt: skip
    assert browser.post("/settings/agents/invite/", invited).status_code == 422
    token = {"name": "x", "agent": admin.pk, "scope": "admin", "days": 1}
    assert browser.post("/settings/tokens/", token).status_code == 403
    team = {"name": "Netz", "agents": [agent.pk for role, agent in house.agents.items() if role != "admin"]}
    assert browser.post(f"/settings/teams/{house.cast.netz.pk}/", team).status_code == 422
    assert not User.objects.filter(email="eve@lindhafen.example").exists() and not ApiToken.objects.exists()
    assert Agent.objects.get(pk=keeper.pk).role_id == "keeper"
    # What he has he gives, and it is told who gave it.
    assert browser.post(page_of(reader), form(reader, role="reader", teams=[house.cast.orders.pk])).status_code == 302
    assert Event.objects.filter(kind="agent.changed").latest("pk").actor_name == "keeper"
    assert browser.post("/settings/tokens/", token | {"agent": reader.pk, "scope": "read"}).status_code == 200
    made = Event.objects.filter(kind="token.created").latest("pk")
    assert (made.actor_name, made.changes["agent"]) == ("keeper", "reader")


def test_s25_an_administrator_keeps_the_own_role_and_all_rights(house: House) -> None:
    browser, admin, row = house.browser("admin"), house.agents["admin"], Role.objects.get(key="admin")
    assert browser.post(page_of(admin), form(admin, role="agent")).status_code == 422
    assert browser.post(f"/settings/roles/{row.pk}/", {"rights": ["see"]}).status_code == 422
    assert browser.post(f"/settings/roles/{row.pk}/delete/").status_code == 302
    assert Role.objects.get(key="admin").held == ALL_RIGHTS
    assert Agent.objects.get(pk=admin.pk).role_id == "admin"


def test_s25_another_role_in_one_team_counts_there_and_nowhere_else_and_ends_the_sessions(house: House) -> None:
    lead, netz = house.agents["team_lead"], house.cast.netz
    lead.teams.add(house.cast.orders)
    there = house.cast.ticket("Over there", team=house.cast.orders)
    old = house.browser("team_lead")
    admin = house.browser("admin")
    teams = [netz.pk, house.cast.orders.pk]
    wanted = form(lead, teams=teams, **{f"role_in_{netz.pk}": "reader"})
    assert admin.post(page_of(lead), wanted).status_code == 302
    assert old.get("/desk/").status_code == 302 and "/sign-in/" in old.get("/desk/").url
    now = house.principal("team_lead")
    for action in ("ticket.reply", "ticket.change", "ticket.delete", "ticket.merge"):
        assert not can(now, action, house.ticket) and can(now, action, there), action
    assert can(now, "ticket.see", house.ticket)
    assert can(now, "ticket.create")
    assert now.teams_with("mail") == {house.cast.orders.pk}
    assert Event.objects.latest("pk").changes["team_roles"] == [[], ["Netz: reader"]]
    blind = create_role(name="blind", rights=[], by=TEST)
    TeamMembership.objects.filter(agent=lead, team=netz).update(role=blind)
    now = house.principal("team_lead")
    assert set(Ticket.objects.visible_to(now)) == {there}


def test_s25_other_rights_of_a_role_end_the_sessions_of_all_who_have_it(house: House) -> None:
    trainee, reader = house.browser("trainee"), house.browser("reader")
    row = Role.objects.get(key="trainee")
    page = f"/settings/roles/{row.pk}/"
    admin = house.browser("admin")
    assert admin.post(page, {"name": "Trainee", "rights": ["see", "note"]}).status_code == 302
    assert "/sign-in/" in trainee.get("/desk/").headers.get("Location", "")
    assert reader.get("/desk/contacts/").status_code == 200
    assert not can(house.principal("trainee"), "ticket.change", house.ticket)
    told = Event.objects.get(kind="role.changed")
    assert (told.actor_name, told.changes["rights"][1]) == ("admin", ["note", "see"])
    assert admin.post(f"{page}delete/").status_code == 302
    assert Role.objects.filter(key="trainee").exists()
