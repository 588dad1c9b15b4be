"""What an attached file looks like before it is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.pdfs import BAD_KEY, pdf
from tresen.core.tickets import previews
from tresen.core.tickets.binning import delete_ticket, purge_bin
from tresen.core.tickets.jobs import sweep_uploads
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.preview_models import Preview
from tresen.kit import clock, files
from tresen.kit.box import Box, BoxBusy, BoxDied, BoxTimeout
from tresen.kit.pictures import picture_size
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import QUEUES, drain

Put = Callable[..., Attachment]


@pytest.fixture
def put(cast: Cast, received: Callable[..., Message], file: Put) -> Callable[[str, bytes], Attachment]:
    """A file on a ticket of carol's."""
    return lambda name, data: file(received(cast.ticket()), name, data)


def shown(client: Client, file: Attachment) -> Any:
    return tree(client.get(f"/desk/attachments/{file.pk}/preview/", headers=HTMX))


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_first_pages_of_a_pdf_are_drawn_once_somebody_asks(put: Any, anna: Client) -> None:
    one = put("offer.pdf", pdf(pages=5))
    ticket = tree(anna.get(f"/desk/tickets/{one.message.ticket.number}/"))
    asks = ticket.css_first("details.preview")
    assert "Preview of offer.pdf" in words(asks) and not Preview.objects.exists()
    waiting = shown(anna, one).css_first("[hx-get]")
    assert "being drawn" in words(waiting) and waiting.attributes["hx-get"] == asks.attributes["hx-get"]
    drain()
    found = shown(anna, one)
    assert "The first 3 of 5 pages." in words(found) and len(found.css("img")) == 3
    assert found.css_first("img").attributes["alt"] == "Page 1 of offer.pdf"
    picture = anna.get(found.css_first("img").attributes["src"])
    assert picture["Cache-Control"] == "private, no-store"
    assert picture["Content-Type"] == "image/png" and "sandbox" in picture["Content-Security-Policy"]
    width, height = picture_size(body(picture)) or (0, 0)
    assert (width, height) == (900, 1274) and Preview.objects.get().pictures[0]["width"] == 900
    assert anna.get(f"/desk/attachments/{one.pk}/pages/4/").status_code == 404
    page = tree(anna.get(f"/desk/attachments/{one.pk}/preview/"))
    assert words(page.css_first("h1")) == "offer.pdf" and len(page.css("img[src*=pages]")) == 3


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("locked.pdf", pdf(trailer=BAD_KEY), "asks for a password"),
        ("cut.pdf", pdf()[:200], "cannot be drawn"),
        ("none.pdf", b"%PDF-1.7 and nothing else", "cannot be drawn"),
    ],
)
def test_what_cannot_be_drawn_says_why(put: Any, anna: Client, name: str, data: bytes, said: str) -> None:
    one = put(name, data)
    shown(anna, one)
    drain()
    assert said in words(shown(anna, one)) and not Preview.objects.get().pictures


def test_a_pdf_that_is_too_large_is_not_even_tried(put: Any, anna: Client) -> None:
    one = put("book.pdf", pdf())
    Attachment.objects.filter(pk=one.pk).update(size=20 * 1024 * 1024 + 1)
    assert "larger than 20 MB" in words(shown(anna, one))
    drain()
    assert Preview.objects.get().state == "too_large"


def test_the_first_hundred_lines_of_a_text_are_shown(put: Any, anna: Client) -> None:
    one = put("app.log", "\n".join(f"Zeile {n}: Größe <b>" for n in range(250)).encode("cp1252"))
    found = shown(anna, one)
    lines = found.css_first("pre").text().split("\n")
    assert len(lines) == 100 and lines[99] == "Zeile 99: Größe <b>" and found.css_first("b") is None
    assert "the file has all of it" in words(found)
    short = put("note.csv", b"a,b\n1,2\n")
    assert "all of it" not in words(shown(anna, short))
    files.remove(short.storage_key)
    assert anna.get(f"/desk/attachments/{short.pk}/preview/").status_code == 404


def test_nobody_sees_the_preview_of_what_he_may_not_see(cast: Cast, put: Any, anna: Client) -> None:
    one, archive = put("offer.pdf", pdf()), put("all.zip", b"PK\x03\x04")
    shown(anna, one)
    drain()
    for client in (cast.browser(cast.piotr), Client()):
        for part in ("preview", "pages/1"):
            assert client.get(f"/desk/attachments/{one.pk}/{part}/").status_code in {302, 404}
    assert anna.get(f"/desk/attachments/{archive.pk}/preview/").status_code == 404


