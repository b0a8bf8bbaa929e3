"""Writes front matter in the style of the archive, and edits it without a change to any other line."""

import json
import re
from collections.abc import Iterable, Mapping

import yaml

from blog.jekyll.files.yaml_text import Value, YamlError, parse_mapping
from blog.text.japanese import normalise

# The archive puts the values of all other keys between double quotes.
_PLAIN_KEYS = frozenset(
    [
        "layout",
        "date",
        "last_modified_at",
        "published",
        "status",
        "sponsored",
        "footer_position",
        "render_with_liquid",
        "verbatim",
        "sitemap",
        "robots",
        "reading_time",
        "permalink",
        "timezone",
        "future",
    ]
)
_NOT_IN_QUOTES = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_IN_LINE, _IN_LIST = "k: {}\n", "k: [{}]\n"


def emit(values: Mapping[str, Value], *, newline: str = "\n") -> str:
    """A mapping as lines of YAML, from which `parse_mapping` reads the same values."""
    return "".join(f"{_key(key)}:{_value(value, _style_of(key), newline)}{newline}" for key, value in values.items())


def edit(text: str, changes: Mapping[str, Value]) -> str:
    """`text` with the new values of the changed keys, and without the keys whose new value is None.

    Other lines, the order, quotes and line ends stay. A text that cannot be edited line by line (a mapping in braces,
    a changed value that an alias repeats) is written anew as a whole, with all its keys.
    """
    before = parse_mapping(text).values
    wanted = {key: value for key, value in before.items() if changes.get(key, value) is not None or key not in changes}
    wanted |= {key: _normalised(value) for key, value in changes.items() if value is not None}
    newline = "\r\n" if "\r\n" in text else "\n"
    try:
        edited = _edit_lines(text, changes, newline)
        if parse_mapping(edited).values == wanted:
            return edited
    except (YamlError, yaml.YAMLError, _NotLineByLine):
        pass
    return emit(wanted, newline=newline)


class _NotLineByLine(Exception):
    """The keys do not stand on lines of their own."""


def _edit_lines(text: str, changes: Mapping[str, Value], newline: str) -> str:
    # The parser in Python counts characters, as a slice does; the one in C counts bytes.
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        raise _NotLineByLine
    margin = " " * root.start_mark.column
    spans: list[tuple[int, int, str]] = []
    added = ""
    for key, value in changes.items():
        found = [pair for pair in root.value if normalise(pair[0].value) == key]
        if value is None:
            spans += [(*_lines(text, *pair), "") for pair in found]
        elif found:
            key_node, old = found[-1]
            spans.append(_replacement(text, key_node, old, value, newline))
        else:
            added += margin + emit({key: value}, newline=newline).replace(newline, newline + margin).rstrip(" ")
    for start, end, new in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    if added and not text.endswith("\n"):
        text += newline
    return text + added


def _lines(text: str, key: yaml.Node, value: yaml.Node) -> tuple[int, int]:
    end = _end(value)
    if text[end - 1] != "\n":
        end = text.find("\n", end) + 1 or len(text)
    return text.rfind("\n", 0, key.start_mark.index) + 1, end


def _end(node: yaml.Node) -> int:
    """The end of the text of a value. YAML's own end of a block is the beginning of the next key."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _replacement(text: str, key: yaml.Node, old: yaml.Node, value: Value, newline: str) -> tuple[int, int, str]:
    after_key, end = text.index(":", key.end_mark.index) + 1, _end(old)
    new = _value(value, _style_of(key.value, old), newline, is_block=_is_block_list(old), column=old.start_mark.column)
    tail = newline if text[end - 1] == "\n" else ""
    if _stands_in_line(old) and not new.startswith(newline):
        return old.start_mark.index, end, new.removeprefix(" ") + tail
    return after_key, end, new + tail


def _stands_in_line(node: yaml.Node) -> bool:
    is_block = isinstance(node, yaml.CollectionNode) and not node.flow_style
    return node.start_mark.index < node.end_mark.index and not is_block


def _is_block_list(node: yaml.Node) -> bool:
    return isinstance(node, yaml.SequenceNode) and not node.flow_style


def _style_of(key: str, old: yaml.Node | None = None) -> str:
    """The quotes of a text: those of its old value, else those of the archive. "" means no quotes."""
    if isinstance(old, yaml.SequenceNode):
        old = next((node for node in old.value if isinstance(node, yaml.ScalarNode)), None)
    if isinstance(old, yaml.ScalarNode) and old.start_mark.index < old.end_mark.index:
        return old.style or ""
    return "" if key in _PLAIN_KEYS else '"'


def _value(value: Value, style: str, newline: str, *, is_block: bool = False, column: int = 2) -> str:
    """The text after the colon, without the line end."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f" {_scalar(value, style, newline)}"
    if isinstance(value, dict):
        return _block(value.items(), "  ", newline) if value else " {}"
    texts = [item for item in value if isinstance(item, str)]
    if len(texts) < len(value) or (is_block and value):
        indent = " " * column if is_block else "  "
        return "".join(f"{newline}{indent}- {_item(item, style, indent, newline)}" for item in value)
    return f" [{', '.join(_scalar(item, style, newline, where=_IN_LIST) for item in texts)}]"


def _item(item: Value, style: str, indent: str, newline: str) -> str:
    if isinstance(item, dict) and item:
        return _block(item.items(), f"{indent}  ", newline).lstrip()
    if isinstance(item, str):
        return _scalar(item, style, newline, where=_IN_LIST)
    return json.dumps(item, ensure_ascii=False)  # JSON is valid YAML, and no list of the archive is nested


def _block(pairs: Iterable[tuple[str, Value]], indent: str, newline: str) -> str:
    return "".join(
        f"{newline}{indent}{_key(key)}: {_scalar(value, _style_of(key), newline)}"
        if isinstance(value, str)
        else f"{newline}{indent}{_key(key)}: {json.dumps(value, ensure_ascii=False)}"
        for key, value in pairs
    )


def _key(key: str) -> str:
    """The key as text; in quotes also where YAML would read nothing, as for NULL."""
    is_plain = re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", key) and key.lower() != "null"
    return key if is_plain else _quoted(key)


def _scalar(text: str, style: str, newline: str, *, where: str = _IN_LINE) -> str:
    """`text` in the given style if it can be read back, else between double quotes, which can hold every text."""
    candidate = {
        "": text,
        "'": "'" + text.replace("'", "''") + "'",
        "|": _literal("|", text, newline),
        ">": _literal("|" if "\n" in text.rstrip("\n") else ">", text, newline),
    }.get(style)
    if candidate is not None and _reads_as(where.format(candidate), text):
        return candidate
    return _quoted(text)


def _literal(mark: str, text: str, newline: str) -> str:
    chomp = "" if text.endswith("\n") else "-"
    lines = text.removesuffix("\n").split("\n")
    return f"{mark}{chomp}" + "".join(f"{newline}  {line}" if line else newline for line in lines)


def _reads_as(yaml_text: str, text: str) -> bool:
    try:
        return parse_mapping(yaml_text).values in ({"k": normalise(text)}, {"k": [normalise(text)]})
    except YamlError:
        return False


def _quoted(text: str) -> str:
    quoted = json.dumps(normalise(text), ensure_ascii=False)
    return _NOT_IN_QUOTES.sub(lambda char: f"\\u{ord(char[0]):04x}", quoted)


def _normalised(value: Value) -> Value:
    if isinstance(value, str):
        return normalise(value)
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    return {key: _normalised(item) for key, item in value.items()} if isinstance(value, dict) else value
