"""Images from outside: blocked until an agent asks, then out of our own hands, for that agent alone."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import tree, words
from tests.safety.canary import OutsideServer, outside_server, send
from tresen.channels.mail.image_models import RemoteImage
from tresen.channels.mail.remote_images import sweep_images
from tresen.core.tickets.models import Message
from tresen.kit import clock, files
from tresen.kit.html import SANITISER_VERSION, clean_html
from tresen.kit.pictures import picture_size


def png(width: int, height: int, *, padding: int = 0) -> bytes:
    """A grey picture of that size; `padding` bytes of a chunk that says nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height))) if width * height < 10_000 else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows)
            + (chunk(b"teXt", b"x" * padding) if padding else b"") + chunk(b"IEND", b""))  # fmt: skip


PICTURES = {
    "/logo.png": png(40, 20),
    "/pixel.png": png(1, 1),
    "/huge.png": png(50_000, 50_000),
    "/heavy.png": png(9, 9, padding=6 * 1024 * 1024),
    "/drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "/page.png": b"<!doctype html><script>1</script>",
    "/cut.png": b"\x89PNG\r\n\x1a\n",
}


@pytest.fixture
def outside(settings: Any) -> Iterator[OutsideServer]:
    """The sender's server, which would like to know who reads."""
    settings.OUTBOUND_ALLOW = ("127.0.0.1/32",)

    def give(handler: Any) -> None:
        send(handler, PICTURES.get(handler.path.partition("?")[0], b"?"), Content_Type="image/png", Set_Cookie="a=b")

    with outside_server(give) as server:
        yield server


@pytest.fixture
def message(cast: Cast, received: Callable[..., Message], outside: OutsideServer) -> Callable[..., Message]:
    """A message whose HTML shows the images of these paths."""

    def write(*paths: str, more: str = "", **facts: Any) -> Message:
        images = "".join(f'<img src="{outside.url}{path}" alt="x">' for path in paths)
        cleaned = clean_html(f"<p>Look</p>{images}{more}")
        ticket = facts.pop("ticket", None) or cast.ticket()
        return received(
            ticket, "Look", html=cleaned.html, html_version=SANITISER_VERSION, html_source="x",
            blocked_images=cleaned.remote_images, **facts,
        )  # fmt: skip

    return write


def _choose(browser: Client, message: Message, act: str) -> Any:
    return browser.post(f"/desk/messages/{message.pk}/images/", {"act": act})


def _sources(browser: Client, message: Message) -> list[str]:
    page = tree(browser.get(f"/desk/messages/{message.pk}/html/"))
    return [node.attributes.get("src") or "" for node in page.css("img")]


def test_images_are_blocked_until_the_agent_asks_for_them(
    anna: Client, message: Callable[..., Message], outside: OutsideServer
) -> None:
    mail = message("/logo.png")
    assert _sources(anna, mail) == [""]
    ticket = tree(anna.get(f"/desk/tickets/{mail.ticket.number}/"))
    assert "1 image from outside is blocked." in words(ticket.css_first(f"#m{mail.pk} form.blocked"))
    assert _choose(anna, mail, "show").url.endswith(f"/#m{mail.pk}")
    (source,) = _sources(anna, mail)
    assert source.startswith(f"/desk/messages/{mail.pk}/images/0.")
    assert outside.asked == []
    answer = anna.get(source, headers={"User-Agent": "Mozilla", "Referer": "http://desk/"})
    assert b"".join(answer.streaming_content) == PICTURES["/logo.png"]
    assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "Set-Cookie" not in answer
    ((path, headers),) = outside.asked
    assert path == "/logo.png" and headers["user-agent"] == "Tresen"
    assert not {"cookie", "referer", "x-forwarded-for", "accept-language"} & headers.keys()


def test_the_sender_is_asked_once_for_all_agents(
    cast: Cast, message: Callable[..., Message], outside: OutsideServer
) -> None:
    mail = message("/logo.png", "/logo.png")
    for agent in (cast.anna, cast.ada):
        browser = cast.browser(agent)
        _choose(browser, mail, "show")
        assert all(browser.get(source).status_code == 200 for source in _sources(browser, mail))
    assert len(outside.asked) == 1


def test_only_true_pictures_of_a_sensible_size_come_through(
    anna: Client, message: Callable[..., Message], outside: OutsideServer
) -> None:
    mail = message(*PICTURES, "/missing.png")
    _choose(anna, mail, "show")
    shown = [anna.get(source).status_code for source in _sources(anna, mail)]
    assert shown == [200] + [404] * len(PICTURES)


