"""What only a browser can show of signing in: a passkey of a (virtual) device, and a code typed by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.keyholder import PASSWORD, add_passkey, name_passkey, new_administrator, virtual_device
from tests.browser.sample_desk import SampleDesk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture
def page(sample_desk: SampleDesk, chromium: Any) -> Iterator[Any]:
    """A browser of its own, in which nobody is signed in."""
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda fault: faults.append(str(fault)))
    opened.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield opened
    assert [fault for fault in faults if "status of 4" not in fault] == []
    context.close()


def type_password(desk: SampleDesk, page: Any, email: str) -> None:
    """By keyboard: the field of the address has the focus as soon as the page is drawn."""
    page.goto(f"{desk.url}/sign-in/")
    page.wait_for_function("document.activeElement.name === 'email'")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_added_and_signs_in_without_a_password_and_after_it(sample_desk: SampleDesk, page: Any) -> None:
    desk = sample_desk
    made, _ = new_administrator(desk.instance, desk.url, "pass.key@lindhafen.example")
    device = virtual_device(page)
    type_password(desk, page, made.email)
    page.wait_for_url("**/desk/**")
    add_passkey(page, desk.url, "Virtual")
    page.wait_for_selector(".recovery li >> nth=9")
    page.goto(f"{desk.url}/me/")
    page.evaluate("document.querySelector('form[action=\"/sign-out/\"]').submit()")
    page.wait_for_url("**/sign-in/")
    page.locator("passkey-ask button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")
    page.goto(f"{desk.url}/me/sign-in/")
    assert page.locator("main table th[scope=row]").all_inner_texts() == ["Virtual"]

    name_passkey(page, desk.url, "Once more")
    page.click("passkey-ask button")
    page.wait_for_selector("[data-said=known]:visible")

    page.context.clear_cookies()
    type_password(desk, page, made.email)
    page.wait_for_url("**/sign-in/second/")
    page.click("passkey-ask button")
    page.wait_for_url("**/desk/**")

    page.context.clear_cookies()
    page.goto(f"{desk.url}/sign-in/")
    key = device.send("WebAuthn.getCredentials", {"authenticatorId": device.authenticator})["credentials"][0]
    device.send("WebAuthn.removeCredential", {"authenticatorId": device.authenticator, "credentialId":
                key["credentialId"]})  # fmt: skip
    page.click("passkey-ask button")
    page.wait_for_selector("[data-said=stopped]:visible")


def test_a_code_is_typed_by_keyboard_alone(sample_desk: SampleDesk, page: Any) -> None:
    keyholder = sample_desk.keyholder
    type_password(sample_desk, page, keyholder.email)
    page.wait_for_url("**/sign-in/second/")
    page.wait_for_function("document.activeElement.name === 'code'")
    page.keyboard.type("000 000")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=code][aria-invalid=true]")
    assert page.evaluate("document.activeElement.name") == "code"
    page.keyboard.press("Control+a")
    page.keyboard.type(keyholder.code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")
