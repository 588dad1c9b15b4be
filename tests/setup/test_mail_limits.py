"""The limits of the mail channel on the screen."""

from __future__ import annotations

from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import tree, value
from tresen.channels.mail.models import MailLimits

LIMITS = "/settings/mail/limits/"


def _filled(page: object) -> dict[str, str]:
    return {str(node.attributes["name"]): node.attributes.get("value") or "" for node in page.css("form.s-form input")}  # type: ignore[attr-defined]


def test_the_limits_are_seen_and_set(cast: Cast, ada: Client) -> None:
    page = tree(ada.get(LIMITS))
    assert value(page, "[name=new_tickets_per_sender]") == "20"
    typed = {**_filled(page), "new_tickets_per_sender": "7"}
    assert ada.post(LIMITS, typed).status_code == 302
    assert MailLimits.objects.get().new_tickets_per_sender == 7
    assert value(tree(ada.get(LIMITS)), "[name=new_tickets_per_sender]") == "7"


def test_what_makes_no_sense_is_told_and_nothing_typed_is_lost(cast: Cast, ada: Client) -> None:
    typed = {**_filled(tree(ada.get(LIMITS))), "new_tickets_per_sender": "0", "auto_per_day": "99"}
    answer = ada.post(LIMITS, typed)
    assert answer.status_code == 422
    assert value(tree(answer), "[name=auto_per_day]") == "99"
    assert not MailLimits.objects.exists()


def test_two_who_save_are_told_of_each_other(cast: Cast, ada: Client) -> None:
    typed = _filled(tree(ada.get(LIMITS)))
    ada.post(LIMITS, {**typed, "auto_per_day": "5"})
    answer = ada.post(LIMITS, {**typed, "auto_per_day": "6"})
    assert answer.status_code == 409 and MailLimits.objects.get().auto_per_day == 5


def test_only_administrators_set_limits(cast: Cast) -> None:
    assert cast.browser(cast.anna).get(LIMITS).status_code == 404