def test_marks_that_only_count_readers_are_never_asked_for(
    anna: Client, message: Callable[..., Message], outside: OutsideServer
) -> None:
    ways = ('width="1" height="1"', 'height="0"', 'width="2px"', 'style="display:none"', 'style="width:1px;height:1px"')
    more = "".join(f'<img src="{outside.url}/count{n}.gif" {way}>' for n, way in enumerate(ways))
    mail = message("/logo.png", more=more)
    _choose(anna, mail, "show")
    assert [bool(source) for source in _sources(anna, mail)] == [True] + [False] * len(ways)


def test_always_is_the_choice_of_one_agent_for_one_sender_and_can_be_taken_back(
    cast: Cast, anna: Client, message: Callable[..., Message]
) -> None:
    first = message("/logo.png")
    _choose(anna, first, "always")
    second = message("/logo.png", ticket=first.ticket)
    assert _sources(anna, second) != [""]
    assert _sources(cast.browser(cast.ada), second) == [""]
    assert _sources(anna, message("/logo.png", ticket=first.ticket, contact=cast.dave)) == [""]
    forged = message("/logo.png", ticket=first.ticket, trust="anonymous")
    assert _sources(anna, forged) == [""], "a mail that is proven to be forged is nobody's"
    _choose(anna, second, "hide")
    assert _sources(anna, first) == _sources(anna, second) == [""]


def test_a_mark_opens_nothing_for_others_nor_after_the_choice_was_taken_back(
    cast: Cast, anna: Client, message: Callable[..., Message], outside: OutsideServer
) -> None:
    mail = message("/logo.png", "/pixel.png")
    _choose(anna, mail, "show")
    source, other = _sources(anna, mail)
    swapped = source.replace("images/0.", "images/1.")
    for address in (swapped, source[:-6] + "aaaaa/", source.replace("0.", "0" * 50 + "."), source.replace("0.", "-1.")):
        assert anna.get(address).status_code == 404
    assert cast.browser(cast.piotr).get(source).status_code == 404
    assert cast.browser(cast.ada).get(source).status_code == 404
    _choose(anna, mail, "hide")
    assert anna.get(source).status_code == 404
    assert outside.asked == []
    assert other


def test_nobody_chooses_on_a_ticket_he_does_not_see(cast: Cast, message: Callable[..., Message]) -> None:
    mail = message("/logo.png")
    assert _choose(cast.browser(cast.piotr), mail, "show").status_code == 404
    assert _choose(cast.browser(cast.anna), mail, "other").status_code == 404


def test_customers_see_their_mails_without_images_from_outside(
    cast: Cast, anna: Client, message: Callable[..., Message]
) -> None:
    mail = message("/logo.png")
    _choose(anna, mail, "always")
    assert _sources(cast.browser(cast.ada), mail) == [""]


def test_what_was_fetched_is_forgotten_after_a_week(
    anna: Client, message: Callable[..., Message], outside: OutsideServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = message("/logo.png")
    _choose(anna, mail, "show")
    anna.get(_sources(anna, mail)[0])
    key = RemoteImage.objects.get().storage_key
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweep_images()
    assert not RemoteImage.objects.exists() and not files.path_of(key).exists()


def test_a_server_that_does_not_answer_keeps_nobody_waiting_twice(
    anna: Client, message: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tresen.channels.mail import remote_images
    from tresen.kit.http import NotReached

    tries: list[str] = []

    def never(url: str, **more: Any) -> None:
        tries.append(url)
        raise NotReached("too slow")

    monkeypatch.setattr(remote_images, "fetch", never)
    mail = message(*[f"/{n}.png" for n in range(5)])
    _choose(anna, mail, "show")
    assert {anna.get(source).status_code for source in _sources(anna, mail)} == {404}
    assert len(tries) == 1


def gif(before: bytes) -> bytes:
    """A screen of one point, and behind something a frame that is as large as can be: browsers show all of it."""
    return b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + before + b"\x2c\0\0\0\0\xff\xff\xff\xff\0"


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (png(3, 4), (3, 4)),
        (b"GIF89a\x05\x00\x06\x00", (5, 6)),
        (gif(b"\x21\xf9\x04\0\0\0\0\0"), (65_535, 65_535)),
        (gif(b"\x21\xfe" + (b"\xff" + b"x" * 255) * 1100 + b"\0"), None),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc0\x00\x11\x08\x00\x07\x00\x09", (9, 7)),
        (b"RIFF????WEBPVP8X\x0a\0\0\0\0\0\0\0\x09\0\0\x04\0\0", (10, 5)),
        (b"RIFF????WEBPVP8L\x0a\0\0\0\x2f\x09\x00\x01\x00", (10, 5)),
        (b"RIFF????WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x0a\0\x05\0", (10, 5)),
        (b"\xff\xd8\xff\xe0\x00\x00" * 600, None),
        (b"\xff\xd8\xff", None),
        (b"GIF89a", None),
        (b"BM" + b"\0" * 60, None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_head(head: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(head) == size
