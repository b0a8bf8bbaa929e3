"""Two edits of one text: what goes together by itself, and what a person is asked."""

import random

import pytest

from blog.text.merge import join, merge

BASE = "# 題\n\n一段落。\n\n二段落。\n\n三段落。\n\n四段落。\n"


def merged(mine, theirs, base=BASE):
    parts = merge(base, mine, theirs)
    assert not any(part.is_conflict for part in parts)
    return join(part.text for part in parts)


def conflicts(mine, theirs, base=BASE):
    return [(part.base, part.mine, part.theirs) for part in merge(base, mine, theirs) if part.is_conflict]


def edit(*changes, base=BASE):
    for old, new in changes:
        assert old in base
        base = base.replace(old, new)
    return base


def test_changes_of_different_paragraphs_go_together():
    mine, theirs = edit(("一段落", "私の一段落")), edit(("三段落", "相手の三段落"))
    assert merged(mine, theirs) == edit(("一段落", "私の一段落"), ("三段落", "相手の三段落"))


@pytest.mark.parametrize("text", [BASE, "", edit(("一段落", "別")), "まったく別の本文。"])
def test_untouched_side_changes_nothing(text):
    assert merged(BASE, text) == text
    assert merged(text, BASE) == text
    assert merged(text, text) == text


def test_one_place_changed_by_both_is_asked_and_the_rest_resolved():
    mine, theirs = edit(("二段落", "私の二"), ("四", "4")), edit(("二段落", "相手の二"))
    parts = merge(BASE, mine, theirs)
    assert [part.is_conflict for part in parts] == [False, True, False]
    assert conflicts(mine, theirs) == [("二段落。\n\n", "私の二。\n\n", "相手の二。\n\n")]
    assert parts[2].text == "三段落。\n\n4段落。\n"


def test_what_one_removed_and_the_other_changed_is_asked():
    assert conflicts(edit(("二段落。\n\n", "")), edit(("二段落", "相手の二"))) == [
        ("二段落。\n\n", "", "相手の二。\n\n")
    ]


def test_long_texts_that_repeat_themselves_are_merged_in_time():
    base = "同じ段落。\n\n" * 20_000
    parts = merge(base, "私。\n\n" + base, base + "相手。\n\n")
    assert "".join(part.text or part.mine + part.theirs for part in parts).count("同じ段落") >= 20_000


def test_no_paragraph_of_either_side_is_lost():
    """Whatever two people do, each paragraph that one of them wrote is in the result or in a question."""
    choose = random.Random(5)
    for _ in range(300):
        base = [f"段落{number}。" for number in range(choose.randint(0, 8))]
        sides = []
        for name in ("私", "相手"):
            side = list(base)
            for number in range(choose.randint(0, 4)):
                place = choose.randint(0, len(side))
                side[place : place + choose.randint(0, 2)] = [f"{name}{number}。"] * choose.randint(0, 2)
            sides.append("\n\n".join(side) + choose.choice(["", "\n", "\n\n"]))
        parts = merge("\n\n".join(base), *sides)
        for side, name in zip(sides, ("mine", "theirs"), strict=True):
            result = join(getattr(part, name) if part.is_conflict else part.text for part in parts)
            for number in range(4):
                written = f"{'私' if name == 'mine' else '相手'}{number}。"
                assert side.count(written) == result.count(written), (base, sides, parts)
