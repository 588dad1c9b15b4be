"""Integrity: what must hold between rows, counted one by one."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Count, Exists, F, OuterRef, Q

from tresen.channels.mail.ledger import read_ledger
from tresen.channels.mail.models import Outbox
from tresen.core.tickets.models import Attachment, Message, Participant, Ticket
from tresen.core.tickets.numbers import read_number
from tresen.core.tickets.operation_models import OperationKind, OperationStep
from tresen.core.tickets.structure_models import Merge, Relation, RelationKind
from tresen.kit import files
from tresen.service.sla.integrity import clock_faults
from tresen.service.texts.models import KeptFile


def _status_copies() -> list[str]:
    wrong = Ticket.objects.exclude(status_category=F("status__category")).count()
    return [f"{wrong} tickets carry another category than their status"] if wrong else []


def _requesters() -> list[str]:
    with_one = Participant.objects.filter(role="requester", contact=F("ticket__requester")).count()
    total = Ticket.objects.count()
    return [f"{total - with_one} tickets lack their requester among the participants"] if with_one != total else []


def _threads() -> list[str]:
    wrong = Ticket.objects.annotate(n=Count("threads", filter=Q(threads__kind="main"))).exclude(n=1).count()
    strays = Message.objects.exclude(ticket=F("thread__ticket")).count()
    faults = [f"{wrong} tickets have no main thread"] if wrong else []
    beside = Q(thread__kind="side")
    mixed = Message.objects.filter((beside & Q(is_side=False)) | (~beside & Q(is_side=True))).count()
    faults += [f"{mixed} messages of side threads are not marked so, or others are"] if mixed else []
    return faults + ([f"{strays} messages are on another ticket than their thread"] if strays else [])


def _signposts() -> list[str]:
    """A merged ticket holds nothing, leads to one that is none, and has a merge or split that says why."""
    posts = Ticket.objects.exclude(merged_into=None)
    full = posts.filter(Exists(Message.objects.filter(ticket=OuterRef("pk")))).count()
    rings = posts.exclude(merged_into__merged_into=None).filter(merged_into__merged_into=F("pk")).count()
    open_ones = posts.exclude(status_category="closed").count()
    known = Merge.objects.filter(source=OuterRef("pk"), target=OuterRef("merged_into"), undone_at=None)
    split = OperationStep.objects.filter(ticket=OuterRef("pk"), operation__kind=OperationKind.SPLIT)
    unknown = posts.exclude(Exists(known)).exclude(Exists(split)).count()
    said = {
        "merged tickets still hold messages": full, "pairs of merged tickets lead to each other": rings,
        "merged tickets are not closed": open_ones, "merged tickets have no merge that led there": unknown,
    }  # fmt: skip
    lost = Merge.objects.filter(undone_at=None).exclude(source__merged_into=F("target")).count()
    said["merges are not undone, but their ticket leads elsewhere"] = lost
    return [f"{n} {fault}" for fault, n in said.items() if n]


def _families() -> list[str]:
    """A parent is nobody's child."""
    parents = Relation.objects.filter(kind=RelationKind.CHILD).values("target")
    wrong = Relation.objects.filter(kind=RelationKind.CHILD, source__in=parents).count()
    return [f"{wrong} tickets are parent and child at once"] if wrong else []


def _numbers() -> list[str]:
    return [
        f"ticket {pk} has the impossible number {number}"
        for pk, number in Ticket.objects.values_list("pk", "number").iterator(chunk_size=5000)
        if read_number(number) != number
    ]


def _replies() -> list[str]:
    replies = Message.objects.filter(kind="reply", delivery__in=["queued", "deferred"])
    lost = replies.exclude(pk__in=Outbox.objects.exclude(message=None).values("message")).count()
    return [f"{lost} replies say that they are on their way but no outbox row carries them"] if lost else []


def _files() -> list[str]:
    faults = []
    for name, rows in (("attachment", Attachment.objects), ("kept file", KeptFile.objects)):
        for pk, key, size in rows.values_list("pk", "storage_key", "size").iterator(chunk_size=5000):
            try:
                there = files.path_of(key).stat().st_size
            except FileNotFoundError:
                faults.append(f"the file of {name} {pk} is missing")
                continue
            if there != size:
                faults.append(f"the file of {name} {pk} has {there} bytes instead of {size}")
    return faults


def _ledger() -> list[str]:
    ledger = read_ledger()
    return [] if ledger.closes else ["the mail ledger does not close", *ledger.faults]


CHECKS: list[Callable[[], list[str]]] = [
    _status_copies, _requesters, _threads, _signposts, _families, _numbers, _replies, _files, _ledger,
    clock_faults,
]  # fmt: skip


def all_faults() -> list[str]:
    """Every fault in a sentence; empty when all is well."""
    return [fault for check in CHECKS for fault in check()]
