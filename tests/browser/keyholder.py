"""Somebody on the sample desk who has a second factor, and a colleague without one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp

from tests.instance import Instance
from tests.visitor import Visitor
from tresen.kit import clock

CODE = re.compile(r"<li>(\d{4} \d{4} \d{4})</li>")
PASSWORD = "harbour-lamp-at-nine"


@dataclass
class Keyholder:
    """An administrator with an authenticator app and recovery codes, made by hand in a browser without a script."""

    email: str
    secret: str = ""
    codes: list[str] = field(default_factory=list)
    used: int = 0

    def code(self) -> str:
        """A code of the app that was not used yet; a recovery code where the app has shown no new one since."""
        step = int(clock.now().timestamp()) // 30
        if step + 1 <= self.used:
            return self.codes.pop()
        self.used = max(step, self.used + 1)
        return pyotp.TOTP(self.secret).generate_otp(self.used)


def new_administrator(instance: Instance, url: str, email: str) -> tuple[Keyholder, Visitor]:
    """Makes the account, accepts its invitation; the browser in which that was done is signed in."""
    done = instance.cli("admin", "create", "--email", email)
    assert done.returncode == 0, done.stderr
    visitor = Visitor(url)
    visitor.get(done.stdout.strip())
    page = visitor.fill("form:has(input[type=password])", password=PASSWORD, again=PASSWORD)
    assert page.status == 200, page.text
    return Keyholder(email), visitor


def new_keyholder(instance: Instance, url: str) -> Keyholder:
    """The same with an app."""
    made, visitor = new_administrator(instance, url, "key.holder@lindhafen.example")
    page = visitor.get("/me/sign-in/app/")
    secret = page.tree.css_first(".secret")
    assert secret
    made.secret = secret.text().replace(" ", "")
    page = visitor.fill("form.own-form", code=made.code(), proof=PASSWORD)
    made.codes = CODE.findall(page.html)
    assert len(made.codes) == 10, page.text
    return made


def virtual_device(page: Any) -> Any:
    """Gives the browser page a device that keeps passkeys and finds its user present and verified (WebAuthn's own
    automation, W3C Web Authentication 11)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.authenticator = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return session


def name_passkey(page: Any, url: str, name: str) -> None:
    """Goes to the page that asks the device for a new passkey."""
    page.goto(f"{url}/me/sign-in/passkey/")
    if page.locator("[name=name]").count():
        page.fill("[name=name]", name)
        page.fill("[name=proof]", PASSWORD)
        with page.expect_navigation():
            page.press("[name=proof]", "Enter")


def add_passkey(page: Any, url: str, name: str) -> None:
    """Adds a passkey of the page's virtual device."""
    name_passkey(page, url, name)
    with page.expect_navigation():
        page.click("passkey-ask button")
