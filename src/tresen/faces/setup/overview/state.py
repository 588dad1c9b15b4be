"""How the desk is: what is set up, what waits for somebody, whether the machinery runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tresen.channels.mail.mailboxes import mailboxes_for
from tresen.channels.mail.models import FETCHED
from tresen.channels.mail.outgoing import count_outgoing
from tresen.channels.mail.troubles import known_troubles, together
from tresen.core.people.models import Agent, Brand
from tresen.core.people.principals import Principal
from tresen.faces.setup.waiting import Waiting
from tresen.kit import clock
from tresen.spine.jobs.models import WorkerBeat

ALIVE_SECONDS = 60


@dataclass(frozen=True)
class Step:
    """One thing a desk needs: done or not, what it is about, where to do it."""

    is_done: bool
    title: str
    words: str
    url: str
    action: str


@dataclass(frozen=True)
class Concern:
    """Something that waits for a person; nothing of it means all is well."""

    words: str
    url: str
    action: str
    tone: str = "warn"


def steps(principal: Principal, *, leaves: bool) -> list[Step]:
    """What a new desk sets up, in a good order. `leaves`: mail can leave the house."""
    mailboxes = list(mailboxes_for(principal).filter(is_active=True))
    fetched = [box for box in mailboxes if box.incoming in FETCHED]
    addresses = ", ".join(box.address for box in mailboxes)
    colleagues = Agent.objects.active().count()
    brand = Brand.objects.filter(is_active=True).order_by("-is_default", "pk").first()
    found = _("%(names)s: new mail becomes tickets.") % {"names": addresses}
    if mailboxes and not fetched:
        found += " " + _("Your mail server hands it over; or let Tresen fetch it.")
    return [
        Step(bool(mailboxes), _("Let mail come in"), found if mailboxes else _("No mailbox is in use yet."),
             reverse("setup:mailboxes"), _("Mailboxes")),
        Step(leaves, _("Let mail go out"),
             _("A server takes answers to your customers.") if leaves
             else _("Until a server is set, answers are written to the outgoing folder and reach nobody."),
             reverse("setup:mailboxes"), _("Mailboxes")),
        Step(bool(brand and brand.office_hours.get("weekly")), _("Say who you are and when somebody is there"),
             brand.name if brand else _("There is no brand yet."), reverse("setup:brands"), _("Brands and hours")),
        Step(colleagues > 1, _("Bring your colleagues in"),
             ngettext("%(n)d person can sign in.", "%(n)d people can sign in.", colleagues) % {"n": colleagues},
             reverse("setup:agents"), _("Agents")),
    ]  # fmt: skip


def concerns(principal: Principal, waiting: Waiting, *, leaves: bool) -> list[Concern]:
    """What needs somebody now. `leaves`: mail can leave the house."""
    found = []
    if not _worker_is_alive():
        found.append(
            Concern(_("No worker is running: nothing is sent, fetched or filed. Start “tresen work”."), "", "", "bad")
        )
    wrong = [one for one in known_troubles() if one.kind != "worker"]  # told above
    found += [Concern(one.words, one.path, _("Have a look"), "bad") for one in together(wrong)]
    told = {one.mailbox_id for one in wrong if one.mailbox_id}
    for box in mailboxes_for(principal).filter(is_active=True).exclude(fault="").exclude(pk__in=told):
        words = _("Mail from %(address)s cannot be fetched.") % {"address": box.address}
        found.append(Concern(words, reverse("setup:mailbox", args=[box.pk]), _("Have a look"), "bad"))
    if unread := waiting.open_mails:
        words = ngettext("%(n)d mail could not be taken in.", "%(n)d mails could not be taken in.", unread)
        found.append(Concern(words % {"n": unread}, reverse("setup:ledger"), _("Have a look")))
    if stuck := waiting.stuck_mails:
        words = ngettext("%(n)d mail did not arrive.", "%(n)d mails did not arrive.", stuck)
        found.append(Concern(words % {"n": stuck}, reverse("setup:outbox") + "?state=stuck", _("Have a look")))
    if failed := waiting.failed_jobs:
        words = ngettext("%(n)d job has failed for good.", "%(n)d jobs have failed for good.", failed)
        found.append(Concern(words % {"n": failed}, reverse("setup:jobs"), _("Have a look")))
    if not leaves and (lying := count_outgoing()):
        words = ngettext("%(n)d mail lies in the outgoing folder and has reached nobody.",
                         "%(n)d mails lie in the outgoing folder and have reached nobody.", lying)  # fmt: skip
        found.append(Concern(words % {"n": lying}, reverse("setup:outgoing"), _("Read them")))
    return found


def _worker_is_alive() -> bool:
    recent = clock.now() - timedelta(seconds=ALIVE_SECONDS)
    return WorkerBeat.objects.filter(kind="worker", seen_at__gte=recent).exists()
