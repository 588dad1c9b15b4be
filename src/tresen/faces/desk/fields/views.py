"""Custom fields of a ticket, all in one form: a part of the page, or a page of its own."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_values import KEY, shown_value
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operations import start
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.services import update_ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.fields.forms import FieldsForm
from tresen.faces.desk.fields.reading import on_ticket
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit.pages import page_or_fragment


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def fields(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/custom/`. 409 when somebody else changed one of them meanwhile: what was typed stays."""
    found = find_ticket(request.principal, number)
    listed = on_ticket(fields_for(request.principal), found)
    if request.method != "POST":
        return _form(request, found, FieldsForm(fields=listed, values=found.fields), 200)
    require(request.principal, "ticket.change", found)
    form = FieldsForm(request.POST, fields=listed, values=found.fields)
    if not form.is_valid():
        return _form(request, found, form, 422)
    wanted, was = form.changes()
    agent = request.principal.agent
    operation = start("change", agent=agent) if agent else None
    try:
        update_ticket(
            found, by=request.principal.actor, set={"fields": wanted}, operation=operation,
            expected={KEY + slug: value for slug, value in was.items()},
        )  # fmt: skip
    except WrongValue as wrong:
        form.add_error(f"f_{wrong.field.removeprefix(KEY)}", _("That value is not possible."))
        return _form(request, found, form, 422)
    except StaleTicket as stale:
        theirs = {slug for slug in wanted if KEY + slug in stale.fields}
        if not theirs:
            raise
        return _form(request, stale.ticket, _compared(request, form, stale.ticket, theirs), 409)
    said = _("Saved.") if wanted else ""
    return answer(
        request, number, answers.CONTEXT, answers.TAIL, said=said, operation=operation, anchor="custom-fields"
    )


def _compared(request: StaffRequest, form: FieldsForm, now: Ticket, theirs: set[str]) -> FieldsForm:
    """The form with what was typed and, beside it, what others have set; saving once more means it."""
    data = request.POST.copy()
    fresh = FieldsForm(fields=list(form.custom.values()), values=now.fields)
    data["was"] = str(fresh.initial["was"])
    again = FieldsForm(data, fields=list(form.custom.values()), values=now.fields)
    again.is_valid()
    for slug in theirs:
        value = shown_value(form.custom[slug], now.fields.get(slug)) or "–"
        told = _("Somebody else has set this to “%(value)s” meanwhile. Save again to let yours count.")
        again.add_error(f"f_{slug}", told % {"value": value})
    return again


def _form(request: StaffRequest, ticket: Ticket, form: FieldsForm, code: int) -> HttpResponseBase:
    context: dict[str, Any] = {"ticket": ticket, "form": form}
    return page_or_fragment(request, "desk/fields/page.html", "desk/fields/form.html", context, status=code)
