"""What rules do with kept texts: answer with a saved reply, apply a macro."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tresen.channels.mail.compose import sender_mailbox
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.outbox import may_answer_automatically
from tresen.channels.mail.wording import values_of
from tresen.core.people.identities import fold_mail
from tresen.core.people.principals import Principal
from tresen.core.people.services import main_identity
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.teamwork.templates import CHECKLIST
from tresen.core.tickets.automation import (
    Doing,
    Input,
    MustStop,
    NotDone,
    WrongAction,
    answer_by_rule,
    note_by_rule,
)
from tresen.core.tickets.changes import WrongValue, value_now
from tresen.core.tickets.field_values import gathered
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.staged import TAGS
from tresen.core.tickets.tagging import tags_named
from tresen.service.texts.changes import rows_of
from tresen.service.texts.filling import NAMES, filled, language_of
from tresen.service.texts.models import KeptText, Macro, MacroKind, SavedReply
from tresen.service.texts.uses import count_applied, note_use


def _shared(kind: Any) -> Any:
    """Only what everybody may use: a rule is nobody."""
    return kind.objects.active().filter(owner=None, team=None)


def _choices(kind: Any) -> Any:
    def choices(principal: Principal) -> list[tuple[str, Any]]:
        return [(str(one.pk), one.name) for one in _shared(kind).order_by("name")]

    return choices


def _found(kind: Any, key: str) -> Any:
    return _shared(kind).filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 16 else None


def _text(kept: KeptText, ticket: Ticket, mailbox: Mailbox | None) -> str:
    language = kept.language_for(language_of("", ticket), ticket.brand.language)
    values = values_of(brand=ticket.brand, ticket=ticket, mailbox=mailbox, agent=None, link="")
    return filled(kept.texts[language], {name: values[name] for name in NAMES}) if language else ""


def answer(kept: KeptText, doing: Doing) -> None:
    """The text goes to the requester alone, within the caps of automatic mail. Raises NotDone, MustStop."""
    ticket = doing.ticket
    to, mailbox = main_identity(ticket.requester), sender_mailbox(ticket)
    if doing.quiet:
        raise NotDone("machine")
    if ticket.is_unconfirmed:
        raise NotDone("unconfirmed")
    if to is None or mailbox is None:
        raise NotDone("address")
    if any(fold_mail(box) == fold_mail(to.value) for box in Mailbox.objects.values_list("address", flat=True)):
        raise MustStop("own_mail")
    if not may_answer_automatically(to.value, mailbox_id=mailbox.pk, verified=to.verified_at is not None):
        raise NotDone("caps")
    text = _text(kept, ticket, mailbox)
    if not text:
        raise NotDone("language")
    doing.writes_to(1)
    people = [{"role": "to", "name": ticket.requester.name, "address": to.value}]
    name = mailbox.name or ticket.brand.name
    message = answer_by_rule(ticket, text, name=name, recipients=people, by=doing.by)
    if isinstance(kept, SavedReply):
        note_use(message, replies=[kept])


def _checklist(macro: Macro) -> ChecklistTemplate | None:
    """The one that it adds, if that is in use."""
    return ChecklistTemplate.objects.active().filter(pk=macro.changes.get("checklist")).first()


class Reply:
    """Answers with a saved reply, in the language of the ticket."""

    kind, label, icon = "reply", gettext_lazy("Answer with a saved reply"), "reply"
    inputs = (
        Input("text", gettext_lazy("Saved reply"), choices=_choices(SavedReply),
              hint=gettext_lazy("To the requester alone, as an automatic mail, within the limits for such mail.")),
    )  # fmt: skip
    repeats: frozenset[str] = frozenset()

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One that everybody may use."""
        if _found(SavedReply, str(values.get("text", ""))) is None:
            raise WrongAction("text")
        return {"text": str(values["text"])}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """The requester has a confirmed ticket and an address."""
        return not ticket.is_unconfirmed and main_identity(ticket.requester) is not None

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `reply.added`."""
        found = _found(SavedReply, kept["text"])
        if found is None:
            raise NotDone("gone")
        answer(found, doing)
        return True

    def say(self, kept: Mapping[str, Any]) -> str:
        """By its name."""
        return _("Answer: %(name)s") % {"name": _found(SavedReply, str(kept.get("text", ""))) or _("gone")}


class ApplyMacro:
    """A macro that everybody may use: its changes, and its text."""

    kind, label, icon = "macro", gettext_lazy("Apply a macro"), "bolt"
    inputs = (Input("macro", gettext_lazy("Macro"), choices=_choices(Macro)),)
    repeats: frozenset[str] = frozenset({"note.added"})

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """One that everybody may use."""
        if _found(Macro, str(values.get("macro", ""))) is None:
            raise WrongAction("macro")
        return {"macro": str(values["macro"])}

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It changes something, or writes."""
        macro = _found(Macro, kept["macro"])
        if macro is None:
            return False
        return bool(macro.texts or self._fields(macro, ticket, None) or CHECKLIST.missing_on(ticket, _checklist(macro)))

    def _fields(self, macro: Macro, ticket: Ticket, doing: Doing | None) -> dict[str, Any]:
        wanted = rows_of({name: value for name, value in macro.changes.items() if name not in TAGS})
        fields = {name: value for name, value in wanted.items() if value_now(ticket, name) != value}
        dropped = {name.casefold() for name in macro.changes.get("remove_tags", [])}
        added = macro.changes.get("add_tags", [])
        now = {tag.name.casefold(): tag for tag in ticket.tags.all()}
        missing = [name for name in added if name.casefold() not in now]
        if missing or dropped & now.keys():
            more = tags_named(added, by=doing.by) if doing else []
            fields["tags"] = [*{tag.pk: tag for name, tag in now.items() if name not in dropped}.values(), *more]
        return gathered(fields)

    def foresee(self, kept: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
        """Its fields, but for tags and those of the desk's own, which are rows; the steps of its checklist."""
        macro = _found(Macro, kept["macro"])
        if macro is None:
            return {}
        fields = self._fields(macro, ticket, None)
        found = {name: value for name, value in fields.items() if name not in ("tags", "fields")}
        return {**found, "checklist": CHECKLIST.missing_on(ticket, _checklist(macro))}

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Events `ticket.changed`, `checklist.changed`, `note.added` or `reply.added`."""
        macro = _found(Macro, kept["macro"])
        if macro is None:
            raise NotDone("gone")
        fields, before = self._fields(macro, doing.ticket, doing), doing.ticket.version
        if fields:
            doing.ticket = update_ticket(doing.ticket, by=doing.by, set=fields)
        put = self._put_checklist(macro, doing)
        if macro.texts and macro.kind == MacroKind.NOTE:
            note_by_rule(doing.ticket, _text(macro, doing.ticket, sender_mailbox(doing.ticket)), by=doing.by)
        elif macro.texts:
            try:
                answer(macro, doing)
            except NotDone as fault:
                if doing.ticket.version == before and not put:
                    raise
                doing.skipped.append(fault.why)  # its changes stand, and are told
        count_applied(macro)
        return bool(macro.texts) or put or doing.ticket.version != before

    def _put_checklist(self, macro: Macro, doing: Doing) -> bool:
        try:
            return bool(CHECKLIST.put_by(doing.ticket, _checklist(macro), by=doing.by))
        except WrongValue:
            doing.skipped.append("full")
            return False

    def say(self, kept: Mapping[str, Any]) -> str:
        """By its name."""
        return _("Macro: %(name)s") % {"name": _found(Macro, str(kept.get("macro", ""))) or _("gone")}


REPLY, MACRO = Reply(), ApplyMacro()
