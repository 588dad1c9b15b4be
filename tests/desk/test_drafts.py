"""Drafts are kept on the server as one types: nothing is lost, and nothing is overwritten in silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.people.principals import Principal
from tresen.core.tickets import drafts
from tresen.core.tickets.jobs import sweep_uploads
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.kit import clock, files

pytestmark = pytest.mark.django_db


def save(client: Client, ticket: Ticket, text: str = "Half a rep", kind: str = "reply", **more: Any) -> Any:
    """What the page sends as one types."""
    sent = {"keep": kind, "kind": kind, f"{kind}_text": text, "once": "page-1", "turn": 1, **more}
    return client.post(f"/desk/tickets/{ticket.number}/draft/", sent, headers=HTMX)


def upload(client: Client, ticket: Ticket, name: str = "log.txt", kind: str = "reply") -> Any:
    sent = {"kind": kind, "files": SimpleUploadedFile(name, b"12:00 down")}
    return client.post(f"/desk/tickets/{ticket.number}/draft/files/", sent, headers=HTMX)


def send(client: Client, ticket: Ticket, text: str = "Half a reply.", **more: Any) -> Any:
    """The composer's form, without a script behind it."""
    sent = {"kind": "reply", "reply_text": text, "to": "carol@faehrholm.example", "then": "send", "once": "page-1",
            "seen": ticket.messages.latest("pk").pk, **more}  # fmt: skip
    return client.post(f"/desk/tickets/{ticket.number}/write/", sent, headers=HTMX)


def composer(client: Client, ticket: Ticket) -> Any:
    return tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first("#composer")


