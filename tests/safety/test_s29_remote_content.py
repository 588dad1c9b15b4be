"""S29: a mail full of things to fetch asks nobody until clicked, and then only us: raster images, through our hands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.desk.test_remote_images import png
from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk
from tests.instance import Instance
from tests.outside import Sink
from tests.safety.canary import OutsideServer, outside_server, send

pytestmark = pytest.mark.browser
SECRET = "agent-cookie-value"


@pytest.fixture
def spy() -> Iterator[OutsideServer]:
    """The sender's server: whatever it is asked for, it says that this is an image."""

    def give(handler: Any) -> None:
        data = png(30, 30) if ".png" in handler.path else b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        send(handler, data, Content_Type="image/png", Set_Cookie="seen=1")

    with outside_server(give) as server:
        yield server


@pytest.fixture
def desk(outside: Sink, tmp_path: Any) -> Iterator[RunningDesk]:
    """A desk that may ask the spy: its administrators have opened loopback."""
    instance = Instance(tmp_path, TRESEN_SMTP_URL=outside.url, TRESEN_OUTBOUND_ALLOW="127.0.0.0/8")
    yield RunningDesk(instance).start()
    instance.stop()


def _greedy(spy: str) -> str:
    """Every way we know by which a page makes a browser fetch something."""
    return f"""
<html><head><link rel="prefetch" href="{spy}/prefetch"><link rel="dns-prefetch" href="{spy}/dns"><link rel="preload"
as="image" href="{spy}/preload"><link rel="stylesheet" href="{spy}/sheet.css"><link rel="icon" href="{spy}/icon">
<meta http-equiv="refresh" content="0;url={spy}/refresh"><base href="{spy}/base/">
<style>@import url("{spy}/import.css"); @font-face {{ font-family: x; src: url("{spy}/font.woff2"); }}
body {{ font-family: x; background: url("{spy}/body.png"); }}
p::after {{ content: url("{spy}/after.png"); }}</style></head>
<body background="{spy}/background.png"><p style="background-image:url('{spy}/style.png');font-family:x">Look</p>
<table background="{spy}/table.png"><tr><td background="{spy}/cell.png">x</td></tr></table>
<img src="{spy}/picture.png" srcset="{spy}/set.png 1x, {spy}/set2.png 2x" lowsrc="{spy}/low.png" alt="picture">
<img src="{spy}/pixel.png" width="1" height="1"><img src="{spy}/hidden.png" style="display:none">
<img src="{spy}/drawing.svg" alt="drawing"><img src="//{urlsplit(spy).netloc}/relative.png">
<picture><source srcset="{spy}/source.png"><img src="{spy}/fallback.png"></picture>
<video poster="{spy}/poster.png" src="{spy}/video.mp4"></video><audio src="{spy}/audio.mp3"></audio>
<iframe src="{spy}/frame"></iframe><object data="{spy}/object"></object><embed src="{spy}/embed">
<svg><image href="{spy}/svg.png" /><use href="{spy}/use.svg#x" /></svg><input type="image" src="{spy}/input.png">
<form action="{spy}/form"><button>x</button></form><a href="{spy}/link" ping="{spy}/ping">link</a>
<bgsound src="{spy}/sound"><script src="{spy}/script.js"></script><div style="list-style:url({spy}/list.png)">x</div>
</body></html>"""


def _mail(html: str) -> bytes:
    return (
        "From: Spy <spy@evil.example>\r\nTo: help@desk.example\r\nSubject: Please look\r\n"
        f"Message-ID: <s29@evil.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n{html}\r\n"
    ).encode()


def _framed(page: Any) -> Any:
    frame = page.wait_for_selector("iframe.frame").content_frame()
    frame.wait_for_load_state("load")
    return frame


def test_s29_nothing_is_fetched_until_clicked_and_then_only_by_us(
    desk: RunningDesk, spy: OutsideServer, chromium: Any
) -> None:
    desk.send(_mail(_greedy(spy.url)), sender="spy@evil.example")
    number = desk.wait_ticket("Please look")["number"]
    context = chromium.new_context()
    page, own = context.new_page(), urlsplit(desk.instance.url).netloc
    page.goto(f"{desk.instance.url}/sign-in/")
    page.fill("input[name=email]", ADMIN)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
    context.add_cookies([{"name": "secret", "value": SECRET, "url": "http://127.0.0.1"}])
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))

    page.goto(f"{desk.instance.url}/desk/tickets/{number}/")
    _framed(page)
    page.wait_for_load_state("networkidle")
    assert {urlsplit(url).netloc for url in asked} == {own}
    assert not [url for url in asked if "/images/" in url]
    assert spy.asked == []

    page.click("text=Show images")
    page.wait_for_selector("text=Block them again")
    _framed(page)
    page.wait_for_load_state("networkidle")
    assert {urlsplit(url).netloc for url in asked} == {own}
    assert sorted(path for path, _ in spy.asked) == ["/drawing.svg", "/fallback.png", "/picture.png"]
    told = str([headers for _, headers in spy.asked])
    assert SECRET not in told and "Mozilla" not in told and own not in told
    assert not [headers for _, headers in spy.asked if {"cookie", "referer", "x-forwarded-for"} & headers.keys()]
    sizes = _framed(page).evaluate("[...document.images].filter(i => i.naturalWidth).map(i => i.naturalWidth)")
    assert sizes == [30, 30], "the two pictures are shown, the drawing is not"
    context.close()
