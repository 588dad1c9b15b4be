"""What goes wrong is said clearly, in the person's language, and costs nobody what was typed: a broken mail, an upload
that is too large, a wrong link, a save that comes too late. (Poison by every way in: tests/safety/test_r04_*.)"""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for
from tests.visitor import Page, Upload, Visitor, multipart

pytestmark = pytest.mark.once

CAROL = "carol@shop.example"
LANGUAGES = ("en", "de", "pl")
TOO_MUCH = 25 * 1024 * 1024 + 1
TYPED = "Every word of this took me a while: żółw & Grüße <3"
BROKEN = b"From: Carol <carol@shop.example>\r\nSubject: nested\r\n" + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80)
)


@dataclass(frozen=True)
class Story:
    """A desk with one ticket of carol's, and her link to it."""

    desk: RunningDesk
    number: str
    link: str
    browsers: dict[str, Visitor] = field(default_factory=dict)

    def agent(self, language: str) -> Visitor:
        """Ada's browser in that language, on the ticket."""
        visitor = self.browsers.setdefault(language, Visitor(self.desk.instance.url))
        if not visitor.page:
            visitor.get("/sign-in/")
            visitor.fill(email=ADMIN, password=PASSWORD)
        visitor.get(f"/desk/tickets/{self.number}/?lang={language}")
        return visitor

    def stranger(self, language: str, path: str) -> Visitor:
        """A browser without an account, on a page."""
        visitor = Visitor(self.desk.instance.url)
        visitor.get(f"{path}?lang={language}")
        return visitor

    def files_in_store(self) -> int:
        """How many files lie in the store."""
        return len([path for path in (self.desk.instance.data / "files").rglob("*") if path.is_file()])


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    sink = Sink()
    instance = Instance(tmp_path_factory.mktemp("desk"), TRESEN_SMTP_URL=sink.url)
    desk = RunningDesk(instance).start()
    desk.send(mail("My VPN is down.", subject="VPN"))
    number = desk.wait_ticket("VPN")["number"]
    link = re.search(r"/t/[\w-]{20,}/", sink.wait(CAROL)[0].text)
    assert link
    yield Story(desk, number, link.group())
    instance.stop()
    sink.stop()


def _alerts(page: Page) -> str:
    """What the page tells a person who cannot overlook it, or has it read out."""
    return " ".join(" ".join(node.text().split()) for node in page.tree.css("[role=alert], .is-wrong .error"))


def _speaks(page: Page, language: str) -> None:
    root = page.tree.css_first("html")
    assert root is not None and root.attributes.get("lang") == language, (page.url, language)
    assert page.headers["content-language"] == language, page.url


def _differ(told: dict[str, str]) -> None:
    """Each language has words of its own; none is empty."""
    assert all(told.values()), told
    assert len(set(told.values())) == len(told), told


def _typed(page: Page, selector: str) -> str:
    node = page.tree.css_first(selector)
    assert node is not None, (selector, page.text[:600])
    return node.text() if node.tag == "textarea" else node.attributes.get("value") or ""


def test_a_broken_mail_is_kept_byte_for_byte_and_does_not_stop_the_next(story: Story) -> None:
    story.desk.send(BROKEN)
    story.desk.send(mail("I am well.", subject="the next one"))
    story.desk.wait_ticket("the next one")
    told = {}
    for language in LANGUAGES:
        visitor = story.agent(language)
        page = wait_for(
            lambda v=visitor, word=language: _quarantined(v, word), what="the mail in quarantine"
        )  # fmt: skip
        _speaks(page, language)
        told[language] = page.text.partition("nested")[2] or page.text
        raw = visitor.get(f"{page.url.partition('?')[0]}raw/")
        assert raw.body == BROKEN.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    _differ(told)


def _quarantined(visitor: Visitor, language: str) -> Page | None:
    """The page of the first mail that could not be read."""
    page = visitor.get(f"/settings/mail/ledger/?outcome=quarantined&lang={language}")
    rows = [a.attributes.get("href") or "" for a in page.tree.css("main a[href*='/settings/mail/ledger/']")]
    rows = [href for href in rows if re.search(r"/ledger/\d+/$", href)]
    return visitor.get(rows[0]) if rows else None


