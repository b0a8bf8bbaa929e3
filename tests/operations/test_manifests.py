"""A manifest that somebody made up is refused in words, whatever it holds."""

import json
from hashlib import sha256

import pytest

from blog.operations.backups.store import BackupError, BackupStore, Manifest, StoredObject

STORED = {"sha256": "0" * 64, "size": 1}
WHOLE = {"format": 1, "vendor": "sqlite", "recipients": [], "database": STORED, "media": {}, "missing": []}
NAMES = (".", "..", "a/.", "x/", "a//b", "/a", "a\\..\\b.png", "\ud800.png", "a\0.png", "a\n.png", "", "a/../b", "./a")
OTHERS = {
    "a word": '"x"',
    "nothing": "null",
    "a list": "[]",
    "a number": "1",
    "brackets without end": "[" * 200_000,
    "objects without end": '{"a":' * 200_000,
    "half": "{",
    "no text": b"\xff\xfe",
    "no fields": "{}",
    "a number without end": '{"format": ' + "9" * 10_000 + "}",
    "a field too many": json.dumps(WHOLE | {"more": 1}),
    "media as a list": json.dumps(WHOLE | {"media": ["a"]}),
    "media as nothing": json.dumps(WHOLE | {"media": None}),
    "hash as a number": json.dumps(WHOLE | {"database": {"sha256": 1, "size": 1}}),
    "size as a word": json.dumps(WHOLE | {"database": {"sha256": "0" * 64, "size": "1"}}),
    "database as a list": json.dumps(WHOLE | {"database": [1]}),
    "recipients as a word": json.dumps(WHOLE | {"recipients": "age1"}),
    "recipients as nothing": json.dumps(WHOLE | {"recipients": None}),
    "missing as numbers": json.dumps(WHOLE | {"missing": [1]}),
    "vendor as a list": json.dumps(WHOLE | {"vendor": []}),
    **{f"the name {name!a}": json.dumps(WHOLE | {"media": {name: STORED}}) for name in NAMES},
}


def read(folder, text):
    """As one would write it who knows how its name is made."""
    data = text if isinstance(text, bytes) else text.encode()
    name = f"20260401T000000Z-{sha256(data).hexdigest()[:32]}"
    (folder / f"{name}.json").write_bytes(data)
    return BackupStore(folder).read(name)


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_what_is_no_manifest_is_refused_in_words(tmp_path, text):
    with pytest.raises(BackupError, match="is no backup that this release can read"):
        read(tmp_path, text)


def test_names_that_the_site_gives_are_read(tmp_path):
    names = ["images/写真_1-a.b.webp", "cards/x.png", "images/2026/04/か\u3099.jpg"]
    media = dict.fromkeys(names, STORED)
    assert read(tmp_path, json.dumps(WHOLE | {"media": media})) == Manifest(
        "sqlite", [], StoredObject(**STORED), dict.fromkeys(names, StoredObject(**STORED)), []
    )
