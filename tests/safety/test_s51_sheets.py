"""S51: what people wrote is text in a spreadsheet, never a formula, and comes back exactly as it was (P1)."""

from __future__ import annotations

import csv
import io

import pytest

from tresen.kit.sheets import csv_lines, plain_cell, safe_cell

FORMULAS = [
    "=1+1",
    "+49 30 1234",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u3000=1",
]
TEXTS = ["'=1", "''", "'", "plain", "", "a=1", "5 - 2", "O'Neill", "zażółć", '"quoted", with a comma']


@pytest.mark.parametrize("text", [*FORMULAS, *TEXTS])
def test_s51_a_cell_is_text_in_a_sheet_and_comes_back_as_it_was(text: str) -> None:
    sheet = "".join(csv_lines(["said"], [[text]]))
    assert sheet.startswith("\ufeff")
    _head, (cell,) = csv.reader(io.StringIO(sheet.removeprefix("\ufeff"), newline=""))
    assert plain_cell(cell) == text
    assert cell.startswith("'") if text in FORMULAS else cell == safe_cell(text)


def test_s51_numbers_of_ours_stay_numbers() -> None:
    assert [safe_cell(value) for value in (-1, 4.5, None)] == ["-1", "4.5", ""]
