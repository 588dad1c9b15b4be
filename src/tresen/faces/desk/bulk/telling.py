"""What is said when many tickets cannot be changed, and the way back to their list."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from tresen.faces.desk.access import StaffRequest
from tresen.faces.desk.bulk.selection import Selection
from tresen.faces.desk.lists.pane import Source
from tresen.faces.desk.lists.table import FIRST
from tresen.kit import notices
from tresen.service.bulk.services import MOST_TICKETS


def back_from(selection: Selection) -> str:
    """The list where they were selected."""
    return (selection.source or Source(FIRST)).url


def nothing_selected(request: StaffRequest, selection: Selection) -> HttpResponseRedirect:
    """Back to the list, with a word."""
    notices.tell(request, _("Select some tickets first."), "warn")
    return HttpResponseRedirect(back_from(selection))


def too_many() -> str:
    """More than a change may reach."""
    return _("That are more than %(n)s tickets. Narrow the search down first.") % {"n": MOST_TICKETS}