def test_what_was_typed_is_there_again_on_every_device(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    answer = save(anna, ticket, to="", offered="carol@faehrholm.example", add_cc="dan@faehrholm.example")
    assert answer.json()["version"] >= 1 and "Saved" in answer.json()["said"]
    save(anna, ticket, "Ask Mira", "note")
    assert upload(anna, ticket).status_code == 200
    shown = composer(cast.browser(cast.anna), ticket)
    assert shown.css_first("#reply-text").text() == "Half a rep"
    assert shown.css_first("#note-text").text() == "Ask Mira"
    assert shown.css("#composer-to input[name=to][checked]") == []
    assert value(shown, "#add-cc") == "dan@faehrholm.example"
    assert "log.txt" in words(shown.css_first(".chosen[data-kind=reply]"))
    assert "Saved" in words(shown.css_first(".saved"))


def test_a_draft_is_its_writers_alone(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    cast.piotr.teams.add(cast.netz)
    save(anna, ticket)
    upload(anna, ticket)
    assert composer(cast.browser(cast.piotr), ticket).css_first("#reply-text").text() == ""
    assert cast.browser(cast.piotr).get(f"/desk/tickets/{ticket.number}/drafts/", headers=HTMX).json()["drafts"] == {}
    for contact in (cast.carol, cast.dave):
        assert not Draft.objects.visible_to(Principal.of_contact(contact)).exists()


def test_what_was_written_elsewhere_meanwhile_is_shown_and_not_overwritten(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    version = save(anna, ticket, "From the office").json()["version"]
    home = save(anna, ticket, "From at home", once="page-2", reply_version=version)
    assert home.status_code == 200
    office = save(anna, ticket, "From the office, more", reply_version=version, turn=2)
    assert office.status_code == 409
    told = office.json()
    assert told["text"] == "From at home" and "another window" in told["html"]
    assert "<ins>at home</ins>" in told["html"] and "<del>the office, more</del>" in told["html"]
    assert Draft.objects.get().text == "From at home"
    # Having seen it, one's own words may win.
    assert save(anna, ticket, "From the office, more", reply_version=told["version"], turn=3).status_code == 200
    assert Draft.objects.get().text == "From the office, more"


def test_the_same_page_wins_over_its_own_earlier_words_in_whatever_order_they_arrive(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    save(anna, ticket, "First, second", turn=2)
    late = save(anna, ticket, "First", turn=1)
    assert late.status_code == 200 and Draft.objects.get().text == "First, second"
    # An answer that was lost: the page does not know the version, yet it is its own text.
    assert save(anna, ticket, "First, second, third", turn=3, reply_version=0).status_code == 200
    assert Draft.objects.get().text == "First, second, third"


def test_sending_empties_the_draft_and_late_words_do_not_bring_it_back(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    version = save(anna, ticket).json()["version"]
    upload(anna, ticket)
    file = Attachment.objects.get()
    assert send(anna, ticket, reply_version=version, upload=str(file.pk)).status_code == 200
    assert Message.objects.get(kind="reply").attachments.get() == file
    assert save(anna, ticket, "Half a rep", turn=9).status_code == 200  # the same page, on its way when it was sent
    assert composer(anna, ticket).css_first("#reply-text").text() == ""
    other = save(anna, ticket, "Half a rep, and more", once="page-2", reply_version=version)
    assert other.status_code == 409 and "was sent or thrown away" in other.json()["html"]


def test_a_reply_is_not_sent_over_other_words_of_the_same_draft(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    version = save(anna, ticket, "Old").json()["version"]
    save(anna, ticket, "New, from the telephone", once="page-2", reply_version=version)
    held = send(anna, ticket, "Old, finished.", reply_version=version)
    assert held.status_code == 409 and not Message.objects.filter(kind="reply").exists()
    page = tree(held)
    assert "New," in words(page.css_first("#composer .elsewhere"))
    assert page.css_first("#reply-text").text() == "Old, finished."
    assert send(anna, ticket, "Old, finished.", reply_version=value(page, "[name=reply_version]")).status_code == 200
    assert Message.objects.get(kind="reply").text == "Old, finished."


def test_the_other_tab_is_kept_when_one_is_sent(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    send(anna, ticket, note_text="half a note", kind="reply")
    assert composer(anna, ticket).css_first("#note-text").text() == "half a note"


def test_without_a_script_a_draft_is_kept_by_a_button(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    sent = {"kind": "reply", "reply_text": "Later.", "then": "keep", "once": "x"}
    assert anna.post(f"/desk/tickets/{ticket.number}/write/", sent).status_code == 302
    assert composer(anna, ticket).css_first("#reply-text").text() == "Later."
    assert not Message.objects.filter(kind="reply").exists()


def test_a_thrown_away_draft_is_gone_with_its_files(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    save(anna, ticket)
    upload(anna, ticket)
    shown = str(Attachment.objects.get().pk)
    assert save(anna, ticket, discard="1", turn=2, upload=shown).status_code == 200
    assert composer(anna, ticket).css_first("#reply-text").text() == "" and not Attachment.objects.exists()
    assert save(anna, ticket, "Anew", turn=3).status_code == 200
    assert Draft.objects.get().text == "Anew"


def test_an_ended_session_asks_with_401_and_a_lost_right_with_404(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    assert save(Client(), ticket).status_code == 401
    save(anna, ticket)
    cast.anna.teams.clear()
    ticket.team = cast.orders
    ticket.save()
    assert save(anna, ticket, "More", turn=2).status_code == 404
    assert not Draft.objects.visible_to(Principal.of_agent(cast.anna)).exists()


def test_a_text_that_is_too_long_is_said_and_odd_bytes_are_no_fault(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    assert save(anna, ticket, "x" * 200_001).status_code == 422
    odd = save(anna, ticket, "a\0b", once="\0", turn="²", reply_version="9" * 17, staged="\0[", later_at="\0")
    assert odd.status_code == 200 and Draft.objects.get().text == "ab"
    assert anna.post(f"/desk/tickets/{ticket.number}/draft/", {"keep": "spell"}, headers=HTMX).status_code == 404


def test_changes_that_stand_ready_are_kept_and_refused_where_they_are_not_possible(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    save(anna, ticket, staged=["add_tags=vpn", "status=on-hold", "no change"])
    shown = composer(anna, ticket).css(".staged .chip")
    assert [words(chip) for chip in shown] == ["Status → On hold", "+ vpn"]
    wrong = send(anna, ticket, staged=["team=999"])
    assert wrong.status_code == 422 and not Message.objects.filter(kind="reply").exists()


def test_empty_drafts_are_swept_and_written_ones_stay_with_their_files(cast: Cast, anna: Client) -> None:
    ticket, other = cast.ticket(), cast.ticket()
    save(anna, ticket)
    upload(anna, ticket)
    save(anna, other)
    save(anna, other, "", turn=2)
    long_ago = clock.now() - timedelta(days=3)
    Draft.objects.update(updated_at=long_ago)
    Attachment.objects.update(created_at=long_ago)
    sweep_uploads()
    assert Draft.objects.get().ticket == ticket
    assert files.read(Attachment.objects.get().storage_key) == b"12:00 down"


def test_uploads_have_a_quota(cast: Cast, anna: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_UNSENT_BYTES", 25)
    ticket = cast.ticket()
    assert [upload(anna, ticket).status_code for _ in range(3)] == [200, 200, 413]
    assert Attachment.objects.count() == 2


def test_a_file_that_arrives_after_its_reply_has_left_is_not_kept(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    send(anna, ticket)
    late = {"kind": "reply", "files": SimpleUploadedFile("late.txt", b"x"), "once": "page-1"}
    assert anna.post(f"/desk/tickets/{ticket.number}/draft/files/", late, headers=HTMX).status_code == 409
    assert not Attachment.objects.exists()


def test_a_file_put_into_the_draft_elsewhere_is_shown_before_anything_is_sent(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    version = save(anna, ticket).json()["version"]
    upload(cast.browser(cast.anna), ticket, "photo.txt")
    held = send(anna, ticket, reply_version=version)
    assert held.status_code == 409 and not Message.objects.filter(kind="reply").exists()
    page = tree(held)
    assert "A file was added" in words(page.css_first("#composer .elsewhere"))
    photo = value(page, ".chosen[data-kind=reply] [name=upload]")
    assert value(page, ".chosen[data-kind=reply] [name=shown_file]") == photo
    again = value(page, "[name=reply_version]")
    assert send(anna, ticket, reply_version=again, upload=photo, shown_file=photo).status_code == 200
    assert Message.objects.get(kind="reply").attachments.get().filename == "photo.txt"


def test_a_file_that_was_seen_and_taken_out_goes_and_one_that_came_twice_holds_nothing_up(
    cast: Cast, anna: Client
) -> None:
    ticket = cast.ticket()
    upload(anna, ticket, "unwanted.txt")
    unwanted = str(Attachment.objects.get().pk)
    upload(anna, ticket)  # it got there, but the page had sent its form before it heard of that
    form = {"shown_file": unwanted, "files": SimpleUploadedFile("log.txt", b"12:00 down")}
    assert send(anna, ticket, **form).status_code == 200
    assert Attachment.objects.get().message == Message.objects.get(kind="reply")


def test_nothing_written_or_put_in_elsewhere_is_thrown_away_unseen(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    version = save(anna, ticket, "Old").json()["version"]
    save(anna, ticket, "New, from the telephone", once="page-2", reply_version=version)
    held = save(anna, ticket, "Old", discard="1", reply_version=version, turn=2)
    assert held.status_code == 409 and held.json()["text"] == "New, from the telephone"
    upload(cast.browser(cast.anna), ticket, "photo.txt")
    version, photo = held.json()["version"], str(Attachment.objects.get().pk)
    held = save(anna, ticket, "Old", discard="1", reply_version=version, turn=3)
    assert held.status_code == 409 and "photo.txt" in held.json()["files"]
    assert Draft.objects.get().text == "New, from the telephone" and Attachment.objects.exists()
    assert save(anna, ticket, "Old", discard="1", reply_version=version, turn=4, upload=photo).status_code == 200
    assert Draft.objects.get().text == "" and not Attachment.objects.exists()


def test_lists_say_on_which_tickets_one_has_begun_to_write(cast: Cast, anna: Client) -> None:
    begun, with_file, emptied, read = (
        cast.ticket(name, team=None) for name in ("begun", "with file", "emptied", "read")
    )
    save(anna, begun)
    upload(anna, with_file, kind="note")
    save(anna, emptied)
    send(anna, emptied)
    save(cast.browser(cast.piotr), read)
    read.messages.all().delete()

    def marked(client: Client) -> set[str]:
        rows = tree(client.get("/desk/views/all/")).css(".row")
        return {row.css_first(".subject").attributes["title"] or "" for row in rows if row.css_first(".begun")}

    assert marked(anna) == {"begun", "with file"} and marked(cast.browser(cast.piotr)) == {"read"}
    assert "Unfinished draft" in words(tree(anna.get("/desk/search/?q=begun")))
