"""The layout of a form: which parts stand in the column of the text, in the rail, in the bar, or are folded away."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django import forms

TEXT, RAIL, FOLDED, NEEDS = "in-text", "in-rail", "in-folded", "in-needs"
"""The places, as classes of a fieldset of the admin. What a step needs stands beside its button, if there is one."""

NOTHING, BETWEEN = "なし", "／"
SHOWN = 24  # characters of a value in the line that says what a group holds


class FoldedGroup(NamedTuple):
    """Fields that are folded away under a line that says what they hold."""

    fieldset: Any
    holds: str
    is_open: bool


class Fault(NamedTuple):
    """A field with an error, for a link to it that works without scripts."""

    id: str
    label: str


class Room(NamedTuple):
    text: list[Any]
    rail: list[Any]
    folded: list[FoldedGroup]
    steps: list[tuple[Any, Any]]  # buttons, each with the line of the form that it needs, or None
    loose: list[Any]  # lines that no step needs
    related: list[tuple[Any, str, bool]]  # formsets of rows, what they hold, and whether they stand open
    faults: list[Fault]


def arrange(adminform: Iterable[Any], inlines: Iterable[Any], steps: Sequence[Any]) -> Room:
    """Puts the fieldsets of the admin in their places."""
    placed: dict[str, list[Any]] = {place: [] for place in (TEXT, RAIL, FOLDED, NEEDS)}
    for fieldset in adminform:
        placed[next(place for place in placed if place in fieldset.classes.split())].append(fieldset)
    lines = {name_of(field): line for line, field in fields_in(placed[NEEDS])}
    needed = {step.needs for step in steps}
    return Room(
        text=placed[TEXT],
        rail=placed[RAIL],
        folded=[FoldedGroup(fieldset, holds(fieldset), is_refused([fieldset])) for fieldset in placed[FOLDED]],
        steps=[(step, lines.get(step.needs)) for step in steps],
        loose=[line for name, line in lines.items() if name not in needed],
        related=[(inline, rows_in(inline), bool(inline.formset.total_error_count())) for inline in inlines],
        faults=[
            Fault(field.field.id_for_label or field.field.auto_id, field.field.label)
            for _, field in fields_in(adminform)
            if not field.is_readonly and field.field.errors
        ],
    )


def fields_in(fieldsets: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Each field of the fieldsets, after its line."""
    return ((line, field) for fieldset in fieldsets for line in fieldset for field in line)


def name_of(field: Any) -> str:
    return field.field["name"] if field.is_readonly else field.field.name


def is_refused(fieldsets: Iterable[Any]) -> bool:
    return any(not field.is_readonly and field.field.errors for _, field in fields_in(fieldsets))


def holds(fieldset: Any) -> str:
    """What the fields of a folded group hold, in one line; "" if they are read-only."""
    fields = [field for _, field in fields_in([fieldset])]
    if any(field.is_readonly for field in fields):
        return ""
    return BETWEEN.join(filter(None, map(said, fields))) or NOTHING


def said(field: Any) -> str:
    """What one field holds; "" if it is empty. A chosen row is not looked up for its name."""
    bound = field.field
    value = bound.value()
    if field.is_checkbox:
        return "" if bool(value) is is_usual(bound) else f"{bound.label}{'' if value else '：いいえ'}"
    if not value:
        return ""
    if isinstance(bound.field, forms.ModelChoiceField):
        return f"{bound.label}：あり"
    text = " ".join(str(value).split())
    return f"{bound.label}：{text if len(text) <= SHOWN else f'{text[:SHOWN]}…'}"


def is_usual(box: forms.BoundField) -> bool:
    """Whether a new form has it ticked."""
    return bool(box.field.initial)


def rows_in(inline: Any) -> str:
    """How many rows there are: of those that can be edited, the ones that name something."""
    rows = [form for form in inline.formset.forms if form.initial or form.has_changed()]
    return f"{len(rows)}本" if rows else NOTHING
