"""The bin: out of sight, restored for 30 days, then purged; the mail ledger stays true."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tests.undo.conftest import now, undo
from tests.undo.test_merging import merge, write
from tresen.core.people.models import Role
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets import binning, jobs
from tresen.core.tickets.binning import delete_ticket, restore_ticket
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.kit import clock, files
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def old(ticket: Ticket) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(deleted_at=clock.now() - timedelta(days=30, minutes=1))


def test_what_is_deleted_is_out_of_everybodys_sight_and_back(cast: Cast) -> None:
    ticket = cast.ticket()
    token = mint_link(ticket, cast.carol, by_mail=True)
    operation = delete_ticket(ticket, by=Actor.agent(cast.ada), agent=cast.ada)
    everybody = [Principal.of_agent(cast.ada), Principal.of_agent(cast.anna), Principal.of_contact(cast.carol)]
    assert not any(Ticket.objects.visible_to(one).exists() for one in everybody)
    assert not any(Message.objects.visible_to(one).exists() for one in everybody)
    assert open_link(token) is None
    assert list(Ticket.objects.in_bin(everybody[0])) == [ticket] and not Ticket.objects.in_bin(everybody[2])
    assert undo(operation).tickets == [ticket.number]
    assert Ticket.objects.visible_to(everybody[1]).exists() and open_link(token) is not None
    kinds = Event.objects.filter(kind__in=["ticket.deleted", "ticket.restored"]).values_list("kind", flat=True)
    assert list(kinds) == ["ticket.deleted", "ticket.restored"]


def test_only_team_leads_and_administrators_delete_and_restore(cast: Cast) -> None:
    ticket, anna = cast.ticket(), Principal.of_agent(cast.anna)
    assert not can(anna, "ticket.delete", ticket) and can(Principal.of_agent(cast.ada), "ticket.delete", ticket)
    cast.anna.role_id = cast.piotr.role_id = Role.TEAM_LEAD
    anna = Principal.of_agent(cast.anna)
    assert can(anna, "ticket.delete", ticket)
    assert not can(Principal.of_agent(cast.piotr), "ticket.delete", ticket)
    delete_ticket(ticket, by=TEST, agent=cast.ada)
    assert can(anna, "ticket.restore", now(ticket))
    assert not can(Principal.of_agent(cast.piotr), "ticket.restore", now(ticket))


def test_an_undo_without_the_right_leaves_it_to_whoever_has_it(cast: Cast) -> None:
    ticket = cast.ticket()
    operation = delete_ticket(ticket, by=Actor.agent(cast.ada), agent=cast.ada)
    said = cast.browser(cast.anna).post(f"/desk/operations/{operation.pk}/undo/", follow=True)
    operation.refresh_from_db()
    assert b"You may not change all" in said.content and operation.state == "done" and now(ticket).deleted_at
    cast.browser(cast.ada).post(f"/desk/operations/{operation.pk}/undo/")
    assert now(ticket).deleted_at is None


def test_nothing_is_deleted_twice_and_no_signpost(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket()
    merge(cast, one, two)
    with pytest.raises(StaleTicket):
        delete_ticket(one, by=TEST, agent=cast.ada)
    delete_ticket(two, by=TEST, agent=cast.ada)
    with pytest.raises(StaleTicket):
        delete_ticket(two, by=TEST, agent=cast.ada)
    restore_ticket(two, by=TEST)
    restore_ticket(two, by=TEST)
    assert Event.objects.filter(kind="ticket.restored").count() == 1


def test_after_thirty_days_it_is_gone_with_its_files_and_signposts(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    one, two, kept = cast.ticket(), cast.ticket(), cast.ticket()
    row = prepare_file([b"secret"], filename="a.txt")
    row.message = write(two, "See file")
    row.save()
    merge(cast, one, two)
    for ticket in (two, kept):
        delete_ticket(ticket, by=TEST, agent=cast.ada)
    old(two)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        jobs.purge()
    assert list(Ticket.objects.values_list("pk", flat=True)) == [kept.pk]
    assert not Attachment.objects.exists() and not files.path_of(row.storage_key).exists()
    assert binning.purge_bin() == 0


def test_a_customer_who_writes_in_that_very_moment_brings_it_back(cast: Cast) -> None:
    ticket = cast.ticket()
    delete_ticket(ticket, by=TEST, agent=cast.ada)
    write(ticket, "One more thing")
    assert now(ticket).deleted_at is None
    assert Event.objects.filter(kind="ticket.restored").exists()
