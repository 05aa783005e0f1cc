"""No text in a CSV file is taken for a formula."""

import pytest

from shared.basics.sheet import cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-uno", "@x", "\t=1", "\r=1", "\n=1"])
def test_what_may_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "F-1", "a=1", " -1"])
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert cell(text) == text
