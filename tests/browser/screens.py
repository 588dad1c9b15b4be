"""Every screen of the product, from the table of addresses: how to get there, as whom, in which state.

A new address must be named here, as a screen, or in no_screens.py as something that is none; tests/house/test_walks.py
insists.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser.announcement_screens import ANNOUNCEMENT_SCREENS
from tests.browser.article_screens import ARTICLE_SCREENS
from tests.browser.bulk_screens import bulk, bulk_done, bulk_macro, bulk_merge, bulk_preview
from tests.browser.catalog_screens import catalog_screens
from tests.browser.checklist_screens import checklists_on_ticket, kept_checklist
from tests.browser.factor_screens import FACTOR_SCREENS
from tests.browser.knowledge_screens import IN_ITS_ADDRESS, KNOWLEDGE_SCREENS
from tests.browser.level_screens import call_on_call, handed_up
from tests.browser.mail_link_screens import mail_link_screens
from tests.browser.preview_screens import previewed
from tests.browser.recurring_screens import guide, guide_at_its_end, named, request_after_guide
from tests.browser.rule_screens import clocks_of_a_ticket, laboratory_tried, policy_tried, rules_of_a_ticket
from tests.browser.sample_desk import SampleDesk
from tests.browser.survey_screens import survey_screens

Goal = Callable[[SampleDesk, Any], None]


@dataclass(frozen=True)
class Screen:
    """One screen in one state. `go` takes a browser page (signed in as `role`) there."""

    address: str
    role: str
    go: Goal
    state: str = ""

    def __str__(self) -> str:
        return f"{self.address}{'-' + self.state if self.state else ''}-{self.role}"


def at(path: str) -> Goal:
    """By its address."""
    return lambda desk, page: page.goto(desk.url + path)


def by_link(start: str, pattern: str, then: str = "") -> Goal:
    """By the first link on a page whose address fits the pattern; `then` stands behind that address."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + start)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
        found = next((link for link in links if re.search(pattern, link)), None)
        assert found, f"no link {pattern} on {start}: {links}"
        page.goto((found if found.startswith("http") else desk.url + found) + then)

    return go


def sent(start: str, selector: str = "main form[method=post]", **fields: str) -> Goal:
    """By sending a form as it stands, with these fields filled, past the browser's own checks."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + start)
        for name, value in fields.items():
            page.fill(f"{selector} [name={name}]", value)
        page.eval_on_selector(selector, "form => { form.noValidate = true; }")
        with page.expect_navigation():
            page.eval_on_selector(selector, "form => form.requestSubmit()")

    return go


def with_link(desk: SampleDesk, page: Any) -> None:
    """A customer's personal link, from the mail that a new request gets."""
    page.goto(desk.personal_link())


def changed_and_undone(desk: SampleDesk, page: Any) -> None:
    """Take two tickets, take one of them back."""
    for _ in range(2):
        page.goto(desk.url + "/desk/views/unassigned/")
        page.goto(desk.url + str(page.locator("a[href^='/desk/tickets/']").first.get_attribute("href")))
        page.click("#take")
        page.wait_for_selector(".toast [data-action=undo]")
    page.goto(desk.url + "/desk/operations/")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def on_ticket(path: str, words: str = "VPN bricht seit dem Update") -> Goal:
    """A page of a ticket besides its own."""
    return lambda desk, page: page.goto(f"{desk.url}{desk.ticket(words)}".replace(desk.url * 2, desk.url) + path)


def with_another(desk: SampleDesk, page: Any) -> None:
    """Two tickets of different people, before they are merged or linked."""
    page.goto(desk.url + "/desk/views/all/")
    number = str(page.locator("a[href^='/desk/tickets/']").last.get_attribute("href")).split("/")[3]
    on_ticket(f"connect/?with={number}")(desk, page)


def with_children(desk: SampleDesk, page: Any) -> None:
    """A parent, and what can be done with its children."""
    with_another(desk, page)
    if "/connect/" in page.url and page.locator("button[value=parent]").count():
        page.click("button[value=parent]")
    on_ticket("children/")(desk, page)


