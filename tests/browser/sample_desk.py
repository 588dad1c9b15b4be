"""A running sample desk for the walks, with one browser page for each role."""

from __future__ import annotations

import email
import mailbox
import re
from email import policy
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.browser.keyholder import PASSWORD, Keyholder, new_keyholder
from tests.instance import Instance, model
from tests.outside import wait_for

LANGUAGES = ("en", "de", "pl")


def _make_sample(folder: Path) -> None:
    """The sample desk as its first start leaves it."""
    model(folder, "sample", SAMPLE="1").start().stop()


class SampleDesk:
    """The sample desk, started once; what a walk needs to find its way."""

    def __init__(self, folder: Path) -> None:
        self.instance = Instance(folder, SAMPLE="1")
        # Browsers offer passkeys at a name, not at an IP address.
        self.url = self.instance.url = f"http://localhost:{self.instance.port}"
        self.instance.environment["TRESEN_BASE_URL"] = self.url
        self.instance.copy("sample", _make_sample).start()
        self.accounts = self.instance.sample()["accounts"]
        self._contexts: dict[str, Any] = {}
        self._pages: dict[str, Any] = {}
        self._link = self._invitation = self._waiting = self._saved = ""

    def page(self, chromium: Any, role: str) -> Any:
        """The page of that role's browser, signed in. `page.complaints` holds what its console says about one walk."""
        if role not in self._pages or self._pages[role].is_closed():
            self._pages[role] = self._new_page(chromium, role)
        page = self._pages[role]
        page.complaints.clear()
        return page

    def speak(self, page: Any, language: str) -> None:
        """Choose the language of a browser, as the links at the foot of a page do."""
        page.context.add_cookies([{"name": "tresen-language", "value": language, "url": self.url}])

    def ticket(self, words: str) -> str:
        """The address of the first ticket whose subject begins with these words."""
        import sqlite3

        with sqlite3.connect(self.instance.data / "tresen.sqlite3") as database:
            row = database.execute("SELECT number FROM tickets_ticket WHERE subject LIKE ?", (words + "%",)).fetchone()
        assert row, words
        return f"{self.url}/desk/tickets/{row[0]}/"

    def tool(self, page: Any, kind: str) -> None:
        """Opens saved replies or macros: in the bar of the composer, or on a phone in its menu."""
        if not page.is_visible(f"text-picker > [data-kind={kind}]"):
            page.click(".tools-more summary")
        page.click(f"text-picker [data-kind={kind}]:visible")

    def saved_view(self, page: Any) -> str:
        """The address of a saved view with headings and more columns."""
        if not self._saved:
            page.goto(f"{self.url}/desk/views/new/?q=status:open")
            page.fill("[name=name]", "Open by team")
            page.select_option("[name=grouping]", "team")
            page.check("[name=columns][value=tags]")
            with page.expect_navigation():
                page.eval_on_selector("main form[method=post]", "form => form.requestSubmit()")
            self._saved = page.url
        return self._saved

    def original(self, page: Any, act: str = "/original/") -> str:
        """The address of a message's original, or of another page about it, found on its ticket."""
        page.goto(self.ticket("VPN bricht seit dem Update"))
        links = page.eval_on_selector_all(f"a[href*='{act}']", "all => all.map(a => a.getAttribute('href'))")
        assert links, "no message offers its original"
        return self.url + str(links[0])

    def lay_out_macro(self, page: Any) -> None:
        """A ticket with a macro in the composer that is not sent yet, and the list of saved replies open above it."""
        page.goto(self.ticket("VPN bricht") + "?view=all")
        # Before the modules are there, the buttons lead to the same lists as pages.
        page.wait_for_function("!document.querySelector('text-picker:not(:defined), reply-composer:not(:defined)')")
        if page.is_visible("#composer .stub"):  # on a phone it rests as one line
            page.click("#composer .stub")
        self.tool(page, "macros")
        page.click("text-picker [role=option]:has(.changes)")
        page.wait_for_selector(".staged input:checked")
        self.tool(page, "replies")
        page.wait_for_selector("text-picker [role=option]")

    def send_request(self, page: Any) -> None:
        """Sends a request as a guest; ends on the page that says the number."""
        page.goto(f"{self.url}/requests/new/")
        page.fill("[name=name]", "Gisela Gast")
        page.fill("[name=email]", "gisela.gast@new.example")
        page.fill("[name=subject]", "Printer on the second floor")
        page.fill("textarea", "It prints half pages only.")
        page.eval_on_selector("main form[method=post]", "form => form.requestSubmit()")
        page.wait_for_url("**/requests/sent/**")

    def personal_link(self) -> str:
        """A link as it was mailed to somebody who wrote for the first time."""
        if not self._link:
            raw = b"From: Gustav Gast <gustav.gast@new.example>\r\nSubject: Scanner\r\n\r\nIt scans nothing.\r\n"
            address = self.instance.sample()["mailboxes"][0]
            assert self.instance.cli("mail", "receive", "--to", address, "-", given=raw).returncode == 0
            self._link = wait_for(self._mailed_link, what="the confirmation of receipt")
        return self._link

    def waiting_mail(self) -> str:
        """The address of a mail that could not be read (its head nests comments too deeply) and waits for a person. Its
        subject is one long word."""
        if not self._waiting:
            nested = b"(" * 300 + b")" * 300
            raw = b"From: Nadja Nest <nadja@new.example> %b\r\nSubject: %b\r\n\r\nx\r\n" % (nested, b"Nested" * 50)
            address = self.instance.sample()["mailboxes"][0]
            done = self.instance.cli("mail", "receive", "--to", address, "-", given=raw)
            assert done.returncode == 0, done.stderr
            number = done.stdout.split()[-1]
            wait_for(
                lambda: "quarantined 1" in " ".join(self.instance.cli("mail", "ledger").stdout.split()), what=number
            )
            self._waiting = f"{self.url}/settings/mail/ledger/{number}/"
        return self._waiting

    def outgoing_mail(self, page: Any) -> str:
        """The address of a mail in the outgoing folder."""
        self.personal_link()
        page.goto(f"{self.url}/settings/mail/outgoing/")
        links = page.eval_on_selector_all(
            "main th a[href*='/outgoing/']", "all => all.map(a => a.getAttribute('href'))"
        )
        assert links, "the outgoing folder is empty"
        return self.url + str(links[0])

    def invitation(self) -> str:
        """The one-time link of a second administrator."""
        if not self._invitation:
            done = self.instance.cli("admin", "create", "--email", "new.admin@lindhafen.example")
            assert done.returncode == 0, done.stderr
            self._invitation = done.stdout.strip()
        return self._invitation

    @cached_property
    def keyholder(self) -> Keyholder:
        """Somebody who has a second factor."""
        return new_keyholder(self.instance, self.url)

    def _new_page(self, chromium: Any, role: str) -> Any:
        is_new = role not in self._contexts
        if is_new:
            self._contexts[role] = chromium.new_context(
                viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
            )
        page = self._contexts[role].new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
        page.on("dialog", lambda question: question.accept())
        if is_new and role != "guest":
            self._sign_in(page, role)
        return page

    def _sign_in(self, page: Any, role: str) -> None:
        has_key = role == "keyholder"
        account = (
            {"email": self.keyholder.email, "password": PASSWORD}
            if has_key
            else next(a for a in self.accounts if a["role"] == role)
        )
        page.goto(f"{self.url}/sign-in/")
        page.fill("[name=email]", account["email"])
        page.fill("[name=password]", account["password"])
        page.press("[name=password]", "Enter")
        if has_key:
            page.wait_for_url("**/sign-in/second/")
            page.fill("[name=code]", self.keyholder.code())
            page.press("[name=code]", "Enter")
        page.wait_for_url(re.compile(r"/(desk|requests)/"))

    def _mailed_link(self) -> str:
        folder = self.instance.data / "outgoing"
        if not folder.exists():
            return ""
        for raw in mailbox.Maildir(folder, create=False):
            parsed = email.message_from_bytes(raw.as_bytes(), policy=policy.default)
            if parsed["To"] and "gustav.gast@" in parsed["To"]:
                body = parsed.get_body(("plain",))
                found = re.search(r"http://\S+/t/[\w-]+/", body.get_content() if body else "")
                return found.group() if found else ""
        return ""
