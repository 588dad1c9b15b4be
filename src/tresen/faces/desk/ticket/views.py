"""The ticket page and its fields. Find through `visible_to`, check, one service call, one template."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tresen.channels.mail.cleaning import queue_cleaning
from tresen.core.attendance.standing import standings
from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import require
from tresen.core.tickets.categories import in_tree_order
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.marks import mark_read
from tresen.core.tickets.merging import final_of
from tresen.core.tickets.models import Tag, Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.operations import start
from tresen.core.tickets.permissions import HANDING, require_set
from tresen.core.tickets.services import StaleTicket, update_ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.after.going_on import go_on
from tresen.faces.desk.lists.pane import list_context
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer, page_context
from tresen.faces.desk.ticket.fields import LABELS, Conflict, Option, Refusal, read_value, read_was, show_value
from tresen.faces.desk.ticket.moving import just_moved
from tresen.faces.desk.ticket.reading import find_ticket, read_page
from tresen.faces.desk.ticket.refusing import needs
from tresen.faces.desk.ticket.writing import lent_draft
from tresen.kit.pages import page_or_fragment, wants_fragment
from tresen.service.notifications.services import mark_read as news_read
from tresen.spine.events.models import Event

REFUSED = gettext_lazy("That value is not possible.")
REFUSALS = {
    "subject": gettext_lazy("A ticket needs a subject."),
    "requester": gettext_lazy("Choose a person, or write a whole mail address."),
    "organisation": gettext_lazy("The requester does not belong to it."),
}


@staff_page
@require_safe
def ticket(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/`: page or pane. A number in another spelling leads to its own address. `all=1`: more
    messages at once; `before`: those before the message of that key; `draft`: a colleague's draft to work on. One that
    was merged leads to where it went, unless `own` asks for itself."""
    plain = read_number(number)
    if plain and plain != number:
        return HttpResponseRedirect(reverse("desk:ticket", args=[plain]))
    before = request.GET.get("before", "")
    is_key = before.isascii() and before.isdigit() and len(before) < 18
    is_long = request.GET.get("all") == "1"
    page = read_page(request.principal, number, is_long=is_long, before=int(before) if is_key else 0)
    if page.ticket.merged_into_id and not request.GET.get("own"):
        there = final_of(page.ticket)
        if Ticket.objects.visible_to(request.principal).filter(pk=there.pk).exists():
            return HttpResponseRedirect(reverse("desk:ticket", args=[there.number]))
    queue_cleaning(page.to_clean)
    lent = lent_draft(request.principal, request.GET.get("draft", ""))
    draft = page.composer(lent=lent) if lent and lent.ticket_id == page.ticket.pk else None
    context = page_context(page, draft=draft, moved=just_moved(request, page.ticket)) | (
        {} if wants_fragment(request) else list_context(request)
    )
    return page_or_fragment(request, "desk/ticket/page.html", "desk/ticket/fragment.html", context)


