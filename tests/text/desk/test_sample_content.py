"""The sample articles were written with care, so that whatever the warnings find in them is a false alarm."""

from datetime import date
from pathlib import Path

import yaml

import blog
from blog.text.desk import Draft, HouseWords, World, check, mentions
from blog.text.desk.findings import WARNINGS

POSTS = Path(blog.__file__).parent / "sample_content" / "_posts"
WORDS = HouseWords(
    banned=("衝撃の",), preferred={"出来る": "できる", "ユーザ": "ユーザー"}, tails=("の行方", "の最前線")
)


def drafts() -> dict[str, Draft]:
    found = {}
    for file in sorted(POSTS.glob("*.md")):
        _, front_matter, body = file.read_text("utf-8").split("---\n", 2)
        values = yaml.safe_load(front_matter)
        found[file.name] = Draft(
            title=values["title"],
            excerpt=values["excerpt"],
            body=body,
            day=date.fromisoformat(file.name[:10]),
        )
    return found


def test_articles_written_with_care_pass():
    articles = drafts()
    assert len(articles) == 19
    alarms = []
    for name, draft in articles.items():
        others = [mentions(other) for other in articles.values() if other is not draft]
        world = World(
            own_origin="https://magazine.example",
            titles={key: "/another/" for other in others for key in other.titles},
            paragraphs={key: "/another/" for other in others for key in other.paragraphs},
            words=WORDS,
        )
        alarms += [(name, finding.code) for finding in check(draft, world) if finding.code in WARNINGS]
    # It is about the search for full and half width, and names both in its list of cases.
    assert alarms == [("2026-06-24-2-日本語のサイト内検索.md", "width")]
