"""What an import reports, in Japanese: its findings, and the reasons why a file was refused."""

import re

from blog.editing.fields import FIELDS, TEXTS, label

STATES = {
    "new": "新しい記事にしました",
    "changed": "記事を更新しました",
    "unchanged": "前に取り込んだものと同じです",
    "conflict": "デスクの編集とぶつかっています",
    "failed": "取り込めませんでした",
}
FINDINGS = {
    "bad_redirect": "転送元にできない古いURLです",
    "duplicate_key": "同じ項目が2度あります。最後のものを使いました",
    "end_marker": "本文に「---END---」が残っています",
    "external_image": "画像が別のサイトにあります。取り込んでいません",
    "foreign_permalink": "permalinkが記事のURLの形ではありません。ファイル名と日付からURLを作りました",
    "future_date": "すでに公開した記事なので、先の日時にはできません。前の公開日時のままです",
    "long_tag": "長すぎるタグです。付けていません",
    "many_tags": "タグが多すぎます。先頭から上限の数まで付けました",
    "missing_author": "著者がありません。標準の著者にしました",
    "missing_category": "セクションがありません。「未分類」にしました",
    "missing_date": "日付がありません。ファイル名の日付にしました",
    "missing_description": "検索エンジン向けの説明がありません",
    "missing_excerpt": "リード文がありません",
    "missing_image": "共有用の画像の指定がありません",
    "not_an_article": "関連記事の指定を読み取れません",
    "not_text": "文字ではない値です。空として扱いました",
    "page_link": "前のサイトの、記事ではないページへのリンクです",
    "several_categories": "セクションが複数あります。最初のものをセクションに、残りをタグにしました",
    "unknown_category": "設定にないセクションです",
    "unknown_key": "知らない項目です。使っていません",
    "unknown_liquid": "Liquidの記法が残っています。文字のまま表示します",
    "unknown_related": "関連記事が見つかりません",
}
# Findings whose detail is taken from the file. That of the others is an explanation in English.
QUOTING = {
    "bad_redirect",
    "duplicate_key",
    "external_image",
    "foreign_permalink",
    "long_tag",
    "not_text",
    "several_categories",
    "unknown_category",
    "unknown_key",
    "unknown_related",
}
# Patterns of the whole reasons in English, and their Japanese. Groups match what differs from file to file.
REASONS = [
    (
        r"no front matter: the first line is not `---`",
        "先頭の行が「---」ではありません。フロントマターのあるMarkdownファイルを選んでください。",
    ),
    (
        r"the front matter has no end: no `---` line in its first ([\d,]+) characters",
        "フロントマターを閉じる「---」の行が、先頭の{0}字までにありません。",
    ),
    (r"not UTF-8: the byte order mark of UTF-16 at byte 0", "文字コードがUTF-16です。UTF-8で保存し直してください。"),
    (
        r"not UTF-8: byte 0x([0-9a-f]+) at position ([\d,]+)",
        "UTF-8の文章として読めません（{1}バイト目が0x{0}）。文字コードをUTF-8にして保存し直してください。",
    ),
    (r"a NUL byte at position ([\d,]+)", "保存できない制御文字（U+0000）が、{0}バイト目にあります。"),
    (r"broken YAML: more than one document", "フロントマターの途中に「---」か「...」の行があります。"),
    (r"broken YAML: the alias \*(.*) stands for nothing", "フロントマターの「*{0}」が指すものがありません。"),
    (r"broken YAML: (.*)", "フロントマターをYAMLとして読めません。コロンや引用符、字下げを確かめてください。"),
    (r"the front matter is not a list of `key: value`", "フロントマターが「項目: 値」の並びではありません。"),
    (r"nested deeper than (\d+) levels", "フロントマターの入れ子が{0}段を超えています。"),
    (r"more than ([\d,]+) values, aliases written out", "フロントマターの値が{0}個を超えています。"),
    (r"a list or a mapping cannot be a key", "フロントマターの項目の名前が、文字ではありません。"),
    (
        r"the file name does not begin with a date, as 2026-04-01-name\.md does",
        "ファイル名が「2026-04-01-名前.md」の形ではありません。",
    ),
    (
        r"the file name has nothing after its date that could stand in a URL",
        "ファイル名の日付の後に、URLに使える文字がありません。",
    ),
    (r"the file name is longer than (\d+) bytes", "ファイル名が長すぎます（{0}バイトまで）。"),
    (r"the file name is not UTF-8", "ファイル名を文字として読めません。"),
    (r"there is no title", "タイトル（title）がありません。"),
    (
        r"there is no text",
        "本文がありません。本文のない記事は、確認に出すことも公開することもできません。"
        "下書きとして取り込むときは、フロントマターに「published: false」と書いてください。",
    ),
    (
        r"(\w+) cannot be read: (.*) is not a date such as (.*)",
        "{0}の値{1}は日時ではありません。「{2}」のように書いてください。",
    ),
    (r"(\w+) cannot be read: .*", "{0}の日時を読み取れません。"),
    (r"(\w+) is longer than (\d+) characters", "{0}が{1}字を超えています。"),
    (r"the body is longer than ([\d,]+) characters", "本文が{0}字を超えています。"),
    (r"([\d,]+) bytes, more than the ([\d,]+) that are read", "ファイルが大きすぎます（{0}バイト。{1}バイトまで）。"),
    (r"image (.*): (.*); the article has none", "画像「{0}」を取り込めません。この画像なしで取り込みました。"),
    (
        r"the file changed during the import: run it again",
        "取り込みの途中でファイルが変わりました。もう一度送ってください。",
    ),
    (
        r"the database refused it: .*",
        "データベースに保存できませんでした。同じ記事を、ほかの人が取り込んでいるかもしれません。もう一度送ってください。",
    ),
    (r"cannot be read: (.*)", "ファイルを読み取れません（{0}）。"),
    (rf"({'|'.join(TEXTS)}): (.*)", "{0}：{1}"),
]
_COMPILED = [(re.compile(pattern, re.DOTALL), text) for pattern, text in REASONS]
_NAMES = {field.key: field.name for field in FIELDS if field.key} | {field.name: field.name for field in FIELDS}


def reason_text(reason: str) -> str:
    """The reason in Japanese. One without a translation, such as a message of a model, stays as it is."""
    for pattern, text in _COMPILED:
        if match := pattern.fullmatch(reason):
            return text.format(*(field_text(group or "") for group in match.groups()))
    return reason


def finding_text(code: str) -> str:
    return FINDINGS.get(code, code)


def field_text(name: str) -> str:
    """The name of a field at the desk; any other word as it is."""
    return label(_NAMES[name]) if name in _NAMES else name


def edited_text(names: list[str]) -> str:
    """The fields that the desk edited, in words."""
    other = {"published_at": "公開日時", "status": "状態", "path": "URL", "pending_revision": "公開前の変更"}
    return "、".join(other.get(name) or field_text(name) for name in names)
