"""What other articles hold already."""

import pytest

from blog.text.desk import Draft, World, mentions
from tests.text.desk.asking import findings

TITLE = "電力不足は計算の値段をどう変えるのか"
PARAGRAPH = "データセンターの電気代は、計算の値段の三割を占めており、土地の値段よりも立地を強く左右する要因になった。"
OTHER = "/2026/04/01/power/"


def world_with(title: str, body: str) -> World:
    known = mentions(Draft(title=title, body=body))
    return World(titles=dict.fromkeys(known.titles, OTHER), paragraphs=dict.fromkeys(known.paragraphs, OTHER))


@pytest.mark.parametrize("title", ["電力不足は計算の値段をどう変えたのか", "電力不足", "", "？"])
def test_title_of_its_own_passes(title):
    assert findings("title_used", Draft(title=title), world_with(TITLE, "文。")) == []


@pytest.mark.parametrize(
    "body",
    [
        f"文。\n\n{PARAGRAPH}",
        f"文。\n\n{PARAGRAPH.replace('計算', '**計算**')}",
    ],
)
def test_paragraph_of_another_article_is_found(body):
    (finding,) = findings("stands_elsewhere", Draft(title="題", body=body), world_with("題", PARAGRAPH))
    assert finding.line == 3
    assert OTHER in finding.message


@pytest.mark.parametrize(
    "body",
    [
        PARAGRAPH.replace("三割", "四割"),
        f"> {PARAGRAPH}",
        f"```\n{PARAGRAPH}\n```",
        f"{PARAGRAPH}しかし水の値段は安い。",
    ],
)
def test_paragraph_of_its_own_passes(body):
    known = world_with("題", f"{PARAGRAPH}\n\n電気代は計算の値段の三割を占める。\n\n※{PARAGRAPH}")
    assert findings("stands_elsewhere", Draft(title="題", body=body), known) == []
