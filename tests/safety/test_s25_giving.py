"""S25, the hard rules by hand: nobody changes his own role, nobody gives what he has not, administrators stay what they
are, another role ends sessions (P4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests.cast import TEST
from tests.safety.role_house import OWN, ROLES, House, make_house
from tests.setup.test_teams_and_brands import brand_form
from tresen.channels.mail.mailboxes import mailbox_values
from tresen.channels.mail.models import Mailbox
from tresen.core.people.accounts import invite_agent, mint_invitation, open_invitation
from tresen.core.people.agents import agent_values
from tresen.core.people.brands import create_brand
from tresen.core.people.giving import NotYours
from tresen.core.people.models import Agent, ApiToken, Role, Team, TeamMembership, User
from tresen.core.people.permissions import can
from tresen.core.people.rights import ALL_RIGHTS
from tresen.core.people.roles import create_role
from tresen.core.people.staffing import (
    begin_team,
    deactivate_colleague,
    hand_invitation_over,
    invite_colleague_again,
    reactivate_colleague,
    save_team,
    sign_colleague_out,
)
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


def test_s25_in_a_team_where_he_may_less_he_gives_less(house: House) -> None:
    browser, keeper, reader = house.browser("keeper"), house.agents["keeper"], house.agents["reader"]
    netz = house.cast.netz
    TeamMembership.objects.filter(agent__in=[keeper, reader]).update(role=Role.objects.get(key="reader"))
    Agent.objects.filter(pk=reader.pk).update(role="trainee")
    reader.refresh_from_db()
    there, usual = f"role_in_{netz.pk}", {f"role_in_{netz.pk}": ""}
    assert browser.post(page_of(reader), form(reader, **usual)).status_code == 422, "as everywhere is more, too"
    assert browser.post(page_of(reader), form(reader, **{there: "trainee"})).status_code == 422
    invited = {"name": "Eve", "email": "eve@lindhafen.example", "role": "trainee", "language": "en",
               "timezone": "Europe/Berlin"}  # fmt: skip
    assert browser.post("/settings/agents/invite/", {**invited, "teams": [netz.pk]}).status_code == 422
    team = {"name": "Netz", "agents": [agent.pk for agent in netz.agents.all()], f"role_of_{reader.pk}": "trainee",
            "is_active": "on"}  # fmt: skip
    assert browser.post(f"/settings/teams/{netz.pk}/", team).status_code == 422
    # Whoever may more there is stronger, also for a key in his name.
    trainee = house.agents["trainee"]
    assert browser.post(page_of(trainee), form(trainee, name="x")).status_code == 403
    token = {"name": "x", "agent": trainee.pk, "scope": "write", "days": 1}
    assert browser.post("/settings/tokens/", token).status_code == 403
    assert not ApiToken.objects.exists() and not User.objects.filter(email="eve@lindhafen.example").exists()
    assert TeamMembership.objects.get(agent=reader).role_id == "reader"
    # Elsewhere he gives what he has.
    assert browser.post(page_of(reader), form(reader, name="Rita")).status_code == 302
    orders = {**invited, "teams": [house.cast.orders.pk]}
    assert browser.post("/settings/agents/invite/", orders).status_code in {200, 302}


def test_s25_a_role_with_every_right_makes_no_administrator(house: House) -> None:
    create_role(name="all", rights=ALL_RIGHTS, by=TEST)
    Agent.objects.filter(pk=house.agents["keeper"].pk).update(role="all")
    browser, admin, reader = house.browser("keeper"), house.agents["admin"], house.agents["reader"]
    assert browser.post(page_of(admin, "sign-out/")).status_code == 403
    assert browser.post(page_of(reader), form(reader, role="admin")).status_code == 422
    assert browser.post(page_of(reader), form(reader, role="team_lead")).status_code == 302


def test_s25_presence_is_entered_for_nobody_who_may_more(house: House) -> None:
    browser = house.browser("keeper")
    page = browser.get("/settings/attendance/").content.decode()
    for role, may in (("reader", True), ("admin", False), ("team_lead", False)):
        path = f"/settings/attendance/{house.agents[role].pk}/"
        assert (browser.get(path).status_code == 200) is may is (f'href="{path}"' in page), role


def test_s25_by_which_server_links_for_new_passwords_leave_only_administrators_say(house: House) -> None:
    create_role(name="post", rights=["set_mail", "set_brands"], by=TEST)
    Agent.objects.filter(pk=house.agents["trainee"].pk).update(role="post")
    browser, admin, box = house.browser("trainee"), house.browser("admin"), Mailbox.objects.get()
    path = f"/settings/mailboxes/{box.pk}/"

    def typed(values: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {name: value for name, value in {**marked(values), **more}.items() if value not in (None, False)}

    elsewhere = {"smtp_host": "mail.evil.example", "smtp_user": "eve"}
    refused = browser.post(path, typed(mailbox_values(box), **elsewhere))
    assert refused.status_code == 422 and "Only an administrator can change that" in refused.content.decode()
    assert browser.post(path, typed(mailbox_values(box), sign_in="google")).status_code == 422
    # Another brand's mailbox has what server it wants, but neither it nor its brand gets in front.
    other = create_brand(set={"name": "Other", "letters": "O", "office_hours": {}}, by=TEST)
    made = {**mailbox_values(box), "address": "other@lindhafen.example", **elsewhere}
    assert browser.post("/settings/mailboxes/new/", typed({**made, "brand": other.pk})).status_code == 302
    assert browser.post(path, typed(mailbox_values(box), is_active=False)).status_code == 422
    page = f"/settings/brands/{other.pk}/"
    assert browser.post(page, brand_form(other, is_default="on")).status_code == 422
    assert browser.post(path, typed(mailbox_values(box), name="Help")).status_code == 302
    assert [row.smtp_host for row in Mailbox.objects.filter(is_active=True).order_by("pk")] == ["", "mail.evil.example"]
    # A sign-in at a provider with an account of one's own is the same.
    Mailbox.objects.filter(pk=box.pk).update(sign_in="google", smtp_host="smtp.gmail.com")
    signed = browser.post(f"{path}sign-in/", follow=True)
    assert "Only an administrator can change that" in signed.content.decode()
    box.refresh_from_db()
    assert admin.post(path, typed(mailbox_values(box), sign_in="password", **elsewhere)).status_code == 302


def test_s25_the_right_is_asked_of_how_the_colleague_stands_when_he_is_held(house: House) -> None:
    keeper, reader, netz = house.principal("keeper"), house.agents["reader"], house.cast.netz
    Agent.objects.filter(pk=reader.pk).update(role=Role.ADMIN)  # since the page was opened
    assert reader.role_id == "reader"
    acts = (deactivate_colleague, reactivate_colleague, sign_colleague_out, invite_colleague_again,
            hand_invitation_over)  # fmt: skip
    for act in acts:
        with pytest.raises(PermissionDenied):
            act(reader, principal=keeper)
    others = [agent for agent in netz.agents.all() if agent != reader]
    netz.agents.remove(reader)
    with pytest.raises(NotYours):
        save_team(netz, set={}, agents=[*others, reader], roles={}, principal=keeper)
    with pytest.raises(NotYours):
        begin_team(set={"name": "Mine"}, agents=[reader], principal=keeper)
    assert not reader.teams.exists() and not Team.objects.filter(name="Mine").exists()


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
    token = mint_invitation(invite_agent(email="t@lindhafen.example", name="T", role="trainee", by=TEST).user)
    row = Role.objects.get(key="trainee")
    page = f"/settings/roles/{row.pk}/"
    admin = house.browser("admin")
    assert admin.post(page, {"name": "Trainee", "rights": ["see", "note"]}).status_code == 302
    assert "/sign-in/" in trainee.get("/desk/").headers.get("Location", "")
    assert reader.get("/desk/contacts/").status_code == 200
    assert open_invitation(token), "an invitation is no session"
    assert not can(house.principal("trainee"), "ticket.change", house.ticket)
    told = Event.objects.get(kind="role.changed")
    assert (told.actor_name, told.changes["rights"][1]) == ("admin", ["note", "see"])
    assert admin.post(f"{page}delete/").status_code == 302
    assert Role.objects.filter(key="trainee").exists()
