"""How one gets to the screens of second factors."""

from __future__ import annotations

from typing import Any

from tests.browser.keyholder import PASSWORD, add_passkey, name_passkey, new_administrator, virtual_device
from tests.browser.sample_desk import SampleDesk
from tests.visitor import Visitor

EMPTY_HANDED = "empty.handed@lindhafen.example"


def half_way(desk: SampleDesk, page: Any) -> None:
    """Between the password and the second step."""
    _type_password(desk, page, desk.keyholder.email)


def at_gate(path: str = "") -> Any:
    """Where the desk asks for a second factor and the person has none. What the desk asks is taken back at once."""

    def go(desk: SampleDesk, page: Any) -> None:
        if not hasattr(desk, "empty_handed"):
            desk.empty_handed, _ = new_administrator(desk.instance, desk.url, EMPTY_HANDED)  # type: ignore[attr-defined]
        admin = Visitor(desk.url)
        admin.get("/sign-in/")
        account = next(one for one in desk.accounts if one["role"] == "admin")
        admin.fill("main form", email=account["email"], password=account["password"])
        for who in ("all", "nobody"):
            admin.get("/settings/signing-in/")
            admin.fill("main form.s-form", second_factor=who)
            if who == "all":
                _type_password(desk, page, EMPTY_HANDED)
        page.goto(f"{desk.url}/sign-in/set-up/{path}")

    return go


def gate_passkey(desk: SampleDesk, page: Any) -> None:
    """The device is about to be asked."""
    at_gate("passkey/")(desk, page)
    if page.locator("[name=name]").count():
        with page.expect_navigation():
            page.press("[name=name]", "Enter")


def own_factors(desk: SampleDesk, page: Any) -> None:
    """One's own app, passkeys and codes."""
    page.goto(f"{desk.url}/me/sign-in/")
    if not page.locator("main table").count():
        virtual_device(page)
        add_passkey(page, desk.url, "Laptop at the counter")
        page.goto(f"{desk.url}/me/sign-in/")


def wrong_code(desk: SampleDesk, page: Any) -> None:
    """A new app whose code was wrong."""
    page.goto(f"{desk.url}/me/sign-in/app/")
    page.fill("[name=code]", "000000")
    with page.expect_navigation():
        page.press("[name=code]", "Enter")


def asked_device(desk: SampleDesk, page: Any) -> None:
    """The device is about to be asked for a new passkey."""
    name_passkey(page, desk.url, "Key ring")


def new_codes(desk: SampleDesk, page: Any) -> None:
    """Fresh recovery codes."""
    page.goto(f"{desk.url}/me/sign-in/codes/")
    page.fill("[name=proof]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=proof]", "Enter")
    desk.keyholder.codes = [code.strip() for code in page.locator(".recovery li").all_inner_texts()]


def remove_passkey(desk: SampleDesk, page: Any) -> None:
    """The question before a passkey is removed."""
    own_factors(desk, page)
    with page.expect_navigation():
        page.click("main table .danger >> nth=0")


def _type_password(desk: SampleDesk, page: Any, email: str) -> None:
    page.goto(f"{desk.url}/sign-in/")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


FACTOR_SCREENS = [
    ("account:second-step", "guest", half_way, ""),
    ("account:set-up", "guest", at_gate(), ""),
    ("account:set-up-app", "guest", at_gate("app/"), ""),
    ("account:set-up-passkey", "guest", gate_passkey, ""),
    ("account:factors", "keyholder", own_factors, ""),
    ("account:app", "keyholder", wrong_code, "wrong"),
    ("account:passkey-new", "keyholder", asked_device, ""),
    ("account:codes", "keyholder", new_codes, "sent"),
    ("account:app-remove", "keyholder", lambda desk, page: page.goto(f"{desk.url}/me/sign-in/app/remove/"), ""),
    ("account:passkey-remove", "keyholder", remove_passkey, ""),
    ("setup:signing-in", "admin", lambda desk, page: page.goto(f"{desk.url}/settings/signing-in/"), ""),
]
