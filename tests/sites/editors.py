"""Who works at the desk of the site `desk`. Tests of one matter share an editor, and so the drafts.

A test that counts what a form offers shares this form with no other: a worker may run the tests in any order.
"""

PASSWORD = "a long enough password"
# Beside the site's database: the key of a session that each of them has begun, and below which path the desk has the
# pages of each article, by its title.
SESSIONS, ARTICLES = "sessions.json", "articles.json"
EDITORS = (
    *("plain", "typing", "undo", "ime", "tools", "links", "images", "preview", "tabs", "axe", "scroll"),
    *(
        "autosave",
        "empty",
        "endless",
        "offline",
        "online",
        "crash",
        "windows",
        "leaving",
        "stale",
        "session",
        "discard",
        "saved",
        "kept",
        "dropped",
        "refused",
        "noting",
        "notes",
    ),
    *("saving", "deleted", "long", "stopped", "overtaken", "train", "proof", "signal", "sent"),
    *("pages", "pager", "planner", "early", "late"),
    *("room", "screens", "chief", "deputy", "west", "east", "times", "layout", "redirects", "library", "files"),
)
COLUMNISTS = ("columnist",)  # the writers whom readers know
WRITERS = ("writer", "typist", *COLUMNISTS)
ADMINISTRATORS = ("keeper",)
CODE_BODY = "計算の例です。\n\n```python\nif 値:\n    return 値\n\treturn 0\n```\n"
FLAWED = "はじめの段落です。\n\n---END---\n\n# 😀の見出し\n\nおわりの段落です。\n"
DESK_BODY = (
    "はじめに。\n\n## 背景\n\n**「強調」**と[リンク](/)。注[^1]\n\n| 列 | 値 |\n|---|---:|\n| 甲 | 1 |\n\n"
    + "## 続き\n\n"
    + "".join(f"長い段落の{number}番目の文です。" for number in range(10, 22))
    + "\n\n"
    + "\n\n".join(
        f"### 節{number}\n\n" + "".join(f"節{number}の{sentence}番目の文です。" for sentence in range(24))
        for number in range(9)
    )
    + "\n\n[^1]: 注の内容。\n"
)