def test_a_file_that_is_too_large_for_the_composer(story: Story) -> None:
    told = {}
    kept = story.files_in_store()
    for language in LANGUAGES:
        agent = story.agent(language)
        uploads = [Upload("files", "film.mp4", bytes(TOO_MUCH)), Upload("files", f"{language}.txt", b"small")]
        page = agent.fill("form.composer", files=uploads, kind="reply", reply_text=TYPED, note_text=f"note {TYPED}")
        assert page.status == 413
        _speaks(page, language)
        told[language] = _alerts(page)
        assert "film.mp4" in told[language] and "25" in told[language]
        assert _typed(page, "textarea[name=reply_text]") == TYPED
        assert _typed(page, "textarea[name=note_text]") == f"note {TYPED}"
        assert f"{language}.txt" in page.text, "the file that is small enough is kept"
        kept += 1
    _differ(told)
    assert story.files_in_store() == kept
    assert len(story.desk.messages(story.number)) == 1


def test_too_many_files_for_the_composer(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        agent = story.agent(language)
        uploads = [Upload("files", f"{n}.txt", b"x") for n in range(11)]
        page = agent.fill("form.composer", files=uploads, kind="note", note_text=TYPED)
        assert page.status == 413
        told[language] = _alerts(page)
        assert _typed(page, "textarea[name=note_text]") == TYPED
    _differ(told)


def test_more_text_than_the_composer_takes(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        agent = story.agent(language)
        page = agent.fill("form.composer", kind="note", note_text="word " * 50_000)
        assert page.status == 422
        told[language] = _alerts(page)
        assert len(_typed(page, "textarea[name=note_text]")) == len("word " * 50_000) - 1
    _differ(told)
    told = {}
    for language in LANGUAGES:
        page = story.agent(language).fill("form.composer", kind="note", note_text="word " * 1_200_000)
        assert page.status == 413
        _speaks(page, language)
        told[language] = page.text
    _differ(told)


def test_a_file_that_is_too_large_for_the_portal(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        visitor = story.stranger(language, "/requests/new/")
        typed = {"name": "Zoë Żak", "email": f"{language}@new.example", "subject": "Film & sound", "text": TYPED}
        film = Upload("files", "film.mp4", bytes(TOO_MUCH))
        page = visitor.fill("form.p-form", files=[film], reach="several", **typed)
        assert page.status == 413
        _speaks(page, language)
        told[language] = _alerts(page)
        assert "film.mp4" in told[language] and "25" in told[language]
        for name in ("name", "email", "subject"):
            assert _typed(page, f"form.p-form [name={name}]") == typed[name]
        assert _typed(page, "form.p-form textarea[name=text]").strip() == TYPED
        assert page.tree.css("input[name=reach][value=several][checked]")
    _differ(told)
    assert not [ticket for ticket in story.desk.tickets() if ticket["subject"] == "Film & sound"]


def test_a_file_that_is_too_large_for_an_answer(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        visitor = story.stranger(language, story.link)
        page = visitor.fill("form.answer", files=[Upload("files", "film.mp4", bytes(TOO_MUCH))], text=TYPED)
        assert page.status == 413
        told[language] = _alerts(page)
        assert "film.mp4" in told[language]
        assert _typed(page, "form.answer textarea[name=text]").strip() == TYPED
    _differ(told)
    assert len(story.desk.messages(story.number)) == 1


def _call(story: Story, method: str, path: str, body: bytes, **headers: str) -> tuple[int, str, dict[str, Any]]:
    """Status, content type and problem of one call of the interface."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"Authorization": f"Bearer {story.desk.token}"}
    request = urllib.request.Request(
        f"{story.desk.instance.url}/api/v1{path}", data=body, headers=named, method=method
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Content-Type"], json.loads(answer.read())
    except urllib.error.HTTPError as fault:
        return fault.code, fault.headers["Content-Type"], json.loads(fault.read())


@pytest.mark.parametrize("form", [True, False], ids=["as a form", "as bare bytes"])
def test_a_file_that_is_too_large_for_the_interface(story: Story, form: bool) -> None:
    told = {}
    kept = story.files_in_store()
    for language in LANGUAGES:
        body, kind = bytes(TOO_MUCH), "application/octet-stream"
        if form:
            body, kind = multipart({}, [Upload("file", "film.mp4", body)])
        path = "/attachments" if form else "/attachments?filename=film.mp4"
        status, content_type, problem = _call(story, "POST", path, body, Content_Type=kind, Accept_Language=language)
        assert (status, content_type, problem["status"]) == (413, "application/problem+json", 413), problem
        told[language] = f"{problem['title']} {problem['detail']}"
        assert "25" in problem["detail"]
    _differ(told)
    assert story.files_in_store() == kept


def test_a_wrong_link_says_what_to_do_and_keeps_what_was_typed(story: Story) -> None:
    told = {}
    wrong = story.link[:-2] + ("A" if story.link[-2] != "A" else "B") + "/"
    for language in LANGUAGES:
        visitor = story.stranger(language, wrong)
        assert visitor.page and visitor.page.status == 404
        _speaks(visitor.page, language)
        told[language] = visitor.page.text
        assert visitor.page.tree.css("form[action='/requests/link/'], form[action*='link'] input[name=email]")
        assert CAROL not in visitor.page.html and "VPN" not in visitor.page.text
        # Somebody who had the page open while the link ended: the answer comes back to be copied.
        visitor.get(story.link)
        assert visitor.page
        token = _typed(visitor.page, "form.answer input[name=csrfmiddlewaretoken]")
        page = visitor.post(f"{wrong}answer/", {"csrfmiddlewaretoken": token, "text": TYPED})
        assert page.status == 404
        _speaks(page, language)
        assert TYPED in [area.text().strip() for area in page.tree.css("textarea")]
    _differ(told)


@pytest.mark.parametrize(
    "path", ["/desk/tickets/T999999999/", "/desk/views/nonsense/", "/nonsense/", "/desk/messages/999999/html/"]
)
def test_a_wrong_address_says_so_in_ones_language(story: Story, path: str) -> None:
    told = {}
    for language in LANGUAGES:
        page = story.agent(language).get(path)
        assert page.status == 404
        _speaks(page, language)
        told[language] = page.text
    _differ(told)


@pytest.mark.parametrize("path", ["/invite/nonsense/", "/password/reset/MQ/nonsense-nonsense/"])
def test_a_dead_link_of_an_account_says_so(story: Story, path: str) -> None:
    told = {}
    for language in LANGUAGES:
        visitor = story.stranger(language, path)
        assert visitor.page and visitor.page.status in {404, 410}, visitor.page
        _speaks(visitor.page, language)
        told[language] = visitor.page.text
    _differ(told)


def test_a_field_that_somebody_else_has_changed_meanwhile(story: Story) -> None:
    told = {}
    other = story.desk.signed_in()
    for language in LANGUAGES:
        agent = story.agent(language)
        other.get(f"/desk/tickets/{story.number}/")
        assert other.fill("form.subject-form", value=f"Theirs {language}").status == 200
        page = agent.fill("form.subject-form", value=f"Mine {language}")
        assert page.status == 409
        _speaks(page, language)
        told[language] = _alerts(page).replace(language, "")
        assert f"Theirs {language}" in page.text and f"Mine {language}" in page.html
        assert story.desk.api("GET", f"/tickets/{story.number}")[1]["subject"] == f"Theirs {language}"
    _differ(told)


def test_a_reply_that_crosses_with_the_customers_next_message(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        agent = story.agent(language)
        before = len(story.desk.messages(story.number))
        story.desk.send(mail(f"One more thing, {language}.", subject=f"Re: VPN [#{story.number}]"))
        wait_for(lambda n=before: len(story.desk.messages(story.number)) > n, what="the customer's message")
        page = agent.fill("form.composer", kind="reply", reply_text=TYPED)
        assert page.status == 409
        _speaks(page, language)
        told[language] = _alerts(page)
        assert _typed(page, "textarea[name=reply_text]") == TYPED
        assert f"One more thing, {language}." in page.text
    _differ(told)
    assert not [message for message in story.desk.messages(story.number) if message["kind"] == "reply"]


def test_a_setting_that_somebody_else_has_saved_meanwhile(story: Story) -> None:
    told = {}
    other = story.desk.signed_in()
    for language in LANGUAGES:
        agent = story.agent(language)
        page = agent.get("/settings/teams/1/")
        assert page.status == 200
        other.get("/settings/teams/1/")
        assert other.fill("form.s-form", name=f"Theirs {language}").status == 200
        page = agent.fill("form.s-form", name=f"Mine {language}")
        assert page.status == 409
        _speaks(page, language)
        told[language] = _alerts(page).replace(language, "")
        assert _typed(page, "form.s-form input[name=name]") == f"Mine {language}"
        assert f"Theirs {language}" in page.text
    _differ(told)


def test_a_stale_version_at_the_interface(story: Story) -> None:
    told = {}
    for language in LANGUAGES:
        status, content_type, problem = _call(
            story, "PATCH", f"/tickets/{story.number}", b'{"subject":"Mine"}', If_Match='"0"',
            Content_Type="application/json", Accept_Language=language,
        )  # fmt: skip
        assert (status, content_type) == (412, "application/problem+json")
        assert problem["current"]["number"] == story.number and problem["current"]["subject"] != "Mine"
        told[language] = f"{problem['title']} {problem['detail']}"
    _differ(told)


def test_nothing_of_all_this_was_a_fault_of_ours(story: Story) -> None:
    assert "Internal Server Error" not in story.desk.instance.log.read_text()
