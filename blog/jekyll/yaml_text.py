"""Reads YAML as text, lists and mappings, with the line of every key, and writes front matter.

The type of a scalar is not guessed: `1.10`, `yes` and `2025-11-30` stay texts, only null becomes None. No tag makes an
object. Depth and size are limited. Aliases count as if they were written out, so a few lines cannot become a billion.
"""

import json
import re
from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

import yaml

from blog.text.japanese import normalise

MAX_DEPTH = 20
MAX_NODES = 10_000
MAX_WIDTH = 2**20  # of a line that is written: none is broken

Value = str | None | list["Value"] | dict[str, "Value"]
# The parser in C is ten times as fast; a PyYAML built without it still works.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_MAPPING = "tag:yaml.org,2002:map"
# Keys whose values Jekyll reads as dates, numbers and words. All other texts stand between double quotes.
_PLAIN_KEYS = {
    *("layout", "date", "last_modified_at", "published", "status", "sponsored", "verbatim", "render_with_liquid"),
    *("sitemap", "robots", "reading_time", "footer_position", "future"),
}
_NOT_IN_QUOTES = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


class YamlError(ValueError):
    """The text is not YAML that we accept. `line` is the line in the whole file."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass
class Mapping:
    """`lines` and `duplicates` are those of the outermost keys. If a key is repeated, the last value counts."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    duplicates: list[str] = field(default_factory=list)
    nodes: dict[str, tuple[yaml.Node, yaml.Node]] = field(default_factory=dict)

    def text(self, keys: Iterable[str]) -> str:
        """YAML of those keys, with each value in the style of the file: `1.10` stays without quotes."""
        nodes = [self.nodes[key] for key in keys]
        return yaml.serialize(yaml.MappingNode(_MAPPING, nodes), allow_unicode=True, width=MAX_WIDTH) if nodes else ""


def parse_mapping(text: str, *, first_line: int = 1) -> Mapping:
    """The mapping in `text`; an empty one for an empty text. Raises YamlError."""
    try:
        _check_depth(text, first_line)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        if error.context_mark and (mark is None or mark.index >= len(text)):
            mark = error.context_mark  # the error is where an unclosed value begins
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(first_line + (mark.line if mark else 0), f"broken YAML: {problem}") from error
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise YamlError(line, f"broken YAML: {error.reason}") from error
    if root is None or root.tag == _NULL:
        return Mapping()
    if not isinstance(root, yaml.MappingNode):
        raise YamlError(first_line + root.start_mark.line, "the front matter is not a list of `key: value`")
    return _Builder(first_line).build(root)


def _check_depth(text: str, first_line: int) -> None:
    """Refuses deep nesting before the composer, which calls itself for each level."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise YamlError(first_line + event.start_mark.line, f"nested deeper than {MAX_DEPTH} levels")


class _Builder:
    """Makes values of nodes, and counts them."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.line = first_line  # of the outermost key
        self.nodes = 0

    def build(self, root: yaml.MappingNode) -> Mapping:
        mapping = Mapping()
        for key_node, node in root.value:
            key = self._key(key_node)
            if key in mapping.lines:
                mapping.duplicates.append(key)
            mapping.lines[key] = self.line = self.first_line + key_node.start_mark.line
            mapping.values[key] = self._value(node, 1)
            mapping.nodes[key] = key_node, node
        return mapping

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise YamlError(self.first_line + node.start_mark.line, "a list or a mapping cannot be a key")
        self._value(node, 0)  # counts it
        return "" if node.tag == _NULL else normalise(node.value)

    def _value(self, node: yaml.Node, depth: int) -> Value:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise YamlError(self.line, f"more than {MAX_NODES:,} values, aliases written out")
        if depth > MAX_DEPTH:  # an alias may stand inside its own value
            raise YamlError(self.line, f"nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _NULL else normalise(node.value)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, depth + 1) for item in node.value]
        return {self._key(key): self._value(value, depth + 1) for key, value in node.value}


def front_matter_text(values: AnyMapping[str, Value]) -> str:
    """A mapping as lines of YAML in the style of the archive, from which `parse_mapping` reads the same values."""
    lines = []
    for key, value in values.items():
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            lines += [f"{_key(key)}:", *(f"  - {_quoted(item)}" for item in value)]
        else:
            lines.append(f"{_key(key)}: {value if key in _PLAIN_KEYS else _quoted(value)}")
    return "".join(f"{line}\n" for line in lines)


def _key(key: str) -> str:
    """The key as text; in quotes also where YAML would read nothing, as for NULL."""
    is_plain = re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", key) and key.lower() != "null"
    return key if is_plain else _quoted(key)


def _quoted(value: Value) -> str:
    """The value as JSON, which is YAML too."""
    quoted = normalise(json.dumps(value, ensure_ascii=False))
    return _NOT_IN_QUOTES.sub(lambda char: f"\\u{ord(char[0]):04x}", quoted)
