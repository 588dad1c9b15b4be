"""Counting and judging by themselves: what a model is, and what it does not do."""

from __future__ import annotations

import zlib

import pytest

from tresen.service.learning.judging import DamagedModel, from_bytes, to_bytes
from tresen.service.learning.reading import words_of
from tresen.service.learning.training import Learner, Learnt, rising


def learnt(rounds: int = 40) -> Learnt:
    learner = Learner()
    for number in range(rounds):
        learner.add("net", words_of("VPN", f"The VPN tunnel breaks {'again' if number % 2 else 'at night'}"))
        learner.add("print", words_of("Printer", f"The printer is out of {'toner' if number % 2 else 'paper'}"))
    found = learner.finish()
    assert found is not None
    return found


def test_it_says_what_why_and_how_sure() -> None:
    model = learnt().model
    said = model.judge(words_of("Help", "My vpn-tunnels break"))
    assert said.label == "net" and "vpn" in said.words and said.confidence > 0.7
    assert model.judge(words_of("", "Zażółć gęślą jaźń")).confidence == 0, "what it has never seen it does not judge"


def test_too_little_teaches_nothing() -> None:
    learner = Learner()
    for number in range(30):
        learner.add("net" if number % 2 else "print", words_of("VPN", "down"))
    assert learner.finish() is None
    only = Learner()
    for _ in range(200):
        only.add("net", words_of("VPN", "down"))
    assert only.finish() is None, "with one value there is nothing to choose"


def test_a_model_is_kept_as_plain_numbers() -> None:
    model = learnt().model
    data = to_bytes(model)
    assert from_bytes(data) == model
    assert b"tunnel" not in zlib.decompress(data.partition(b"\n")[2]), "nobody reads in it what people wrote"


@pytest.mark.parametrize("data", [b"", b"\x80\x04pickle", b"TRESEN-LEARNT-1\n" + zlib.compress(b'{"labels": 3}\nxx')])
def test_bytes_that_are_no_model_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedModel):
        from_bytes(data)


def test_confidence_rises_with_what_it_was_worth() -> None:
    points = [(number / 400, number % 4 < 1 + number // 100) for number in range(400)]
    curve = rising(points)
    assert [value for _raw, value in curve] == sorted(value for _raw, value in curve)
    assert 0.15 < curve[1][1] < 0.35 and curve[-1][1] < 1
