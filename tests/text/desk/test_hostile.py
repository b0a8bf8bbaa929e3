"""What no writer means to type may cost no more than an article does."""

from datetime import date

import pytest

from blog.text.desk import Draft, HouseWords, World, check
from blog.text.desk.checks import MAX_FINDINGS
from tests.cost import cpu_seconds

SIZE = 300_000  # characters
WORLD = World(
    own_origin="https://magazine.example",
    words=HouseWords(
        banned=tuple(f"禁句{number}" for number in range(100)),
        preferred={f"別表記{number}": f"表記{number}" for number in range(100)} | {"あ": "ア"},
        tails=tuple(f"の展望{number}" for number in range(100)),
    ),
)
UNITS = (
    *("a", "あ", "*", "#", "[", "`", "<", "「", "（", "\ufffd", "в", "\n", "![", "](", "**a", "<img alt=", "![a](b)"),
    *("「「」", "（a)", "Ａa", "あв", "# a\n", "## a\n\n#### a\n\n", "**a\n\n", "...\n\n", "あ、\n\n", "|a|b\n|-|-|\n"),
    *("目次\n\n- [a](/b)\n\n", "```\n", "https://", "私は", "2026年", "（あ・", "本記事では", "~~"),
    *("ア\n\n", "- あ、\n", "- **a:** あ、\n", "a。あ、\n\n", "　あ ", "して\n\n"),
    *("**a**\n\n", "**あ：**\n", "![](/b)\n", "a\n## あ\n", "- あ、\n- a\n"),
)


@pytest.mark.parametrize("unit", UNITS)
def test_endless_text_is_read_once(unit):
    text = (unit * (SIZE // len(unit) + 1))[:SIZE]
    with cpu_seconds(2, f"the warnings of {unit!r}"):
        check(Draft(title="題", excerpt="要約。", body=text), WORLD)
    with cpu_seconds(2, f"the warnings of a title of {unit!r}"):
        check(Draft(title=text, excerpt=text, body="文。", day=date(2026, 4, 1)), WORLD)


@pytest.mark.parametrize(
    "text", ["", "\n", " \n\t", "\u3000", "\x00", "\ud800", "---", "---\n\n---", "# ", "![", "**", "\ufeff"]
)
def test_text_of_almost_nothing_is_checked(text):
    check(Draft(title=text, excerpt=text, body=text), WORLD)


def test_findings_of_one_kind_are_bounded():
    found = check(Draft(title="題", excerpt="要約。", body="文\ufffd。" * 2_000), World())
    assert sum(finding.code == "foreign" for finding in found) == MAX_FINDINGS