def test_previews_go_with_their_file_and_when_nobody_looks(
    cast: Cast, put: Any, anna: Client, django_capture_on_commit_callbacks: Any
) -> None:
    kept = [put("offer.pdf", pdf()), put("other.pdf", pdf(b""))]
    for one in kept:
        shown(anna, one)
    drain()
    keys = [row.pictures[0]["key"] for row in Preview.objects.order_by("pk")]
    Preview.objects.filter(source=kept[0].storage_key).update(asked_at=clock.now() - timedelta(days=31))
    sweep_uploads.function()
    assert [files.path_of(key).exists() for key in keys] == [False, True]
    gone = kept[1].message.ticket
    delete_ticket(gone, by=TEST, agent=cast.anna)
    Ticket.objects.filter(pk=gone.pk).update(deleted_at=clock.now() - timedelta(days=31))
    with django_capture_on_commit_callbacks(execute=True):
        purge_bin()
    assert not Preview.objects.exists() and not files.path_of(keys[1]).exists()


@pytest.fixture
def pictures(monkeypatch: Any) -> list[str]:
    """The keys of all pictures that were stored, also by what came to nothing."""
    stored: list[str] = []

    def keep(data: bytes, *, key: str = "") -> Any:
        found = store(data, key=key)
        stored.append(found.key)
        return found

    store = files.store_bytes
    monkeypatch.setattr(previews.files, "store_bytes", keep)
    return stored


def test_a_drawing_that_a_kill_or_a_full_disk_ends_leaves_no_picture_behind(
    put: Any, anna: Client, pictures: list[str], monkeypatch: Any
) -> None:
    one, store = put("offer.pdf", pdf(pages=2)), previews.files.store_bytes
    pictures.clear()
    shown(anna, one)

    def full(data: bytes, *, key: str = "") -> Any:
        if pictures:
            raise OSError("no space left on device")
        return store(data, key=key)

    monkeypatch.setattr(previews.files, "store_bytes", full)
    with pytest.raises(OSError, match="no space"):
        previews.draw(one.storage_key)
    assert len(pictures) == 1 and not files.path_of(pictures[0]).exists()

    def killed(data: bytes, *, key: str = "") -> Any:
        store(data, key=key)
        raise SystemExit

    monkeypatch.setattr(previews.files, "store_bytes", killed)
    for ends in (lambda: previews.forget_previews([one.storage_key]), drain):
        Preview.objects.get_or_create(source=one.storage_key, defaults={"asked_at": clock.now()})
        with pytest.raises(SystemExit):
            previews.draw(one.storage_key)
        assert files.path_of(pictures[-1]).exists() and Preview.objects.get().state == "waiting"
        monkeypatch.setattr(previews.files, "store_bytes", store if ends is drain else killed)
        left = pictures[-1]
        ends()
        assert not files.path_of(left).exists()
    assert len(shown(anna, one).css("img")) == 2


def test_what_is_forgotten_while_it_is_drawn_leaves_no_picture_behind(
    put: Any, anna: Client, pictures: list[str], monkeypatch: Any
) -> None:
    one = put("offer.pdf", pdf())
    pictures.clear()
    shown(anna, one)
    run = Box.run

    def forgotten(*args: Any, **named: Any) -> Any:
        previews.forget_previews([one.storage_key])
        return run(*args, **named)

    monkeypatch.setattr(Box, "run", forgotten)
    drain()
    assert not Preview.objects.exists() and not any(files.path_of(key).exists() for key in pictures)


@pytest.mark.parametrize("meanwhile", ["forgotten", "drawn by somebody else"])
def test_pictures_that_a_row_no_longer_names_once_they_are_written_go(
    put: Any, anna: Client, pictures: list[str], monkeypatch: Any, meanwhile: str
) -> None:
    one, store = put("offer.pdf", pdf(pages=2)), previews.files.store_bytes
    pictures.clear()
    shown(anna, one)

    def late(data: bytes, *, key: str = "") -> Any:
        if meanwhile == "forgotten":
            previews.forget_previews([one.storage_key])
        else:
            Preview.objects.update(pictures=[])
        return store(data, key=key)

    monkeypatch.setattr(previews.files, "store_bytes", late)
    previews.draw(one.storage_key)
    assert len(pictures) == 2 and not any(files.path_of(key).exists() for key in pictures)


