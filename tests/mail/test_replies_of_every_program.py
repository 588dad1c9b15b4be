"""What mail programs and providers put over what they quote."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tresen.kit.replies import cut_reply

LEADS = tomllib.loads(Path(__file__).with_name("quoting_leads.toml").read_text("utf-8"))
NEW = "It prints again since noon.\n\nThank you\nCarol"
OLD = "Have you tried another cable?\n\nBest regards\nNele"
MARKED_OLD = "\n".join(f"> {line}".rstrip() for line in OLD.split("\n"))


@pytest.mark.parametrize("program", LEADS["marked"])
def test_a_marked_quote_is_cut_wherever_it_stands(program: str) -> None:
    quote = f"{LEADS['marked'][program]}\n{MARKED_OLD}"
    assert cut_reply(f"{NEW}\n\n{quote}\n").reply_text == NEW
    assert cut_reply(f"{NEW}\n{quote}\n").reply_text == NEW
    assert cut_reply(f"{quote}\n\n{NEW}\n").reply_text == NEW
    assert cut_reply(f"Hello,\n\n{quote}\n\n{NEW}\n\n> And the other one?\n\nLater.").reply_text == (
        f"Hello,\n\n{NEW}\n\nLater."
    )
    assert cut_reply(f"{NEW}\n\n{quote}").quoted_text.endswith("> Nele")


@pytest.mark.parametrize("program", LEADS["bare"])
def test_all_below_is_old_where_nothing_is_marked(program: str) -> None:
    quote = f"{LEADS['bare'][program]}\n{OLD}"
    assert cut_reply(f"{NEW}\n\n{quote}\n").reply_text == NEW
    assert cut_reply(f"{NEW}\n{quote}\n").reply_text == NEW
    assert OLD in cut_reply(f"{NEW}\n\n{quote}").quoted_text
    # Nothing new in it: then all of it is shown.
    assert OLD in cut_reply(quote).reply_text
