"""Reads YAML as text, lists and mappings, with the line of every key.

The type of a scalar is not guessed: `1.10`, `yes` and `2025-11-30` stay texts, only null becomes None. No tag makes an
object. Depth and size are limited. Aliases count as if they were written out, so a few lines cannot become a billion.
"""

from dataclasses import dataclass, field
from typing import Any

import yaml

from blog.text.japanese import normalise

MAX_DEPTH = 20
MAX_NODES = 10_000

Value = str | None | list["Value"] | dict[str, "Value"]
# The parser in C is ten times as fast; a PyYAML built without it still works.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_NO_KEY = object()


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


def parse_mapping(text: str, *, first_line: int = 1) -> Mapping:
    """The mapping in `text`; an empty one for an empty text. Raises YamlError."""
    builder = _Builder(first_line)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        if error.context_mark and (mark is None or mark.index >= len(text)):
            mark = error.context_mark  # the error is where an unclosed value begins
        problem = " ".join(part for part in (error.context, error.problem) if part)
        raise YamlError(first_line + (mark.line if mark else 0), f"broken YAML: {problem}") from error
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise YamlError(line, f"broken YAML: {error.reason}") from error
    return builder.result()


@dataclass
class _Open:
    """A list or a mapping that is not closed yet."""

    value: list | dict
    anchor: str | None
    nodes_before: int
    key: Any = _NO_KEY


class _Builder:
    """Builds values from parser events without recursion."""

    def __init__(self, first_line: int) -> None:
        self.first_line = first_line
        self.root: Value = None
        self.root_line = first_line
        self.documents = 0
        self.nodes = 0
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.mapping = Mapping()

    def take(self, event: yaml.Event) -> None:
        self.line = self.first_line + event.start_mark.line
        if isinstance(event, yaml.ScalarEvent):
            is_null = event.implicit[0] and event.value in _NULLS
            self._add(None if is_null else normalise(event.value), event.anchor)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._begin({} if isinstance(event, yaml.MappingStartEvent) else [], event.anchor)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                raise YamlError(self.line, f"broken YAML: the alias *{event.anchor} stands for nothing")
            value, nodes = self.anchors[event.anchor]
            self._count(nodes)
            self._place(value)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise YamlError(self.line, "broken YAML: more than one document")

    def result(self) -> Mapping:
        if self.root is None:
            return self.mapping
        if not isinstance(self.root, dict):
            raise YamlError(self.root_line, "the front matter is not a list of `key: value`")
        self.mapping.values = self.root
        return self.mapping

    def _add(self, value: Value, anchor: str | None) -> None:
        self._count(1)
        if anchor:
            self.anchors[anchor] = (value, 1)
        self._place(value)

    def _begin(self, value: list | dict, anchor: str | None) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise YamlError(self.line, f"nested deeper than {MAX_DEPTH} levels")
        self._count(1)
        self._place(value)
        self.open.append(_Open(value, anchor, self.nodes))

    def _end(self) -> None:
        closed = self.open.pop()
        if closed.anchor:
            self.anchors[closed.anchor] = (closed.value, self.nodes - closed.nodes_before + 1)

    def _count(self, nodes: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise YamlError(self.line, f"more than {MAX_NODES:,} values, aliases written out")

    def _place(self, value: Value) -> None:
        if not self.open:
            self.root, self.root_line = value, self.line
            return
        inner = self.open[-1]
        if isinstance(inner.value, list):
            inner.value.append(value)
        elif inner.key is _NO_KEY:
            if isinstance(value, list | dict):
                raise YamlError(self.line, "a list or a mapping cannot be a key")
            inner.key = value or ""
            self._note_key(inner)
        else:
            inner.value[inner.key] = value
            inner.key = _NO_KEY

    def _note_key(self, inner: _Open) -> None:
        if len(self.open) > 1:
            return
        if inner.key in self.mapping.lines:
            self.mapping.duplicates.append(inner.key)
        self.mapping.lines[inner.key] = self.line
