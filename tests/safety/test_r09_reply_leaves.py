"""R9: killed between "reply saved" and SMTP, and after DATA before 250: the reply leaves; at worst it is repeated under
the same Message-ID; its state is visible (P16)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for


@pytest.mark.parametrize("place", ["send:before", "send:after"])
def test_r09_a_reply_leaves_although_the_worker_dies(
    new_instance: Callable[..., Instance], sink: Sink, tmp_path: Path, place: str, full_size: bool
) -> None:
    plugs = tmp_path / "plugs"
    plugs.mkdir()
    instance = new_instance(
        TRESEN_SMTP_URL=sink.url, TRESEN_LEASE_SECONDS="2", TRESEN_FAULT=f"{place}:kill:{plugs}"
    )  # fmt: skip
    desk = RunningDesk(instance).start()
    desk.send(mail("Help.", subject="r9"))
    number = desk.wait_ticket("r9")["number"]
    sink.wait("carol@shop.example")  # the acknowledgement; from here on the plug is pulled
    for plug in range(3 if full_size else 1):
        (plugs / str(plug)).touch()
    status, _ = desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "Here is the answer."})
    assert status == 201

    def is_sent() -> bool:
        try:
            return bool(desk.messages(number)[1]["delivery"] == "sent")
        except OSError:
            return False

    wait_for(is_sent, seconds=90, what="the reply to be sent")
    assert not list(plugs.iterdir()), "the worker was killed as often as meant"
    replies = [m for m in sink.to("carol@shop.example") if "Here is the answer." in m.text]
    assert replies, "the reply has left"
    assert len({m.mail["Message-ID"] for m in replies}) == 1
    if place == "send:before":
        assert len(replies) == 1
