"""A ticket worked by keyboard alone in a real browser, and what a browser does with a stranger's HTML."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import Cast
from tests.outside import wait_for
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.kit.html import SANITISER_VERSION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def canary() -> Iterator[socket.socket]:
    """A place outside that must stay uncalled: `accept()` raises BlockingIOError as long as nobody came."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


def test_a_ticket_is_worked_by_keyboard_alone(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("i")
    page.wait_for_selector("#prop-assignee:has-text('Anna Kowalczyk')")
    page.keyboard.press("s")
    page.wait_for_function("() => document.activeElement.matches('#prop-status + form .item')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#prop-status:has-text('Open')")
    page.wait_for_function("() => document.activeElement.id === 'prop-status'")
    page.keyboard.press("a")
    page.wait_for_function("() => document.activeElement.closest('filter-list')")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.id === 'prop-assignee'")
    page.keyboard.press("n")
    page.keyboard.type("Old lifetime on the gateway.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.note:has-text('Old lifetime')")
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("It works again.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('It works again.')")
    page.wait_for_selector("#prop-status:has-text('Waiting')")
    assert page.input_value("#reply-text") == ""
    assert Ticket.objects.get(pk=ticket.pk).assignee == cast.anna
    assert [m.kind for m in Message.objects.order_by("pk")] == ["received", "note", "reply"]
    assert page.complaints == []


def test_what_is_typed_survives_a_reload_and_a_lost_connection(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("r")
    page.keyboard.type("Half a rep")
    page.reload()
    page.wait_for_selector("reply-composer:defined")
    assert page.input_value("#reply-text") == "Half a rep"
    page.context.set_offline(True)
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#toasts:has-text('No connection')")
    assert page.input_value("#reply-text") == "Half a rep"
    page.context.set_offline(False)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('Half a rep')")
    assert "tresen:draft" not in page.evaluate("Object.keys(sessionStorage).join()")
    page.reload()
    assert page.input_value("#reply-text") == ""


def test_a_field_changes_without_touching_what_is_being_written(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "In the middle of a sen")
    page.click("#prop-type")
    page.click("#prop-type + .menu button:has-text('Problem')")
    page.wait_for_selector("#prop-type:has-text('Problem')")
    assert page.input_value("#reply-text") == "In the middle of a sen"
    assert "Problem" in page.inner_text("#timeline-tail")


def test_a_mail_in_its_frame_runs_nothing_and_calls_nobody(
    cast: Cast, page: Any, received: Callable[..., Message], canary: socket.socket
) -> None:
    outside = f"http://127.0.0.1:{canary.getsockname()[1]}"
    hostile = (
        "<p>Hello</p><script>top.document.title='ran'</script><img src=x onerror=\"top.document.title='ran'\">"
        f"<img src='{outside}/track.gif'><style>@import '{outside}/a.css';p{{background:url({outside}/b)}}</style>"
        f"<form action='{outside}/'><input autofocus onfocus=\"top.document.title='ran'\"></form>"
        f"<link rel=prefetch href='{outside}/l'><p>End</p>"
    )
    # The second wall alone, as if the cleaning had let everything through (but for frames: Chromium opens the
    # connection to one before it asks the policy).
    message = received(cast.ticket(), "Hello", html=hostile, html_version=SANITISER_VERSION)
    page.goto(f"/desk/tickets/{message.ticket.number}/")
    frame = page.frame_locator(f"#m{message.pk} iframe")
    frame.locator("p:has-text('End')").wait_for()
    assert "ran" not in page.title()
    page.wait_for_load_state("networkidle")
    with pytest.raises(BlockingIOError):
        canary.accept()
    assert page.evaluate("document.querySelector('iframe').contentDocument.title") == "Message of Carol"


def test_a_frame_is_as_high_as_its_mail_and_grows_with_an_opened_quote(
    cast: Cast, page: Any, received: Callable[..., Message]
) -> None:
    html = "<p>New.</p><blockquote>" + "<p>Old line</p>" * 20 + "</blockquote>"
    message = received(cast.ticket(), "New.\n> Old", reply_text="New.", html=html, html_version=SANITISER_VERSION)
    page.goto(f"/desk/tickets/{message.ticket.number}/")
    height = "document.querySelector('iframe').offsetHeight"
    page.wait_for_function(f"() => {height} < 120")
    page.frame_locator("iframe").locator("summary").click()
    page.wait_for_function(f"() => {height} > 400")


def test_pasted_and_chosen_files_are_listed_can_be_taken_out_and_leave(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"12:00 down"} for name in ("a.log", "b.log")]
    page.set_input_files("#composer input[type=file]", files)
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "pasted.png", {type: "image/png"}));
        document.querySelector("#reply-text").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }""")
    assert page.locator("#composer .chosen .file").count() == 3
    page.click("#composer .chosen .file:has-text('b.log')")
    page.fill("#reply-text", "See the log.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('a.log')")
    reply = Message.objects.get(kind="reply")
    assert sorted(file.filename for file in reply.attachments.all()) == ["a.log", "pasted.png"]
    wait_for(lambda: Attachment.objects.count() == 2, what="the end of the file that was taken out")


def test_a_file_taken_out_on_its_way_stays_out_though_it_has_arrived_already(cast: Cast, page: Any) -> None:
    page.goto(f"/desk/tickets/{cast.ticket().number}/")
    page.wait_for_selector("reply-composer:defined")
    on_the_way: list[Any] = []

    def store(route: Any) -> None:
        on_the_way.append(route.fetch())  # it is there, and the page does not hear of it

    page.route("**/draft/files/", store)
    page.set_input_files("#composer input[type=file]", [{"name": "b.log", "mimeType": "text/plain", "buffer": b"b"}])
    wait_for(lambda: page.title() and on_the_way, what="the file in the draft")
    page.click("#composer .chosen .file:has-text('b.log')")
    page.fill("#reply-text", "No log.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('No log.')")
    assert not Message.objects.get(kind="reply").attachments.exists()
    wait_for(lambda: not Attachment.objects.exists(), what="the end of the file that was taken out")


def axe(page: Any, where: str, **context: Any) -> list[str]:
    """What axe finds in light and dark, on the page or in a part of it."""
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, options=AXE_OPTIONS, **context).response["violations"]
        faults += [f"{where}, {scheme}: {v['id']}: {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
    return faults


def test_open_menus_conflicts_and_held_messages_have_no_accessibility_fault(
    cast: Cast, page: Any, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket(is_unconfirmed=True, trust="anonymous")
    received(ticket, "Let me in.", contact=cast.dave, is_held=True, why={"rule": "reply_address", "sender": "stranger"})
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "Too late")
    received(ticket, "Never mind.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#composer .banner.warn")
    page.click("#context .add-person summary")
    faults = axe(page, "the page")
    for menu in ("subject", "status", "priority", "team", "assignee", "tags", "ball"):
        page.click(f"#prop-{menu}")
        page.wait_for_selector(f"#prop-{menu} + .menu :is(.item, .input):visible")
        page.wait_for_load_state("networkidle")
        faults += axe(page, menu, context=f"#prop-{menu} + .menu")
        page.keyboard.press("Escape")
    assert faults == [], "\n".join(faults)


def test_on_a_phone_the_customer_is_a_tap_away_and_nothing_runs_over(cast: Cast, page: Any) -> None:
    ticket = cast.ticket(subject="Donaudampfschifffahrtsgesellschaftskapitänsmützenständer " * 3)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"/desk/tickets/{ticket.number}/")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert not page.is_visible("#context")
    page.click(".ctx-open")
    assert page.is_visible("#context .person")
    page.click("#context .ctx-close")
    assert not page.is_visible("#context")
    page.click("#composer .stub")
    page.fill("#reply-text", "On my way.")
    page.click("#composer .primary[data-action=send]:visible")
    page.wait_for_selector("#timeline li.reply:has-text('On my way.')")
