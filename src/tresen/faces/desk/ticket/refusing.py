"""What stands in the way of something written or changed on a ticket, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.rows import StaleTicket
from tresen.core.tickets.sides import WrongCircle
from tresen.faces.desk.access import MERGED
from tresen.faces.desk.ticket.fields import LABELS
from tresen.kit.box import BoxBusy


def needs(field: str) -> str:
    """What an agent is told whose ticket has an own field open that must be filled in, or a value it cannot have."""
    found = CustomField.objects.filter(slug=field.removeprefix(KEY)).first()
    name = found.name if found else field.removeprefix(KEY)
    return _("Please fill in “%(field)s” first, under “More about the ticket”.") % {"field": name}


def why_not(fault: Exception) -> tuple[str, int]:
    """What is said of it, and the status of the answer. Raises what is none of these."""
    match fault:
        case StaleTicket():
            return str(MERGED), 409
        case WrongCircle():
            return _("Somebody of them takes part in the ticket itself, or has no mail address that we know."), 409
        case WrongValue() if fault.field.startswith(KEY):
            return needs(fault.field), 422
        case WrongValue():
            label = LABELS.get(fault.field, fault.field)
            return _("%(field)s: that value is not possible.") % {"field": label}, 422
        case BoxBusy():
            return _("The desk has much to do at this moment. Please send it once more."), 503
    raise fault