def with_children_twice(desk: SampleDesk, page: Any) -> None:
    """The second look, before they are answered."""
    with_children(desk, page)
    page.fill("[name=text]", "The gateway is mended.")
    page.check("[name=child] >> nth=0")
    with page.expect_navigation():
        page.click("main .acts .primary")


def with_children_shown(desk: SampleDesk, page: Any) -> None:
    """A parent’s page."""
    with_children(desk, page)
    on_ticket("")(desk, page)


def deleted(desk: SampleDesk, page: Any) -> None:
    """A ticket in the bin."""
    page.goto(desk.url + "/desk/views/all/")
    path = str(page.locator("a[href^='/desk/tickets/']").last.get_attribute("href")).split("?")[0]
    page.goto(f"{desk.url}{path}delete/")
    with page.expect_navigation():
        page.click("button.danger")
    page.goto(desk.url + "/desk/bin/")


def ask_to_delete(desk: SampleDesk, page: Any) -> None:
    """Choose all mail that waits, and delete it: the question before it is done."""
    waiting(desk, page)
    page.check("input[name=all]")
    with page.expect_navigation():
        page.click("button[value=discard]")


def waiting(desk: SampleDesk, page: Any) -> None:
    """The list of the mail that waits for a person."""
    desk.waiting_mail()
    page.goto(desk.url + "/settings/mail/ledger/?outcome=open")


def palette(desk: SampleDesk, page: Any) -> None:
    """The palette as it opens on a ticket."""
    page.goto(desk.ticket("VPN bricht seit dem Update"))
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-found [role=option]")


def palette_found(desk: SampleDesk, page: Any) -> None:
    """The palette with what some letters have found."""
    palette(desk, page)
    page.keyboard.type("an")
    page.wait_for_selector("#palette-found mark")


def tested_mailbox(desk: SampleDesk, page: Any) -> None:
    """A mailbox whose test has ended."""
    by_link("/settings/mailboxes/", r"/settings/mailboxes/\d+/$")(desk, page)
    with page.expect_navigation():
        page.click("form[action$='/test/'] button")
    page.wait_for_selector(".probe li:not(.wait)")
    page.goto(page.url.partition("#")[0])  # an address with a mark would not be loaded anew


def all_views(desk: SampleDesk, page: Any) -> None:
    """The page of all views, with a saved one."""
    desk.saved_view(page)
    page.goto(desk.url + "/desk/views/")


def ask_a_partner(desk: SampleDesk, page: Any) -> None:
    """A side thread, begun with a message to a supplier."""
    sent(desk.ticket("VPN bricht").removeprefix(desk.url) + "sides/new/", to="max@parts.example", subject="Router 1200",
         text="Is it in stock?")(desk, page)  # fmt: skip


def pages_of(name: str, many: str, path: str) -> list[Screen]:
    """The list of a kind of thing in the settings, a new one, and the first there is."""
    one = by_link(path, path + r"\d+/$")
    places = ((many, at(path)), (f"{name}-new", at(f"{path}new/")), (name, one))
    return [Screen(f"setup:{address}", "admin", reach) for address, reach in places]


