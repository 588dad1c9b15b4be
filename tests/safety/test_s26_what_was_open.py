"""S26, all that was open when a right ended: pages and their parts, acts, undo, addresses of files, programs, work that
waits. All of it is refused at once (P4); drafts and streams have their own stories."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import TEST, make_cast
from tresen.core.people.principals import Principal
from tresen.core.teamwork.checklist import add_items
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.file_urls import signed_url
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.operations import start
from tresen.core.tickets.services import add_note, update_ticket
from tresen.service.bulk.jobs import work
from tresen.service.bulk.models import BulkChange
from tresen.service.texts.services import create_macro
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_s26_everything_that_was_open_is_refused_at_once() -> None:
    cast = make_cast()
    ticket, anna, program = cast.ticket(), cast.browser(cast.anna), cast.calls(cast.anna, "read", "write")
    macro = create_macro(set={"name": "Look", "changes": {"priority": 4}}, by=TEST)
    step = add_items(ticket, ["Look"], by=TEST)[0]
    operation = start("change", agent=cast.anna)
    update_ticket(ticket, by=TEST, set={"priority": 3}, operation=operation)
    file = prepare_file([b"secret"], filename="secret.txt", uploaded_by=cast.anna)
    note = add_note(ticket, by=TEST, agent=cast.anna, content=Content("Only us."), files=[file])
    address = signed_url(file, principal=Principal.of_agent(cast.anna))
    assert anna.get(address).status_code == 200
    sent = {"ticket": [ticket.number], "from": "view=all", "step": "run", "total": "1"}
    assert anna.post("/desk/bulk/", {**sent, "priority": "1"}).status_code == 302
    change = BulkChange.objects.get()

    cast.anna.teams.clear()
    here, last = f"/desk/tickets/{ticket.number}/", Event.objects.latest("pk").pk
    for path in (here, f"{here}?view=all", f"{here}connect/", f"{here}split/", f"{here}texts/macros/", f"{here}time/",
                 f"{here}texts/macros/{macro.pk}/", f"/desk/rows/{ticket.number}/?view=all",
                 f"/desk/messages/{note.pk}/original/", f"/desk/messages/{note.pk}/files/",
                 f"/desk/attachments/{file.pk}/", address):  # fmt: skip
        assert anna.get(path, headers=HTMX).status_code == 404, path
    for path, words in (
        (f"{here}change/", {"priority": "4"}), (f"{here}apply/", {"staged": "priority=4"}),
        (f"{here}write/", {"kind": "note", "note_text": "x", "then": "note"}), (f"{here}checklist/", {"items": "x"}),
        (f"{here}draft/files/", {"kind": "note", "files": SimpleUploadedFile("x.txt", b"x")}),
        (f"/desk/checklist/{step.pk}/", {"what": "done"}), (f"{here}snooze/", {"until": "later"}),
        (f"{here}connect/", {"with": ticket.number, "act": "merge_into"}), (f"{here}follow/", {}),
    ):  # fmt: skip
        assert anna.post(path, words, headers=HTMX).status_code == 404, path
    anna.post(f"/desk/operations/{operation.pk}/undo/", headers=HTMX)
    assert program.get(f"/tickets/{ticket.number}").status_code == 404
    assert program.patch(f"/tickets/{ticket.number}", {"subject": "x"}, if_match='"1"').status_code == 404
    for line in ("Only us", ticket.number, "VPN"):
        assert "Only us." not in (found := anna.get("/desk/search/", {"q": line}).content.decode())
        assert f'data-number="{ticket.number}"' not in found
    work(change_id=change.pk)

    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.priority, change.targets.get().reason) == (3, "rights")
    assert Message.objects.filter(ticket=ticket).count() == 2
    assert not Event.objects.filter(pk__gt=last, stream_kind="ticket", stream_id=ticket.pk).exists()
