"""The service catalogue of the sample, from `content/services.toml`, and requests that came by it."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tresen.core.catalog.answering import evaluate
from tresen.core.catalog.fields import Field, new_field
from tresen.core.catalog.models import Request, Service, ServiceCategory
from tresen.core.catalog.services import change_tasks, create_service, newest_form
from tresen.core.catalog.tasks import Child
from tresen.core.tickets.models import Ticket
from tresen.faces.cli.sample.house import BY, House
from tresen.faces.cli.sample.stories import CONTENT

PLAIN = ("names", "summaries", "descriptions", "next_steps", "price_texts", "kind", "type", "audience", "asks_reach",
         "price_kind", "currency")  # fmt: skip
# Written stories that came by a form: words of the subject, the service, what was answered.
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("Zugang für zwei neue", "account-for-a-new-colleague",
     {"person": "Mia Hansen und Tomke Ahlers", "first_day": "2026-12-01", "programs": ["mail", "stock"]}),
    ("Schulung für zwölf", "training-for-a-program", {"program": "Buchungssystem", "people": 12}),
    ("Neuer Arbeitsplatz", "set-up-a-workplace", {"place": "office", "room": "Haus 2, Raum 114", "day": "2026-12-01"}),
]  # fmt: skip


def add_catalogue(tickets: Sequence[Ticket], house: House) -> None:
    """Makes the services, and puts what was asked beside the tickets that came by them."""
    with open(CONTENT / "services.toml", "rb") as file:
        content = tomllib.load(file)
    shelves = {
        table.pop("key"): ServiceCategory.objects.create(position=place, **table)
        for place, table in enumerate(content["shelf"])
    }
    services = [_add(table, shelves, house, place) for place, table in enumerate(content["service"])]
    forms = {service.slug: newest_form(service) for service in services}
    for words, slug, given in ASKED:
        ticket = next((one for one in tickets if words in one.subject), None)
        if ticket is not None:
            answers, form = evaluate(forms[slug].fields, given).answers, forms[slug]
            Request.objects.create(ticket=ticket, service=form.service, form=form, answers=answers, language="de",
                                   begun_at=ticket.created_at)  # fmt: skip


def _add(table: dict[str, Any], shelves: dict[str, ServiceCategory], house: House, place: int) -> Service:
    set = {name: table[name] for name in PLAIN if name in table}
    set |= {name: Decimal(table[name]) for name in ("price", "hours") if name in table}
    set |= {"category": shelves[table["shelf"]], "team": house.teams[table["team"]], "position": place}
    if "category" in table:
        set["ticket_category"] = house.categories[table["category"]]
    made = create_service(set=set, fields=[_field(one) for one in table["field"]], by=BY)
    if steps := table.get("steps"):
        children = [
            Child(subject=one["subject"], text=one["text"], team=house.teams[one["team"]].pk, category=None)
            for one in table.get("child", ())
        ]
        change_tasks(made, steps=steps, children=children, by=BY)
    return made


def _field(table: dict[str, Any]) -> Field:
    return new_field(table.pop("kind"), table.pop("labels"), **table)
