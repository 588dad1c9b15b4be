"""A row of a list, drawn. Lists draw fifty at a time, all day long for everybody: this is the one part of a screen that
is put together here instead of in a template, at a tenth of the time. Whatever people wrote goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from tresen.core.tickets.choices import Ball, TicketType
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import shown_value
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.clocks.targets import strip_of
from tresen.faces.desk.lists.reading import Row
from tresen.kit import clock
from tresen.kit.templatetags.kit import age, avatar, channel, highlight, icon, priority, status, when
from tresen.service.sla.metrics import metrics
from tresen.service.sla.models import ClockStrip

# So many letters of a field of the desk's own stand in a row.
_CELL = 200
_WAITS: dict[str, str] = {Ball.CUSTOMER: "customer", Ball.DATE: "date"}


class Pen:
    """Draws the rows of one answer: its words are translated once. `parameter` names the list in the rows' addresses,
    `words` are marked, `current` is the ticket that is open beside it, `own` are columns of the desk's own."""

    def __init__(
        self, *, parameter: str, columns: tuple[str, ...], words: tuple[str, ...] = (), current: int | None = None,
        own: Sequence[CustomField] = (),
    ) -> None:  # fmt: skip
        self.columns, self.words, self.current, self.own = frozenset(columns), words, current, own
        before, _number, after = reverse("desk:ticket", args=["NUMBER"]).partition("NUMBER")
        self.before, self.after = escape(before), escape(f"{after}?{parameter}")
        self.language = escape(get_language() or "en")
        self.unread, self.select = escape(_("Unread:")), escape(_("Select:"))
        self.lost, self.you_wrote = escape(_("Not delivered")), escape(_("You:"))
        self.begun = escape(_("Unfinished draft"))
        self.now, self.over = clock.now(), escape(_("Overdue"))
        self.metrics = {metric.slug: escape(str(metric.label)) for metric in metrics()}
        self.you, self.nobody = escape(_("You")), escape(_("Nobody yet"))
        self.vip = escape(_("VIP"))
        self.level, self.short_level = escape(_("Level %(n)s")), escape(pgettext("short for level", "L%(n)s"))
        self.waits = {
            "customer": pgettext("we wait for", "Customer"), "date": pgettext("we wait for", "Date"),
            "other": pgettext("we wait for", "Third party"),
        }  # fmt: skip
        self.mark: Callable[[str], str] = (lambda text: highlight(text, words)) if words else escape

    def row(self, row: Row) -> SafeString:
        """The row, below its heading where one begins."""
        t = row.ticket
        here = ' aria-current="true"' if t.pk == self.current else ""
        unread = " unread" if row.unread else ""
        heading = f'<li class="group">{escape(row.heading)}</li>\n' if row.heading else ""
        cells = (self._mark(row), self._subject(row), self._due(row), self._last(row), self._age(t), self._whoref(row),
                 self._own(row), self._more(t))  # fmt: skip
        inner = "\n  ".join(cell for cell in cells if cell)
        return mark_safe(  # noqa: S308 - every piece is escaped
            f'{heading}<li class="row{unread}" data-number="{escape(t.number)}"{here}>\n  {inner}\n</li>'
        )

    def _mark(self, row: Row) -> str:
        t = row.ticket
        box = (
            f'<label class="check"><span class="sr">{self.select} {escape(t.shown_number)}</span>'
            f'<input type="checkbox" name="ticket" value="{escape(t.number)}" form="bulk" autocomplete="off"></label>'
        )
        arrow = priority(t.priority, row.priority, word=False)
        return f'<span class="mark">{box}<span class="dot"></span>{arrow}</span>'

    def _subject(self, row: Row) -> str:
        t = row.ticket
        said = f'<span class="sr" lang="{self.language}">{self.unread} </span>' if row.unread else ""
        return (
            f'<a class="subject" href="{self.before}{escape(t.number)}{self.after}" lang="{escape(t.language)}"'
            f' title="{escape(t.subject)}">{said}{self.mark(t.subject)}</a>'
        )

    def _due(self, row: Row) -> str:
        if "status" not in self.columns:
            return ""
        t, strip = row.ticket, strip_of(row.ticket)
        if strip and strip.due_at and not row.finished:
            shown = self._target(strip.due_at, strip)
        elif row.paused:
            word = escape(self.waits[_WAITS.get(t.ball, "other")])
            shown = f'<span class="due paused" title="{escape(str(Ball(t.ball).label))}">{icon("pause")}{word}</span>'
        else:
            state = "" if row.finished else " state"
            shown = f'<span class="due{state}">{status(t.status_category, t.status.name)}</span>'
        return f'<span class="due-cell">{shown}</span>'

    def _target(self, due_at: datetime, strip: ClockStrip) -> str:
        """The next thing due: how long until then, or since then."""
        title, time = (
            self.metrics.get(strip.metric) or self.metrics.get(strip.metric.partition("-")[0], ""),
            age(due_at),
        )
        if due_at < self.now:
            said = f'<span class="sr">{self.over} </span>'
            return f'<span class="due over" title="{title}">{icon("alert")}{said}{time}</span>'
        soon = " soon" if strip.warn_at and strip.warn_at <= self.now else ""
        return f'<span class="due{soon}" title="{title}">{icon("clock")}{time}</span>'

    def _last(self, row: Row) -> str:
        t = row.ticket
        lost = begun = speaker = ""
        if t.is_undelivered:
            lost = f'<b class="lost" lang="{self.language}">{icon("alert", "s")}{self.lost}</b> '
        if row.begun:
            begun = f'<b class="begun" lang="{self.language}">{icon("pen", "s")}{self.begun}</b> '
        if row.excerpt:
            pass  # somebody's, not always who wrote last
        elif row.by_me:
            speaker = f'<b lang="{self.language}">{self.you_wrote}</b> '
        elif row.speaker:
            speaker = f"<b>{escape(row.speaker)}:</b> "
        text = self.mark(row.excerpt or t.last_text)
        return f'<span class="last" lang="{escape(t.language)}">{lost}{begun}{speaker}{text}</span>'

    def _age(self, t: Ticket) -> str:
        return age(t.last_message_at, "age") if "age" in self.columns else ""

    def _whoref(self, row: Row) -> str:
        t = row.ticket
        cells: list[str] = []
        if "channel" in self.columns:
            cells.append(channel(t.channel, row.channel))
        if "number" in self.columns:
            cells.append(f'<span class="ref num">{escape(t.shown_number)}</span>')
        if "requester" in self.columns:
            org = f'<span class="org">{escape(t.organisation.name)}</span>' if t.organisation else ""
            is_vip = t.requester.is_vip or (t.organisation and t.organisation.is_vip)
            vip = f' <b class="vip" lang="{self.language}">{self.vip}</b>' if is_vip else ""
            cells.append(f'<span class="req"><span class="name">{self.mark(t.requester.name)}{vip}</span>{org}</span>')
        return f'<span class="whoref">{"".join(cells)}</span>' if cells else ""

    def _own(self, row: Row) -> str:
        t, cells = row.ticket, []
        if "team" in self.columns:
            level = f" · {self.short_level % {'n': t.level}}" if t.level > 1 and t.team else ""
            cells.append(f'<span class="team">{escape(t.team.name) if t.team else ""}{level}</span>')
        if "assignee" in self.columns:
            name = t.assignee.user.name if t.assignee else ""
            shown = self.you if row.mine else escape(name) if name else self.nobody
            mark = avatar(name, size="s", me=row.mine, title=True)
            cells.append(f'<span class="who-owns">{mark}<span class="agent">{shown}</span></span>')
        return f'<span class="own">{"".join(cells)}</span>' if cells else ""

    def _more(self, t: Ticket) -> str:
        """Cells for wide lists only."""
        cells = []
        if "level" in self.columns:
            cells.append(f'<span class="more level">{self.level % {"n": t.level}}</span>')
        if "type" in self.columns:
            cells.append(f'<span class="more type">{escape(str(TicketType(t.type).label))}</span>')
        if "category" in self.columns:
            name, trail = (t.category.name, t.category.trail) if t.category else ("", "")
            cells.append(f'<span class="more category" title="{escape(trail)}">{escape(name)}</span>')
        if "tags" in self.columns:
            names = ", ".join(tag.name for tag in t.tags.all())
            cells.append(f'<span class="more tags" title="{escape(names)}">{escape(names)}</span>')
        if "created" in self.columns:
            cells.append(f'<span class="more created">{when(t.created_at)}</span>')
        for n, field in enumerate(self.own, 1):
            text = escape(shown_value(field, t.fields.get(field.slug))[:_CELL])
            cells.append(f'<span class="more f{n}" title="{text}">{text}</span>')
        return "".join(cells)