@staff_page
@require_safe
def field(request: StaffRequest, number: str, name: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/fields/<category|team|assignee|tags>/`: what can be chosen, as a menu or a page."""
    found = find_ticket(request.principal, number)
    if name == "team":
        teams = Team.objects.visible_to(request.principal).active().order_by("name")
        choices = [Option("", _("No team"), found.team_id is None)]
        choices += [Option(str(t.pk), t.name, t.pk == found.team_id, t.description) for t in teams]
        was = [str(found.team or "")]
    elif name == "category":
        choices, was = _categories(request, found), [found.category.slug if found.category else ""]
    elif name == "assignee":
        choices, was = _assignees(request, found), [str(found.assignee or "")]
    elif name == "tags":
        carried = {tag.name for tag in found.tags.all()}
        choices = [Option(t.name, t.name, t.name in carried) for t in Tag.objects.visible_to(request.principal)]
        was = sorted(carried) or [""]
    else:
        raise Http404
    context = {"ticket": found, "field": name, "label": LABELS[name], "choices": choices, "was": was}
    return page_or_fragment(request, "desk/ticket/field_page.html", "desk/ticket/menu_field.html", context)


@staff_page
@require_safe
def belonging(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/belonging/`: whom it may belong to instead, as a part of the page or a page."""
    context = {"page": read_page(request.principal, number)}
    return page_or_fragment(request, "desk/ticket/belonging_page.html", "desk/ticket/belonging.html", context)


def _categories(request: StaffRequest, found: Ticket) -> list[Option]:
    """The tree of what the ticket's brand offers, and none."""
    offered = Category.objects.visible_to(request.principal).offered_for(found.brand_id)
    choices = [Option("", _("No category"), found.category_id is None)]
    for one in (placed.category for placed in in_tree_order(offered)):
        choices.append(Option(str(one.pk), one.name, one.pk == found.category_id, one.above, category=one.trail))
    return choices


def _assignees(request: StaffRequest, found: Ticket) -> list[Option]:
    """Oneself first, then nobody, the team's own people, everybody else; each with where he stands."""
    me = request.principal.agent
    agents = Agent.objects.visible_to(request.principal).active().prefetch_related("teams").order_by("user__name")
    where = standings(agents)
    others = []
    for agent in agents:
        teams = [team.name for team in agent.teams.all()]
        here = any(team.pk == found.team_id for team in agent.teams.all())
        name = agent.user.name
        note = "; ".join(said for said in (", ".join(teams), where[agent.pk].label) if said)
        option = Option(str(agent.pk), name, agent.pk == found.assignee_id, note, category=name)
        others.append((agent != me, not here, option))
    listed = [option for *_order, option in sorted(others, key=lambda entry: entry[:2])]
    return [*listed[:1], Option("", _("Nobody yet"), found.assignee_id is None), *listed[1:]]


@staff_page
@require_POST
def change(request: StaffRequest, number: str) -> HttpResponseBase:
    """Sets one field: `field`, `value`, and `was`, the value that the page showed. 409 when it is another by now."""
    found = find_ticket(request.principal, number)
    name = request.POST.get("field", "")
    if name not in HANDING:
        require(request.principal, "ticket.change", found)
    label, by = str(LABELS.get(name, "")), request.principal
    operation = start("change", agent=by.agent) if by.agent else None
    try:
        value = read_value(name, request.POST, request.principal)
        if name in HANDING:
            require_set(by, found, {name: value})
        was = read_was(name, request.POST)
        changed = update_ticket(found, by=by.actor, set={name: value}, expected=was, operation=operation)
    except WrongValue as wrong:
        typed = request.POST.get("q" if name == "requester" else "value", "")[:300]
        text = needs(wrong.field) if wrong.field.startswith(KEY) else str(REFUSALS.get(wrong.field, REFUSED))
        refusal = Refusal(name, label or _("Ticket"), text, typed)
        return answer(request, number, answers.HEAD, *_shown_beside(name), refusal=refusal, status=422)
    except StaleTicket as stale:
        theirs = stale.fields.get(name)
        values = [("value", v) for v in request.POST.getlist("value")] + [("new", request.POST.get("new", ""))]
        conflict = Conflict(
            field=name, label=label, theirs=show_value(name, theirs), mine=show_value(name, value),
            values=[pair for pair in values if pair[0] == "value" or pair[1]] + _as_was(name, theirs),
            who=_who_changed(stale.ticket, name),
        )  # fmt: skip
        return answer(request, number, answers.HEAD, answers.TAIL, conflict=conflict, status=409)
    now = [t.name for t in changed.tags.all()] if name == "tags" else getattr(changed, name)
    said = f"{label}: {show_value(name, now)}"
    news = answers.TIMELINE if name == "requester" else answers.TAIL
    done = answer(request, number, answers.HEAD, news, *_shown_beside(name), said=said, operation=operation)
    closed = name == "status" and changed.status_category in FINISHED and found.status_category not in FINISHED
    return go_on(request, done, found) if closed else done


def _shown_beside(name: str) -> tuple[str, ...]:
    """The parts of the page that speak of whom the ticket belongs to, and of his language."""
    if name == "language":
        return (answers.CONTEXT,)
    return (answers.CONTEXT, answers.RECIPIENTS) if name in {"requester", "organisation", "brand"} else ()


def _as_was(name: str, theirs: object) -> list[tuple[str, str]]:
    """The value somebody else has set, as the form says it when the own one is to win all the same."""
    if name == "tags":
        return [("was", str(tag)) for tag in theirs] if isinstance(theirs, list) and theirs else [("was", "")]
    slug = getattr(theirs, "slug", None) if name in {"status", "category"} else None
    return [("was", str(slug or ("" if theirs is None else theirs)))]


def _who_changed(ticket: Ticket, name: str) -> str:
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("-id")[:20]
    return next((e.actor_name for e in events if name in e.changes), "")


@staff_page
@require_POST
def read(request: StaffRequest, number: str) -> HttpResponseBase:
    """The agent has seen the ticket up to `message`."""
    found = find_ticket(request.principal, number)
    raw = request.POST.get("message", "")
    if request.principal.agent and raw.isascii() and raw.isdigit() and len(raw) < 18:
        mark_read(found, agent=request.principal.agent, message_id=int(raw))
        news_read(request.principal.agent, ticket=found)
    return HttpResponse(status=204)
