import pytest

from blog.jekyll.yaml_text import MAX_DEPTH, MAX_NODES, YamlError, parse_mapping
from tests.cost import cpu_seconds


def test_scalars_stay_as_they_are_written():
    text = "a: 1.10\nb: yes\nc: 2025-11-30\nd: 'null'\ne: 0123\n"

    assert parse_mapping(text).values == {"a": "1.10", "b": "yes", "c": "2025-11-30", "d": "null", "e": "0123"}


def test_every_key_has_its_line_in_the_file():
    assert parse_mapping("a: 1\nb:\n  - 2\nc: 3\n", first_line=2).lines == {"a": 2, "b": 3, "c": 5}


def test_the_last_of_two_equal_keys_counts_and_both_are_known():
    mapping = parse_mapping("a: 1\nb: 2\na: 3\n")

    assert mapping.values == {"a": "3", "b": "2"}
    assert mapping.duplicates == ["a"]


def test_no_tag_makes_an_object():
    assert parse_mapping("a: !!python/object/apply:os.system [ls]\n").values == {"a": ["ls"]}


def test_text_is_nfc_and_holds_nothing_invisible():
    assert parse_mapping('a: "か\u3099\\0"\n').values == {"a": "が"}


def bomb() -> str:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(["l0: &l0 [x, x, x, x, x, x, x, x, x]", *levels])


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: b\nc: [d\n", 2, "did not find expected"),
        ("a: b\nc: 'd\n", 2, "quoted scalar"),
        ("a: b\nc: d: e\n", 2, "mapping values are not allowed"),
        ("a: @b\n", 1, "cannot start any token"),
        ("a: b\nc: \x01\n", 2, "control characters"),
        ('a: "\\ud800"\n', 1, "invalid Unicode"),
        ("- a\n- b\n", 1, "key: value"),
        ("just text", 1, "key: value"),
        ("? [a]\n: b\n", 1, "cannot be a key"),
        ("a: *b\n", 1, "undefined alias"),
        ("a: &a [*a]\n", 1, "nested deeper"),
        ("a: b\n--- \nc: d\n", 2, "single document"),
        ("a: " + "[" * (MAX_DEPTH + 1), 1, "nested deeper"),
        ("a: [" + "x, " * MAX_NODES + "]", 1, "more than"),
        (bomb(), 5, "aliases written out"),
    ],
)
def test_what_is_refused_is_refused_with_its_line(text, line, reason):
    with pytest.raises(YamlError, match=reason) as error:
        parse_mapping(text)

    assert error.value.line == line


@pytest.mark.parametrize("text", [bomb(), "[" * 60_000, "{" * 60_000, "a: " + "*" * 60_000, "&a " * 20_000])
def test_hostile_text_is_refused_at_once(text):
    with cpu_seconds(at_most=1), pytest.raises(YamlError):
        parse_mapping(text)
