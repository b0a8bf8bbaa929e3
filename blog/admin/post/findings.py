"""The findings of the desk check as the desk shows them, and the reason for which errors are left."""

from collections.abc import Iterable
from copy import copy
from typing import Any, NamedTuple

from django import forms

from blog.admin.fields import LinesField
from blog.editing.blocking import errors_of
from blog.editing.checking import check_post
from blog.editing.fields import label
from blog.models.history import MAX_REASON
from blog.text.bounds import MAX_CHARS
from blog.text.characters import with_lf
from blog.text.desk import DRAFT_TEXTS, Finding, Severity

SHOWN = 200  # a hostile text has as many findings as lines
SHOWN_BEFORE = 20  # in the question before a publication
# The field that a finding outside the body is about, if no fix tells it.
FIELDS = {"empty_body": "body", "empty_excerpt": "excerpt", "excerpt_template": "excerpt", "head_repeat": "excerpt"}


class Shown(NamedTuple):
    """Findings for a page or a script, errors first. `left` counts those that the rows leave out."""

    errors: int
    warnings: int
    rows: list[dict[str, Any]]
    left: int
    is_checked: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the form's fields that are checked."""
        return DRAFT_TEXTS

    @property
    def groups(self) -> list[tuple[str, str, list[dict[str, Any]]]]:
        """The rows by severity, each with its name."""
        names = ((Severity.ERROR, "公開を止める指摘"), (Severity.WARNING, "助言"))
        return [(kind, name, [row for row in self.rows if row["severity"] == kind]) for kind, name in names]


UNCHECKED = Shown(0, 0, [], 0, is_checked=False)


def shown(findings: Iterable[Finding], most: int = SHOWN) -> Shown:
    findings = list(findings)
    errors = errors_of(findings)
    ordered = sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)
    left = max(0, len(ordered) - most)
    return Shown(len(errors), len(ordered) - len(errors), [row(finding) for finding in ordered[:most]], left)


def row(finding: Finding) -> dict[str, Any]:
    """One finding for a template or a script. `field` is the field of the form, `place` says in words where it is."""
    field = field_of(finding)
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        "line": finding.line,
        "field": field,
        "place": f"{finding.line}行目" if finding.line else label(field),
        "excerpt": finding.excerpt,
        "message": finding.message,
        "fix": finding.fix,
    }


def field_of(finding: Finding) -> str:
    if finding.line:
        return "body"
    if finding.code in FIELDS:
        return FIELDS[finding.code]
    return finding.fix[0].field if finding.fix else "title"


def in_form(form: forms.ModelForm) -> Shown:
    """The findings for the texts in the form; none for an empty add form, or for texts that are too long."""
    if form.instance.pk is None and not form.is_bound:
        return UNCHECKED
    version = copy(form.instance)
    for name in set(DRAFT_TEXTS) & form.fields.keys():
        setattr(version, name, with_lf(form[name].value() or ""))
    is_bounded = all(len(getattr(version, name)) <= MAX_CHARS for name in DRAFT_TEXTS)
    return shown(check_post(version)) if is_bounded else UNCHECKED


class ReasonField(LinesField):
    """Why a text goes to readers although the desk check found errors."""

    def __init__(self) -> None:
        super().__init__(
            label="直さずに公開する理由",
            required=False,
            max_length=MAX_REASON,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=f"履歴に残ります。{MAX_REASON}字まで。",
        )