SCREENS = [
    Screen("account:sign-in", "guest", at("/sign-in/")),
    Screen("account:sign-in", "guest", sent("/sign-in/", email="nobody@x.example", password="wrong one"), "refused"),
    Screen("account:forgotten", "guest", at("/password/forgotten/")),
    Screen("account:forgotten", "guest", sent("/password/forgotten/", email="nobody@x.example"), "sent"),
    Screen("account:reset", "guest", at("/password/reset/MQ/set-password/"), "dead"),
    Screen("account:invite", "guest", lambda desk, page: page.goto(desk.invitation())),
    Screen("account:invite", "guest", at("/invite/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"), "dead"),
    Screen("account:first-run", "guest", at("/first-run/"), "closed"),
    *(Screen(*one) for one in (*FACTOR_SCREENS, *survey_screens(at, by_link, sent))),
    *(Screen(*one) for one in (*catalog_screens(at, by_link, sent), *mail_link_screens(at, sent))),
    Screen("account:me", "agent", at("/me/")),
    Screen("account:own-keys", "agent", at("/me/keys/")),
    Screen("account:own-keys", "agent", sent("/me/keys/", selector="form.own-keys", **{"key-next": "r"}), "wrong"),
    Screen("account:notifications", "agent", at("/me/notifications/")),
    Screen("desk:notifications", "agent", at("/desk/notifications/")),
    Screen("account:me", "customer", at("/me/"), "customer"),
    Screen("desk:view", "agent", at("/desk/views/mine/")),
    Screen("desk:view", "agent", at("/desk/views/all/"), "long"),
    Screen("desk:view", "agent", at("/desk/views/following/"), "empty"),
    Screen("desk:view", "agent", lambda desk, page: page.goto(desk.saved_view(page)), "saved"),
    Screen("desk:bulk", "agent", bulk, "chosen"),
    Screen("desk:bulk", "agent", bulk_preview, "sent"),
    Screen("desk:bulk-change", "agent", bulk_done),
    Screen("desk:bulk-macro", "agent", bulk_macro, "chosen"),
    Screen("desk:bulk-merge", "agent", bulk_merge, "chosen"),
    Screen("desk:views", "agent", all_views),
    Screen("desk:view-new", "agent", at("/desk/views/new/?q=status:open")),
    Screen("desk:view-new", "agent", sent("/desk/views/new/", name="VPN", query="colour:red"), "wrong"),
    Screen("desk:view-edit", "agent", at("/desk/views/mine/edit/")),
    Screen("desk:view-edit", "agent", lambda desk, page: page.goto(desk.saved_view(page) + "edit/"), "saved"),
    Screen("desk:team", "agent", by_link("/desk/", r"/desk/teams/")),
    Screen("desk:search", "agent", at("/desk/search/?q=VPN")),
    Screen("desk:search", "agent", at("/desk/search/?q=xyzzyx"), "nothing"),
    Screen("desk:search", "agent", at("/desk/search/?q=colour:red"), "wrong"),
    Screen("desk:search", "agent", at("/desk/search/"), "unasked"),
    Screen("desk:side-new", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "sides/new/")),
    Screen("desk:side", "agent", ask_a_partner),
    Screen("desk:ticket-fields", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "custom/")),
    Screen("desk:ticket-time", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "time/")),
    Screen("desk:contacts", "agent", at("/desk/contacts/")),
    Screen("desk:contacts", "agent", at("/desk/contacts/?q=xyzzyx"), "nothing"),
    Screen("desk:contact", "agent", by_link("/desk/contacts/?q=Carola", r"/desk/contacts/\d+/$")),
    Screen("desk:contact", "agent", by_link("/desk/contacts/?q=Pawlik", r"/desk/contacts/\d+/$"), "empty"),
    Screen("desk:contact-edit", "agent", by_link("/desk/contacts/?q=Carola", r"/desk/contacts/\d+/$", "edit/")),
    Screen("desk:ticket", "agent", by_link("/desk/views/all/", r"/desk/tickets/\w+/")),
    Screen("desk:ticket", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht seit dem Update")), "rich"),
    Screen("desk:ticket", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "?view=all"), "beside"),
    Screen("desk:ticket", "agent", lambda desk, page: page.goto(desk.ticket("gw-bre-2")), "guide"),
    Screen("desk:ticket", "agent", lambda desk, page: page.goto(desk.ticket("Passwort vergessen")), "proposal"),
    Screen("desk:message-original", "agent", lambda desk, page: page.goto(desk.original(page)), "source"),
    Screen("desk:attachment-preview", "agent", previewed, "pdf"),
    Screen("desk:attachment-preview", "agent", lambda desk, page: page.goto(desk.original(page, "/preview/")), "text"),
    Screen("desk:message-move", "agent", lambda desk, page: page.goto(desk.original(page, "/move/"))),
    Screen("desk:operations", "agent", at("/desk/operations/"), "empty"),
    Screen("desk:operations", "agent", changed_and_undone),
    Screen("desk:ticket-connect", "agent", on_ticket("connect/")),
    Screen("desk:ticket-connect", "agent", with_another, "two"),
    Screen("desk:ticket-escalate", "agent", on_ticket("escalate/")),
    Screen("desk:ticket-return", "agent", on_ticket("return/", "Maternity cover"), "none"),
    Screen("desk:ticket-return", "admin", handed_up),
    Screen("desk:ticket-split", "agent", on_ticket("split/?from=1")),
    Screen("desk:ticket-children", "agent", with_children),
    Screen("desk:ticket-children", "agent", with_children_twice, "look"),
    Screen("desk:ticket", "agent", with_children_shown, "parent"),
    Screen("desk:ticket-delete", "admin", on_ticket("delete/")),
    Screen("desk:bin", "admin", at("/desk/bin/"), "empty"),
    Screen("desk:bin", "admin", deleted),
    Screen("desk:palette", "agent", palette),
    Screen("desk:offline", "agent", at("/desk/offline/"), "empty"),
    Screen("desk:palette", "agent", palette_found, "found"),
    Screen("desk:draft-review", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "draft/review/")),
    Screen("desk:ticket-texts", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "texts/macros/")),
    Screen("desk:ticket", "agent", lambda desk, page: desk.lay_out_macro(page), "macro"),
    Screen("desk:new-ticket", "agent", at("/desk/new/")),
    Screen("desk:new-ticket", "agent", sent("/desk/new/"), "wrong"),
    Screen("setup:overview", "admin", at("/settings/")),
    Screen("setup:agents", "admin", at("/settings/agents/")),
    Screen("setup:agent-invite", "admin", at("/settings/agents/invite/")),
    Screen("setup:agent-invite", "admin", sent("/settings/agents/invite/"), "wrong"),
    Screen("setup:agent", "admin", by_link("/settings/agents/", r"/settings/agents/\d+/$")),
    *pages_of("role", "roles", "/settings/roles/"),
    *pages_of("team", "teams", "/settings/teams/"),
    *pages_of("brand", "brands", "/settings/brands/"),
    Screen("setup:calendars", "admin", at("/settings/calendars/")),
    Screen("setup:calendar-new", "admin", sent("/settings/calendars/new/", "#calendar-form"), "wrong"),
    Screen("setup:calendar", "admin", by_link("/settings/calendars/", r"/settings/calendars/\d+/$")),
    Screen("setup:webhooks", "admin", at("/settings/webhooks/")),
    Screen("setup:webhook-new", "admin", sent("/settings/webhooks/new/", "#webhook-form"), "wrong"),
    Screen("setup:webhook", "admin", by_link("/settings/webhooks/", r"/settings/webhooks/\d+/$")),
    Screen("setup:rules", "admin", at("/settings/rules/")),
    Screen("setup:rule-new", "admin", sent("/settings/rules/new/", "#rule-form"), "wrong"),
    Screen("setup:rule", "admin", by_link("/settings/rules/", r"/settings/rules/\d+/$")),
    Screen("setup:rule-versions", "admin", by_link("/settings/rules/", r"/settings/rules/\d+/$", "versions/")),
    Screen("setup:rule-log", "admin", by_link("/settings/rules/", r"/settings/rules/\d+/$", "log/")),
    Screen("setup:rule-limits", "admin", at("/settings/rules/limits/")),
    Screen("setup:rule-limits", "admin", sent("/settings/rules/limits/", most_deep="0"), "wrong"),
    Screen("setup:rule-gallery", "admin", at("/settings/rules/gallery/")),
    Screen("setup:rule-laboratory", "admin", by_link("/settings/rules/", r"/settings/rules/\d+/$", "laboratory/")),
    Screen("setup:rule-laboratory", "admin", laboratory_tried, "tried"),
    Screen("setup:rule-delete", "admin", by_link("/settings/rules/", r"/settings/rules/\d+/$", "delete/")),
    Screen("desk:ticket-rules", "agent", rules_of_a_ticket),
    Screen("desk:ticket-clocks", "agent", clocks_of_a_ticket),
    Screen("setup:policies", "admin", at("/settings/service-levels/")),
    Screen("setup:policy-new", "admin", sent("/settings/service-levels/new/", "#policy-form"), "wrong"),
    Screen("setup:policy", "admin", by_link("/settings/service-levels/", r"/settings/service-levels/\d+/$")),
    Screen("setup:policy", "admin", policy_tried, "tried"),
    Screen("setup:mailboxes", "admin", at("/settings/mailboxes/")),
    Screen("setup:mailbox-new", "admin", at("/settings/mailboxes/new/")),
    Screen("setup:mailbox", "admin", by_link("/settings/mailboxes/", r"/settings/mailboxes/\d+/$")),
    Screen("setup:mailbox", "admin", tested_mailbox, "tested"),
    Screen("setup:mailbox-sign-in", "admin", by_link("/settings/mailboxes/", r"/settings/mailboxes/\d+/$", "sign-in/")),
    Screen("setup:mail-providers", "admin", at("/settings/mail/providers/")),
    Screen("setup:mail-providers", "admin", sent("/settings/mail/providers/"), "wrong"),
    Screen("setup:rotas", "admin", at("/settings/on-call/")),
    Screen("setup:rota-new", "admin", sent("/settings/on-call/new/"), "wrong"),
    Screen("setup:rota", "admin", by_link("/settings/on-call/", r"/settings/on-call/\d+/$")),
    Screen("setup:own-on-call", "agent", at("/settings/on-call/mine/")),
    Screen("setup:own-on-call", "admin", at("/settings/on-call/mine/"), "none"),
    Screen("setup:oncall-gateway", "admin", at("/settings/on-call/gateway/")),
    Screen("desk:alert", "agent", call_on_call),
    *pages_of("level", "levels", "/settings/levels/"),
    *pages_of("status", "statuses", "/settings/statuses/"),
    Screen("setup:priorities", "admin", at("/settings/priorities/")),
    Screen("setup:priority-table", "admin", by_link("/settings/priorities/", r"/settings/priorities/\d+/$")),
    Screen("setup:attendance", "admin", at("/settings/attendance/")),
    Screen("setup:attendance-of", "agent", at("/settings/attendance/me/")),
    Screen("setup:recurring-list", "admin", at("/settings/recurring/")),
    Screen("setup:recurring-new", "admin", at("/settings/recurring/new/")),
    Screen("setup:recurring", "admin", named("/settings/recurring/", "Sicherungen")),
    Screen("setup:recurring", "admin", named("/settings/recurring/", "Alte Rechner"), "hole"),
    Screen("setup:procedures", "admin", at("/settings/procedures/")),
    Screen("setup:procedure-new", "admin", at("/settings/procedures/new/")),
    Screen("setup:procedure", "admin", named("/settings/procedures/", "Drucker")),
    Screen("setup:procedure-versions", "admin", named("/settings/procedures/", "Drucker", "versions/")),
    Screen("setup:procedure-version", "admin", named("/settings/procedures/", "Drucker", "versions/1/?with=2")),
    Screen("setup:learning", "admin", at("/settings/learning/")),
    Screen("setup:learning-field", "admin", at("/settings/learning/category/")),
    Screen("setup:team-routing", "admin", by_link("/settings/teams/", r"/settings/teams/\d+/$", "assignment/")),
    Screen("setup:agent-routing", "admin", by_link("/settings/agents/", r"/settings/agents/\d+/$", "assignment/")),
    *pages_of("custom-field", "custom-fields", "/settings/fields/"),
    *pages_of("category", "categories", "/settings/categories/"),
    Screen("setup:checklist-new", "admin", at("/settings/checklists/new/")),
    Screen("setup:checklist", "admin", kept_checklist),
    Screen("setup:checklists", "admin", at("/settings/checklists/")),
    Screen("desk:ticket-checklist", "agent", checklists_on_ticket),
    Screen("setup:tags", "admin", at("/settings/tags/")),
    Screen("setup:tag", "admin", by_link("/settings/tags/", r"/settings/tags/\d+/$")),
    *(Screen(f"setup:{x}", "admin", at(f"/settings/{x}/")) for x in ("tokens", "search-misses", "synonyms", "jobs")),
    Screen("desk:ticket-articles", "agent", lambda desk, page: page.goto(desk.ticket("VPN bricht") + "articles/")),
    Screen("setup:synonym-group", "admin", by_link("/settings/synonyms/", r"/synonyms/\d+/$")),
    Screen("setup:saved-replies", "agent", at("/settings/saved-replies/")),
    Screen("setup:saved-replies", "agent", at("/settings/saved-replies/?show=archived"), "empty"),
    Screen("setup:saved-reply-new", "agent", sent("/settings/saved-replies/new/", "#text-form"), "wrong"),
    Screen("setup:saved-reply", "admin", by_link("/settings/saved-replies/", r"/saved-replies/\d+/$")),
    Screen("setup:saved-reply", "agent", by_link("/settings/saved-replies/?q=2fa", r"/saved-replies/\d+/$"), "read"),
    Screen("setup:macros", "admin", at("/settings/macros/")),
    Screen("setup:macro-new", "admin", sent("/settings/macros/new/", "#text-form"), "wrong"),
    Screen("setup:macro", "admin", by_link("/settings/macros/", r"/macros/\d+/$")),
    Screen("setup:outbox", "admin", at("/settings/mail/outbox/"), "empty"),
    Screen("setup:outbox", "admin", at("/settings/mail/outbox/?state=sent")),
    Screen("setup:outbox", "admin", at("/settings/mail/outbox/?state=bounced"), "bounced"),
    Screen("setup:mail-texts-of", "admin", at("/settings/mail/texts/")),
    Screen("setup:mail-texts-of", "admin", by_link("/settings/mail/texts/", r"team=\d+"), "team"),
    Screen("setup:dkim", "admin", at("/settings/mail/dkim/")),
    Screen("setup:replies", "admin", at("/settings/mail/replies/")),
    Screen("setup:outgoing", "admin", at("/settings/mail/outgoing/")),
    Screen("setup:outgoing-mail", "admin", lambda desk, page: page.goto(desk.outgoing_mail(page))),
    Screen("setup:limits", "admin", at("/settings/mail/limits/")),
    Screen("setup:limits", "admin", sent("/settings/mail/limits/", auto_per_day="-1"), "wrong"),
    Screen("setup:ledger", "admin", at("/settings/mail/ledger/")),
    Screen("setup:ledger", "admin", waiting, "open"),
    Screen("setup:ledger", "admin", at("/settings/mail/ledger/?sender=nobody%40nowhere"), "nothing"),
    Screen("setup:ledger-sum", "admin", at("/settings/mail/ledger/sum/")),
    Screen("setup:received-delete", "admin", lambda desk, page: page.goto(desk.waiting_mail() + "delete/")),
    Screen("setup:received-many", "admin", ask_to_delete, "sent"),
    Screen("setup:received", "admin", lambda desk, page: page.goto(desk.waiting_mail()), "waits"),
    Screen("setup:received", "admin", by_link("/settings/mail/ledger/", r"/settings/mail/ledger/\d+/$")),
    Screen("api:docs", "guest", at("/api/v1/docs")),
    Screen("portal:home", "guest", at("/")),
    Screen("portal:home", "customer", at("/"), "signed-in"),
    *(Screen(*one) for one in (*KNOWLEDGE_SCREENS, *ANNOUNCEMENT_SCREENS, *ARTICLE_SCREENS)),
    Screen("portal:new-request", "guest", request_after_guide, "guide"),
    Screen("portal:guide", "guest", guide),
    Screen("portal:guide", "guest", guide_at_its_end, "solved"),
    Screen("portal:find-link", "guest", at("/requests/link/")),
    Screen("portal:link-sent", "guest", sent("/requests/link/", email="nobody@x.example")),
    Screen("portal:sent", "guest", lambda desk, page: desk.send_request(page)),
    Screen("portal:requests", "customer", at("/requests/")),
    Screen("portal:request", "customer", by_link("/requests/", r"/requests/[A-Z]+\d+/$")),
    Screen("portal:link", "guest", with_link),
    Screen("portal:link", "guest", at("/t/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"), "dead"),
]
# What has no address of its own (answers to a form, an open dialog) and is brought about anew in each language.
ANSWERS = {"wrong", "refused", "sent", "chosen"}
OPENED = {"desk:palette", "desk:attachment-preview", *IN_ITS_ADDRESS}


def visit(desk: SampleDesk, page: Any, screen: Screen, language: str) -> None:
    """Take a page to a screen in one language. Where it is there already, the same address is loaded once more."""
    desk.speak(page, language)
    if getattr(page, "standing_at", None) is screen and screen.state not in ANSWERS and screen.address not in OPENED:
        page.goto(page.url.partition("#")[0])  # with a part of the page it would only leap there
    else:
        screen.go(desk, page)
    page.standing_at = screen
