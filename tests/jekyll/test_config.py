import pytest

from blog.jekyll.config import ConfigError, Section, SiteConfig, read_config
from blog.jekyll.tree import Tree


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes | None) -> SiteConfig:
        (tmp_path / "_posts").mkdir()
        if text is not None:
            (tmp_path / "_config.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_config(Tree(tmp_path))

    return read


def test_no_file_means_defaults(read):
    config = read(None)

    assert (config.url, config.baseurl, config.author, config.time_zone.key) == ("", "", "編集部", "Asia/Tokyo")
    assert config.section("AI 投資").slug == "ai-投資"


def test_sections_keep_their_slug_description_and_order(read):
    config = read(
        "content_categories:\n- {name: 技術, slug: tech}\n- {name: 市場, slug: Markets, description: 話}\n"
        "- {name: 論文}\n"
    )

    assert list(config.sections.values()) == [
        Section("技術", "tech", "", 0),
        Section("市場", "markets", "話", 1),
        Section("論文", "論文", "", 2),
    ]
    assert config.section("投資分析") == Section("投資分析", "投資分析", "", 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("url: a\ntimezone: [b\n", "_config.yml, line 2: broken YAML"),
        ("- a\n", "_config.yml, line 1: "),
        (b"url: \xff\n", "_config.yml, line 1: not UTF-8"),
        ("timezone: Mars/Olympus\n", "there is no time zone 'Mars/Olympus'"),
        ("timezone: ../../etc/passwd\n", "there is no time zone"),
        ("a" * (2**20 + 1), "_config.yml: 1,048,577 bytes, more than"),
    ],
)
def test_a_broken_file_is_refused_in_words(read, text, message):
    with pytest.raises(ConfigError, match=message.replace("[", r"\[")):
        read(text)
