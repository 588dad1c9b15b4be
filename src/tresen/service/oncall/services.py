"""Changes to rotas. Every one is a function here; nobody else saves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Agent
from tresen.core.people.refusals import save_named
from tresen.kit import clock
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.http import check_url
from tresen.service.oncall import gateway, jobs
from tresen.service.oncall.gateway import USUAL, WrongSecret, check_header, check_template
from tresen.service.oncall.models import BodyForm, Gateway, Layer, Override, Rota
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import differences
from tresen.spine.events.services import record

FIELDS = ("name", "level", "cover", "calendar", "ack_minutes", "keeper", "is_active")
GATEWAY_FIELDS = ("url", "form", "template", "header")


def rota_values(rota: Rota) -> dict[str, Any]:
    """What a form shows of a rota, for its mark."""
    return values_of(rota, FIELDS)


@transaction.atomic
def create_rota(*, set: dict[str, Any], by: Actor) -> Rota:
    """A new rota from FIELDS. Event `rota.created`. Raises NameTaken."""
    rota = Rota(**set)
    save_named(rota)
    record("rota.created", stream=rota, by=by, changes={"name": [None, rota.name]})
    return rota


@transaction.atomic
def change_rota(rota: Rota, *, set: dict[str, Any], by: Actor, expected: str = "") -> Rota:
    """Changes FIELDS. Event `rota.changed`. Raises ChangedMeanwhile, NameTaken."""
    locked = Rota.objects.select_for_update().get(pk=rota.pk)
    before = rota_values(locked)
    refuse_if_changed(before, expected)
    for field, value in set.items():
        setattr(locked, field, value)
    changes = differences(before, rota_values(locked))
    if changes:
        locked.told_hole_at = None
        save_named(locked)
        record("rota.changed", stream=locked, by=by, changes=changes)
    return locked


@transaction.atomic
def add_layer(rota: Rota, *, set: dict[str, Any], by: Actor) -> Layer:
    """People take turns. Event `rota.changed`."""
    layer = Layer.objects.create(rota=rota, **set)
    _changed(rota, {"layer": [None, layer.pk]}, by)
    return layer


@transaction.atomic
def remove_layer(layer: Layer, *, by: Actor) -> None:
    """They no longer do. Event `rota.changed`."""
    key = layer.pk
    layer.delete()
    _changed(layer.rota, {"layer": [key, None]}, by)


@transaction.atomic
def add_override(rota: Rota, *, set: dict[str, Any], by: Actor) -> Override:
    """Somebody else for a time. Event `rota.changed`."""
    row = Override.objects.create(rota=rota, **set)
    _changed(rota, {"override": [None, row.pk]}, by)
    return row


@transaction.atomic
def remove_override(row: Override, *, by: Actor) -> None:
    """As the layers say again. Event `rota.changed`."""
    key = row.pk
    row.delete()
    _changed(row.rota, {"override": [key, None]}, by)


@transaction.atomic
def set_gateway(
    *, url: str, numbers: dict[str, str], by: Actor, form: str = BodyForm.JSON, template: str = "", header: str = "",
    secret: str | None = None, expected: str = "",
) -> Gateway:  # fmt: skip
    """The gateway that makes telephones ring. `numbers` by the key of the agent: empty takes one away, whoever is not
    named keeps his. `template`: empty for the usual one; `secret` None: as before, which only the server keeps for
    which it was entered; without `url` none is kept. Event `oncall.gateway_changed`. Raises WrongUrl, WrongTemplate,
    WrongSecret, ChangedMeanwhile."""
    row = Gateway.objects.select_for_update().first() or Gateway()
    refuse_if_changed(gateway_values(row, numbers), expected)
    template = template.strip() or USUAL[BodyForm(form)]
    if url:
        check_url(url)
    check_template(form, template)
    check_header(header, secret)
    if url and header and not secret and (not row.sealed or gateway.leads_elsewhere(row.url, url)):
        raise WrongSecret("needed")
    row.url, row.form, row.template, row.header = url, form, template, header
    row.numbers = {key: number for key, number in {**row.numbers, **numbers}.items() if number}
    is_new = bool(url and header and secret)
    if is_new or not header or not url:
        row.sealed = gateway.seal_secret(url, secret) if is_new and secret else ""
    row.save()
    record("oncall.gateway_changed", stream=row, by=by, changes={"secret": is_new})
    return row


def gateway_values(row: Gateway, people: Iterable[str]) -> dict[str, Any]:
    """What a form shows of the gateway, for its mark: also the numbers of `people`, keys of agents, as `n-KEY`."""
    return {**values_of(row, GATEWAY_FIELDS), **{f"n-{key}": row.numbers.get(key, "") for key in people}}


@transaction.atomic
def try_gateway(agent: Agent, *, by: Actor) -> bool:
    """A call to one person that only says that it is one leaves in a moment; what was answered stands on the row. One
    at a time: False while another is under way. Event `oncall.gateway_tried`."""
    row = Gateway.objects.select_for_update().exclude(url="").first()
    if row is None or gateway.is_trying(row):
        return False
    since = clock.now()
    row.tried_at, row.trial_ended_at, row.trial_status, row.trial_said = since, None, None, ""
    row.save(update_fields=["tried_at", "trial_ended_at", "trial_status", "trial_said"])
    record("oncall.gateway_tried", stream=row, by=by, changes={"agent": agent.pk})
    jobs.try_gateway.enqueue(agent_id=agent.pk, since=since.isoformat())
    return True


def rotas_with(calendar: Calendar) -> list[str]:
    """The rotas in use that go by a calendar, by name (table CALENDAR_USERS)."""
    rotas = Rota.objects.filter(is_active=True)
    found = rotas.filter(calendar=calendar) | rotas.filter(layers__calendar=calendar)
    return sorted(set(found.values_list("name", flat=True)))


def rotas_of_level(number: int) -> list[str]:
    """The rotas in use of a level, by name (table LEVEL_USERS)."""
    return list(Rota.objects.filter(is_active=True, level=number).values_list("name", flat=True))


def _changed(rota: Rota, changes: dict[str, Any], by: Actor) -> None:
    Rota.objects.filter(pk=rota.pk).update(told_hole_at=None)
    record("rota.changed", stream=rota, by=by, changes=changes)


def who_can_be_called() -> set[int]:
    """The keys of all who stand in a layer or an override, or keep a rota."""
    named = {key for people in Layer.objects.values_list("people", flat=True) for key in people}
    kept = Rota.objects.exclude(keeper=None).values_list("keeper", flat=True)
    return named | set(kept) | set(Override.objects.values_list("agent", flat=True))
