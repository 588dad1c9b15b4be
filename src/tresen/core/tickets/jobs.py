"""Jobs of the tickets."""

from __future__ import annotations

from datetime import timedelta

from tresen.core.people.models import Agent
from tresen.core.tickets.binning import PURGED_AT_ONCE, purge_bin
from tresen.core.tickets.drafts import sweep_drafts
from tresen.core.tickets.models import Attachment
from tresen.core.tickets.operations import SWEPT_AT_ONCE, sweep_operations
from tresen.core.tickets.planning import leave
from tresen.core.tickets.previews import draw, sweep_previews
from tresen.core.tickets.relating import act_on_more
from tresen.core.tickets.releasing import release_tickets
from tresen.core.tickets.sides import remind
from tresen.core.tickets.undoing import undo_more
from tresen.kit import clock, files
from tresen.kit.box import BoxBusy, BoxDied, BoxTimeout
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.registry import Retry, job

UPLOAD_HOURS = 24
TRIED_AGAIN_SECONDS = 15


@job("tickets.sweep_uploads", outside=True)
def sweep_uploads() -> None:
    """Removes uploads that were never sent and are in no draft, after 24 hours, drafts that have long been empty
    (drafts.EMPTY_FOR), and previews nobody has looked at for a month."""
    over = clock.now() - timedelta(hours=UPLOAD_HOURS)
    for left in Attachment.objects.filter(message=None, draft=None, created_at__lt=over)[:500]:
        # Looked at again in the same statement: somebody may put it on a message in this moment.
        if Attachment.objects.filter(pk=left.pk, message=None, draft=None).delete()[0]:
            files.remove(left.storage_key)
    sweep_drafts()
    sweep_previews()


@job("tickets.draw_preview", queue="previews", outside=True, max_attempts=3)
def draw_preview(*, source: str) -> None:
    """The first pages of a PDF are drawn, as an agent wants to see them."""
    try:
        draw(source)
    except BoxBusy as fault:
        raise Retry(5, "the box is busy") from fault
    except (BoxTimeout, BoxDied) as fault:
        raise Retry(TRIED_AGAIN_SECONDS, str(fault)) from fault


@job("tickets.release", outside=True)
def release_tickets_of(*, agent_id: int, event_id: int) -> None:
    """Gives the open tickets of a deactivated agent back to their teams; an agent who is back again keeps the rest."""
    agent = Agent.objects.filter(pk=agent_id, user__is_active=False).first()
    if agent and release_tickets(agent, by=Actor.system("deactivation", cause_id=event_id)):
        raise Retry(0, "more tickets of this agent are left")


@job("tickets.leave", max_attempts=12)
def leave_reply(*, message_id: int) -> None:
    """A planned reply leaves at its time."""
    leave(message_id)


@job("tickets.children")
def act_on_rest(*, operation_id: int, children: list[int], text: str, status: str) -> None:
    """The children of a ticket are answered or closed in steps of fifty."""
    act_on_more(operation_id, children, text=text, status=status)


@job("tickets.purge_bin", outside=True)
def purge() -> None:
    """What was deleted 30 days ago goes for good."""
    if purge_bin() == PURGED_AT_ONCE:
        raise Retry(1, "more deleted tickets are left")


@job("tickets.sweep_operations", outside=True)
def sweep_old_operations() -> None:
    """What can no longer be undone is forgotten."""
    if sweep_operations() == SWEPT_AT_ONCE:
        raise Retry(1, "more operations are left")


@job("tickets.undo", outside=True)
def undo_rest(*, operation_id: int) -> None:
    """An operation on many tickets is undone in steps of fifty."""
    if undo_more(operation_id):
        raise Retry(0, "more tickets of this operation are left")


@job("tickets.remind_side", max_attempts=12)
def remind_of_side(*, side_id: int) -> None:
    """Nobody has answered on a side thread until the time that was set."""
    remind(side_id)