def test_nobody_waits_for_the_disk_and_who_asks_while_it_is_swept_gets_it_drawn_anew(
    put: Any, anna: Client, monkeypatch: Any
) -> None:
    one, depth, seen = put("offer.pdf", pdf()), len(connection.savepoint_ids), list[int]()
    store, remove = files.store_bytes, files.remove

    def stored(data: bytes, *, key: str = "") -> Any:
        seen.append(len(connection.savepoint_ids) - depth)
        return store(data, key=key)

    def removed(key: str) -> None:
        seen.append(len(connection.savepoint_ids) - depth)
        remove(key)
        assert "being drawn" in words(shown(anna, one))

    shown(anna, one)
    monkeypatch.setattr(previews.files, "store_bytes", stored)
    previews.draw(one.storage_key)
    Preview.objects.update(asked_at=clock.now() - timedelta(days=31))
    monkeypatch.setattr(previews.files, "remove", removed)
    previews.sweep_previews()
    assert seen == [0, 0], "no transaction, which on SQLite is the desk's only one that writes"
    monkeypatch.setattr(previews.files, "remove", remove)
    drain()
    assert len(shown(anna, one).css("img")) == 1 and files.path_of(Preview.objects.get().pictures[0]["key"]).exists()


def test_forgetting_takes_the_pictures_that_stand_in_the_row_by_then(
    put: Any, anna: Client, pictures: list[str], monkeypatch: Any
) -> None:
    """A drawing that ends between the look and the lock: what the row has then is what goes."""
    one = put("offer.pdf", pdf())
    pictures.clear()
    shown(anna, one)
    found = previews.Preview.objects.filter(source=one.storage_key)
    lock = type(found).select_for_update

    def drawn_first(rows: Any, *args: Any, **named: Any) -> Any:
        monkeypatch.setattr(type(found), "select_for_update", lock)
        previews.draw(one.storage_key)
        return lock(rows, *args, **named)

    monkeypatch.setattr(type(found), "select_for_update", drawn_first)
    previews.forget_previews([one.storage_key])
    assert pictures and not Preview.objects.exists() and not files.path_of(pictures[0]).exists()


def test_a_box_that_ends_without_an_answer_is_tried_three_times_and_again_the_next_day(
    put: Any, anna: Client, monkeypatch: Any
) -> None:
    one = put("offer.pdf", pdf())
    faults: list[Exception] = [BoxDied("no child"), BoxBusy("full"), BoxTimeout("slow"), BoxDied("again")]
    run = Box.run

    def fails(*args: Any, **named: Any) -> Any:
        if faults:
            raise faults.pop(0)
        return run(*args, **named)

    monkeypatch.setattr(Box, "run", fails)
    shown(anna, one)
    for _ in range(4):
        assert Preview.objects.get().state == "waiting"
        Job.objects.update(run_at=clock.now())
        drain()
    assert not faults and "too much time or memory" in words(shown(anna, one)) and not Job.objects.exists()
    Preview.objects.update(asked_at=clock.now() - timedelta(hours=25))
    assert "being drawn" in words(shown(anna, one))
    drain()
    assert len(shown(anna, one).css("img")) == 1


def test_drawing_keeps_nothing_else_waiting(put: Any, anna: Client) -> None:
    shown(anna, put("offer.pdf", pdf()))
    drain(*(queue for queue in QUEUES if queue != "previews"))
    assert Job.objects.get().queue == "previews" and Preview.objects.get().state == "waiting"


def test_pages_whose_pictures_are_lost_are_drawn_anew(put: Any, anna: Client) -> None:
    one = put("offer.pdf", pdf(pages=2))
    shown(anna, one)
    drain()
    first, second = (picture["key"] for picture in Preview.objects.get().pictures)
    files.remove(first)
    assert anna.get(f"/desk/attachments/{one.pk}/pages/1/").status_code == 404
    assert Preview.objects.get().pictures == [] and not files.path_of(second).exists()
    assert "being drawn" in words(shown(anna, one))
    drain()
    assert anna.get(f"/desk/attachments/{one.pk}/pages/1/").status_code == 200


def test_the_longer_drawing_takes_the_rarer_it_is_asked_for(put: Any, anna: Client) -> None:
    one = put("offer.pdf", pdf())
    for seconds, delay, said in ((0, 1, "being drawn"), (10, 3, "being drawn"), (40, 15, "longer than usual")):
        shown(anna, one)
        Preview.objects.update(asked_at=clock.now() - timedelta(seconds=seconds))
        found = shown(anna, one).css_first("[hx-get]")
        assert found.attributes["hx-trigger"] == f"load delay:{delay}s" and said in words(found)


def test_what_nobody_drew_is_tried_again(put: Any, anna: Client) -> None:
    one = put("offer.pdf", pdf())
    Preview.objects.create(source=one.storage_key, asked_at=clock.now() - timedelta(minutes=4))
    assert "being drawn" in words(shown(anna, one))
    drain()
    assert len(shown(anna, one).css("img")) == 1
