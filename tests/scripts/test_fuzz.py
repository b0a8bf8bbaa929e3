"""What `make fuzz` finds is a test that can be copied."""

import pytest
from hypothesis import settings

from scripts.fuzz import NO_TESTS, fuzz_round, regression_tests

PROPERTY = """
from hypothesis import given, strategies as st

@given(st.integers(), st.text())
def test_small(number, text):
    assert number < 1000

def test_that_is_no_property():
    raise AssertionError
"""


@pytest.fixture
def round_of(tmp_path):
    def run(source):
        (tmp_path / "test_found.py").write_text(source)
        return fuzz_round(7, ["-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)])

    return run


def test_failing_example_is_printed_as_a_decorator(round_of):
    result, output = round_of(PROPERTY)
    assert result == 1
    assert "test_that_is_no_property" not in output
    assert regression_tests(output) == [
        "# test_small\n@example(\n    number=1000,\n    text='',  # or any other generated value\n)"
    ]


def test_round_without_a_property_test_says_so(round_of):
    result, _ = round_of("def test_a(): pass\n")
    assert result == NO_TESTS


def test_nothing_in_the_gate_is_drawn_by_chance():
    assert settings.default.derandomize
    assert settings.default.deadline is None
