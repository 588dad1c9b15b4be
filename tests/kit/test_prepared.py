"""A query that is put together once asks for what the same query asks for when it is put together anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from tests.cast import Cast, make_cast
from tresen.core.people.models import Role
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.kit.prepared import prepared


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@prepared
def seen_by(principal: Principal, number: str, keys: tuple[int, ...], where: Q) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(principal).filter(where).exclude(number=number).select_related("team")
    return (rows.filter(pk__in=keys) if keys else rows).order_by("pk")


def test_everybody_sees_his_own_with_the_words_of_another(cast: Cast) -> None:
    tickets = [cast.ticket(f"T {n}", team=team) for n, team in enumerate((cast.netz, cast.orders, None, cast.netz))]
    cast.piotr.teams.set([cast.orders])
    keys, later = tuple(ticket.pk for ticket in tickets), timezone.now() + timedelta(hours=1)
    before = later - timedelta(days=1)
    people = [Principal.of_agent(agent) for agent in (cast.anna, cast.piotr, cast.ada)]
    people += [Principal.of_contact(cast.carol), Principal("nobody"), Principal("system")]
    for number in (tickets[0].number, tickets[1].number):
        for some in (keys, keys[:2], keys[2:], ()):
            for where in (
                Q(), Q(created_at__lt=later), Q(created_at__lt=before), ~Q(created_at__gt=later) | Q(team=1),
                Q(created_at__range=(before, later)), Q(created_at__range=(later, later)), Q(created_at__in=[before]),
            ):  # fmt: skip
                for who in people:
                    assert seen_by.rows(who, number, some, where) == list(seen_by(who, number, some, where))
    assert len(seen_by.rows(people[2], "", keys, Q())) == 4
    cast.anna.role_id = Role.ADMIN
    cast.anna.teams.clear()
    assert len(seen_by.rows(Principal.of_agent(cast.anna), "", keys, Q())) == 4


def test_it_is_put_together_once_and_asked_every_time(cast: Cast, django_assert_num_queries: Any) -> None:
    built = []

    @prepared
    def named(subject: str) -> QuerySet[Ticket, Any]:
        built.append(subject)
        return Ticket.objects.filter(subject=subject).values_list("subject", flat=True)

    assert named.rows("A") == []
    cast.ticket("A")
    with django_assert_num_queries(2):
        assert named.rows("A") == ["A"] and named.rows("B") == []
    assert len(built) == 1


def test_other_times_are_other_values_of_one_query(cast: Cast) -> None:
    built = []

    @prepared
    def made(where: Q) -> QuerySet[Ticket]:
        built.append(where)
        return Ticket.objects.filter(where)

    cast.ticket()
    ends = [timezone.now() + timedelta(days=days) for days in (-2, -1, 1)]
    assert [len(made.rows(Q(created_at__range=(ends[0], end)))) for end in ends[1:]] == [0, 1]
    assert [len(made.rows(Q(created_at__range=[end, end]))) for end in ends] == [0, 0, 0]
    assert len(built) == 2


def test_a_value_that_does_not_arrive_as_it_is_refused(cast: Cast) -> None:
    for build in (
        lambda text: Ticket.objects.filter(subject__contains=text),
        lambda text: Ticket.objects.all(),
        lambda text: Ticket.objects.prefetch_related(Prefetch("messages", Message.objects.filter(text=text))),
        lambda text: Ticket.objects.annotate(low=Lower(F("subject"))).filter(low=text + "!"),
    ):
        with pytest.raises(TypeError):
            prepared(build).rows("printer")
    with pytest.raises(TypeError):
        prepared(lambda key: Ticket.objects.filter(pk=key + 1)).rows(1)
    with pytest.raises(TypeError):
        seen_by.rows(Principal("nobody"), "", keys=(), where=Q())
