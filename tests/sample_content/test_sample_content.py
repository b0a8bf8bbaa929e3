"""The articles a new clone starts with, judged as files: no importer and no database."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.utils.text import slugify
from PIL import Image

ROOT = Path(__file__).resolve().parents[2] / "blog" / "sample_content"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
TOKYO = ZoneInfo("Asia/Tokyo")

ARCHIVE_KEYS = (
    "layout title date categories tags author excerpt description reading_time image related_articles "
    "pillar_article robots sitemap canonical_url pseo_type comparison pillar last_modified_at"
)
OUR_KEYS = "permalink redirect_from guid published correction sponsored key_points"
BYLINES = {f"ALLFORCES{team}" for team in ("編集部", "リサーチチーム", "テクニカルチーム", "産業リサーチチーム")}
FENCE = re.compile(r"^```(\w*)\n.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^]]+\]\(([^)\s]+)\)")
PICTURE = re.compile(r"!\[([^]]*)\]\(([^)\s]+)")


@dataclass(frozen=True)
class Article:
    stem: str
    meta: dict
    body: str

    @classmethod
    def read(cls, path: Path) -> "Article":
        _, front_matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
        return cls(path.stem, yaml.safe_load(front_matter), body)

    @property
    def file_day(self) -> date:
        return date.fromisoformat(self.stem[:10])

    @property
    def slug(self) -> str:
        return slugify(self.stem[11:], allow_unicode=True)

    @property
    def published_at(self) -> datetime:
        return datetime.strptime(str(self.meta["date"]), "%Y-%m-%d %H:%M:%S %z")

    @property
    def live_path(self) -> str:
        day = self.published_at.astimezone(TOKYO)
        return self.meta.get("permalink", f"/{day:%Y/%m/%d}/{self.slug}/")

    @property
    def prose(self) -> str:
        return FENCE.sub("", self.body)

    @property
    def heading_ids(self) -> set[str]:
        titles = re.findall(r"^#{2,6} (.+)$", self.prose, re.MULTILINE)
        return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


ARTICLES = [Article.read(path) for path in sorted((ROOT / "_posts").glob("*.md"))]
each_article = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.stem)


def targets() -> dict[str, Article]:
    """Every path a body may link to: live, by the day of the file name, and with its trailing hyphen."""
    paths = {}
    for article in ARTICLES:
        by_file_day = f"/{article.file_day:%Y/%m/%d}/{article.stem[11:]}/"
        paths |= dict.fromkeys((article.live_path, by_file_day, by_file_day.replace("-/", "/")), article)
    return paths


def text_of(paragraph: str) -> str:
    return re.sub(r"\W", "", unicodedata.normalize("NFKC", paragraph))


def test_there_are_nineteen_articles_and_one_is_a_draft():
    drafts = [article for article in ARTICLES if article.meta.get("published") is False]

    assert (len(ARTICLES), len(drafts)) == (19, 1)


def test_every_front_matter_key_is_shown_at_least_once():
    assert set().union(*(article.meta for article in ARTICLES)) == {*ARCHIVE_KEYS.split(), *OUR_KEYS.split()}


def test_all_sections_and_bylines_are_used():
    sections = {section["name"] for section in CONFIG["content_categories"]}

    assert {name for article in ARTICLES for name in article.meta["categories"]} == sections
    assert {article.meta["author"] for article in ARTICLES} == BYLINES


def test_live_paths_are_distinct_and_some_lie_a_day_after_the_file_name():
    paths = [article.live_path for article in ARTICLES]
    later = [a for a in ARTICLES if a.published_at.astimezone(TOKYO).date() > a.file_day]

    assert len(set(paths)) == len(paths)
    assert later


def test_one_article_is_a_long_read():
    assert max(len(article.body) for article in ARTICLES) >= 10_000


@each_article
def test_dates_lie_in_the_year_the_samples_cover(article):
    assert datetime(2025, 12, 3, tzinfo=UTC) <= article.published_at < datetime(2026, 11, 25, tzinfo=UTC)


@each_article
def test_links_between_articles_lead_to_an_article_and_its_heading(article):
    paths = targets()
    for href in LINK.findall(article.prose):
        link = urlsplit(href)
        if link.netloc:
            assert link.scheme == "https"
            continue
        target = paths[link.path] if link.path else article
        assert "published" not in target.meta, f"{href} leads to a draft"
        assert not link.fragment or link.fragment in target.heading_ids, href


@each_article
def test_related_and_pillar_articles_exist_under_their_present_title(article):
    titles = {other.stem: other.meta["title"] for other in ARTICLES}
    named = [*article.meta.get("related_articles", []), *filter(None, [article.meta.get("pillar_article")])]

    assert article.stem not in [entry["slug"] for entry in named]
    assert [titles[entry["slug"]] for entry in named] == [entry["title"] for entry in named]


def test_canonical_urls_lead_to_another_live_article():
    live = {CONFIG["url"] + article.live_path: article for article in ARTICLES}
    canonical = [(a, live[a.meta["canonical_url"]]) for a in ARTICLES if "canonical_url" in a.meta]

    assert canonical
    assert all(article is not other for article, other in canonical)


@each_article
def test_pictures_exist_and_say_what_they_show(article):
    for alt, src in PICTURE.findall(article.prose):
        assert alt
        assert (ROOT / src.lstrip("/")).is_file(), src
    if card := article.meta.get("image"):
        with Image.open(ROOT / card.lstrip("/")) as picture:
            assert picture.size == (1200, 630)


def test_every_picture_is_used_and_light():
    used = {src for a in ARTICLES for _, src in PICTURE.findall(a.prose)} | {a.meta.get("image") for a in ARTICLES}
    pictures = [path for path in (ROOT / "assets").rglob("*") if path.is_file()]

    assert {f"/{path.relative_to(ROOT)}" for path in pictures} == used - {None}
    assert all(path.stat().st_size <= 60_000 for path in pictures)


@each_article
def test_excerpts_and_bodies_end_with_a_full_stop(article):
    last_line = re.sub(r"\n\{:.*\}\n*$|\s+$", "", FENCE.sub("。", article.body))

    assert article.meta["excerpt"].endswith("。")
    assert last_line.endswith("。")


@each_article
def test_titles_fit_thirty_two_full_width_characters(article):
    width = sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.5 for char in article.meta["title"])

    assert width <= 32


@each_article
def test_reading_times_follow_the_rule_of_the_archive(article):
    assert article.meta.get("reading_time") in {None, min(max(len(article.body) // 500 + 1, 3), 20)}


@each_article
def test_nobody_says_i(article):
    assert not re.search("[私僕]", article.body + article.meta["title"] + article.meta["excerpt"])


@each_article
def test_bodies_have_no_title_of_their_own(article):
    assert not re.search(r"^# |^=+$|^.*<h1", article.prose, re.MULTILINE)


def test_no_long_paragraph_is_repeated_anywhere():
    paragraphs = [text_of(block) for article in ARTICLES for block in article.prose.split("\n\n")]
    long = [paragraph for paragraph in paragraphs if len(paragraph) >= 40]

    assert len(long) == len(set(long))


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"^\[\^\w+\]: ", id="footnote"),
        pytest.param(r"^- \[[ x]\] ", id="task list"),
        pytest.param(r"^> ", id="quotation"),
        pytest.param(r"^> \*\*[^*]+\*\*$", id="pull quote"),
        pytest.param(r"^ +- ", id="nested list"),
        pytest.param(r"<ruby>.+<rt>.+</rt></ruby>", id="ruby"),
        pytest.param(r'^!\[[^]]+\]\(\S+ "[^"]+"\)$', id="figure"),
        pytest.param(r"^[^!\n]+!\[[^]]+\]\(\S+\)", id="inline picture"),
        pytest.param(r"~~.+~~", id="strikethrough"),
        pytest.param(r"\]\(#", id="link to an own heading"),
        pytest.param(r"https://[!-~]+/[ぁ-ん]", id="bare address followed by Japanese"),
        pytest.param(r"^\{: \.\w+\}$", id="attribute list"),
        pytest.param(r"^\{% include \S+ %\}$", id="Liquid"),
        pytest.param(r"^\|(?:[^|\n]+\|){8,}$", id="wide table"),
        pytest.param(r"^\|(?: *:?-+: *\|)+", id="aligned columns"),
        pytest.param(r"\(/\d{4}/\d\d/\d\d/\S+-/\)", id="link with a trailing hyphen"),
    ],
)
def test_the_samples_show_every_element_a_writer_may_use(pattern):
    assert any(re.search(pattern, article.prose, re.MULTILINE) for article in ARTICLES)


def test_the_samples_show_code_in_known_and_unknown_languages():
    languages = {language for article in ARTICLES for language in FENCE.findall(article.body)}

    assert {"python", "sql", "tokens"} <= languages
