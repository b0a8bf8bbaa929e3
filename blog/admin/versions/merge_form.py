"""The form in which an editor decides between two edits that changed the same place of a post or page."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django import forms

from blog.admin.fields import LineField, LinesField, TypedLinesField
from blog.admin.item.refused_save import Typed
from blog.admin.versions.changes import inline, shown
from blog.editing.fields import KINDS, is_line, is_text, label
from blog.editing.revisions.snapshots import Snapshot
from blog.editing.versions.merging import merge_snapshots
from blog.models import Page, Post
from blog.text.merge import join

MINE, THEIRS = "mine", "theirs"
REWRITTEN = "自分の内容を書き直しています。使うなら「自分の内容にする」を選び、使わないなら元に戻してください。"
BODY, PLACE = "body_", "本文 {}か所目"  # a part of the body, by its number among the parts and among the conflicts
OWN = "：自分の内容"


class Question(NamedTuple):
    """One place that both edits changed, with both texts as parts ("same" | "removed" | "added", text)."""

    key: str
    label: str
    theirs: list[tuple[str, str]]
    mine: list[tuple[str, str]]


class MergeVersionsForm(forms.Form):
    """Asks one choice for each place that both edits changed. The user can rewrite the own version of a text."""

    def __init__(
        self, base: Snapshot | None, mine: Snapshot, theirs: Snapshot, *, of: type[Post | Page] = Post, data: Any = None
    ) -> None:
        super().__init__(data, label_suffix="")
        self.of = of
        self.merge = merge_snapshots(base, mine, theirs)
        self.sides = {MINE: mine, THEIRS: theirs}
        self.texts: dict[str, str] = {}
        self.questions: list[Question] = []
        for name in self.merge.conflicts:
            if name == "body":
                self._ask_body()
            elif is_text(name):
                self._ask_text(name, label(name, of), (base or {}).get(name, ""), mine[name], theirs[name])
            else:
                values = ([("same", shown(name, side[name]))] for side in (theirs, mine))
                self._ask(Question(name, label(name, of), *values))

    def _ask_body(self) -> None:
        number = 0
        for i, part in enumerate(self.merge.body):
            if part.is_conflict:
                number += 1
                self._ask_text(f"{BODY}{i}", PLACE.format(number), part.base, part.mine, part.theirs)

    def _ask_text(self, key: str, title: str, base: str, mine: str, theirs: str) -> None:
        is_short = is_text(key) and is_line(key, self.of)
        widget = forms.TextInput if is_short else forms.Textarea(attrs={"rows": min(20, 3 + len(mine) // 40)})
        kind = LineField if is_short else LinesField if is_text(key) else TypedLinesField  # a part of the body
        field = kind(label=f"{title}{OWN}", required=False, strip=False, widget=widget, initial=mine)
        self.fields[f"text_{key}"], self.texts[key] = field, field.clean(mine)
        base = base.rstrip("\n")
        self._ask(Question(key, title, inline(base, theirs.rstrip("\n")), inline(base, mine.rstrip("\n"))))

    def _ask(self, question: Question) -> None:
        self.fields[f"choice_{question.key}"] = forms.ChoiceField(
            label=question.label,
            choices=[(THEIRS, "相手の内容にする"), (MINE, "自分の内容にする")],
            widget=forms.RadioSelect,
            error_messages={"required": "どちらの内容にするかを選んでください。"},
        )
        self.questions.append(question)

    def asked(self) -> list[tuple[Question, forms.BoundField, forms.BoundField | None]]:
        return [
            (
                question,
                self[f"choice_{question.key}"],
                self[f"text_{question.key}"] if question.key in self.texts else None,
            )
            for question in self.questions
        ]

    def clean(self) -> dict[str, Any]:
        """Refuses the choice of the other text where the user has rewritten the own one, which would be lost."""
        for key, text in self.texts.items():
            rewritten = self.cleaned_data.get(f"text_{key}", text).rstrip("\n") != text.rstrip("\n")
            if rewritten and self.cleaned_data.get(f"choice_{key}") == THEIRS:
                self.add_error(f"choice_{key}", REWRITTEN)
        return self.cleaned_data

    def decided(self) -> Snapshot:
        """The whole content: the fields that merged by themselves and the chosen ones."""
        values = dict(self.merge.resolved)
        for name in self.merge.conflicts:
            if name == "body":
                parts = enumerate(self.merge.body)
                values[name] = join(
                    self._chosen(f"body_{i}", part.theirs) if part.is_conflict else part.text for i, part in parts
                )
            elif is_text(name):
                values[name] = self._chosen(name, self.sides[THEIRS][name])
            else:
                values[name] = self.sides[self.cleaned_data[f"choice_{name}"]][name]
        return values

    def _chosen(self, key: str, theirs: str) -> str:
        return theirs if self.cleaned_data[f"choice_{key}"] == THEIRS else self.cleaned_data[f"text_{key}"]


def typed_in(data: Mapping[str, str], *, of: type[Post | Page]) -> list[Typed]:
    """The own texts as they were sent, for a user who may no longer save them. Needs no version to compare with."""
    names = {f"text_{name}": label(name, of) for name in KINDS if is_text(name) and f"text_{name}" in data}
    parts = [key for key in data if key.startswith(f"text_{BODY}")]
    names |= {key: PLACE.format(number) for number, key in enumerate(parts, 1)}
    return [Typed(key, f"{named}{OWN}", data[key]) for key, named in names.items() if data[key].strip()]
