"""How often may somebody try? Guessing is slowed down without locking the owner out (safety tests S37, S38).

Counted before the password is looked at, so that parallel tries cannot slip through. Known and unknown addresses
are counted alike. A browser from which the owner has signed in before carries a device cookie and is counted by
itself, so that strangers who hammer the account cannot keep him out. The second step is a door of its own: whoever
guesses codes there knows the password, and a new password is what ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseBase

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import User
from tresen.kit.crypto import new_token, token_hash
from tresen.kit.requests import place_of
from tresen.spine.limits.services import forget, hit, reached

TRIES, TRY_SECONDS = 5, 15 * 60
TOTAL = 100
# Long enough that a patient guesser gets nowhere; a right password or a reset begins it anew.
TOTAL_SECONDS = 365 * 24 * 3600
SPRAY, SPRAY_SECONDS = 30, 10 * 60
PASSWORD, SECOND_STEP = "sign-in", "second step"
DEVICE_COOKIE = "tresen-device"
DEVICE_SECONDS = 180 * 24 * 3600
_SIGNER = TimestampSigner(salt="tresen.device")


@dataclass(frozen=True)
class Attempt:
    """One try at a door: for which address, from where, from a device known for it."""

    address: str
    place: str
    device: str = ""
    door: str = PASSWORD

    @classmethod
    def of(cls, request: HttpRequest, address: str, door: str = PASSWORD) -> Attempt:
        """The attempt that this request makes."""
        folded = fold_mail(address[:320])
        return cls(folded, place_of(request), _known_device(request, folded), door)

    @property
    def _subject(self) -> str:
        return f"device {self.device}" if self.device else f"{self.address} {self.place}"

    def begin(self) -> str:
        """Counts the try; answers why it may not be made (`wait` or `locked`), or nothing."""
        if not self.device and reached("sign-in spray", self.place, limit=SPRAY):
            return "wait"
        if not hit(self.door, self._subject, limit=TRIES, seconds=TRY_SECONDS):
            return "wait"
        counts = not self.device or self.door == SECOND_STEP  # whoever guesses codes may have stolen the device
        if counts and not hit(f"{self.door} total", self.address, limit=TOTAL, seconds=TOTAL_SECONDS):
            return "locked"
        return ""

    def failed(self) -> None:
        """The password, or the code, was wrong."""
        hit("sign-in spray", self.place, limit=SPRAY, seconds=SPRAY_SECONDS)

    def succeeded(self) -> None:
        """The owner is in: his earlier slips are forgotten."""
        forget(self.door, self._subject)
        forget(f"{self.door} total", self.address)


def forget_total(user: User) -> None:
    """After a reset the account counts from nothing."""
    for door in (PASSWORD, SECOND_STEP):
        forget(f"{door} total", user.email)


def remember_device(response: HttpResponseBase, user: User) -> None:
    """Marks this browser as one from which the account's owner has signed in."""
    value = _SIGNER.sign(f"{token_hash(user.email)[:32]}:{new_token(128)}")
    response.set_cookie(
        DEVICE_COOKIE, value, max_age=DEVICE_SECONDS, httponly=True, samesite="Lax", secure=settings.HTTPS
    )


def _known_device(request: HttpRequest, address: str) -> str:
    try:
        value = _SIGNER.unsign(request.COOKIES.get(DEVICE_COOKIE, ""), max_age=DEVICE_SECONDS)
    except BadSignature:
        return ""
    owner, _, device = value.rpartition(":")
    return device if owner == token_hash(address)[:32] else ""
