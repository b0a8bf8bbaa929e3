"""The scope of a batch, from the parameters of a page: kinds of findings, a section and a month."""

from django import forms

from blog.admin.findings.names import name_of
from blog.models import Category
from blog.text.desk import CODES
from blog.times import month_name

MONTHS = (190_001, 999_912)


class ScopeForm(forms.Form):
    """Refuses kinds and sections that do not exist, and months out of range."""

    code = forms.MultipleChoiceField(choices=[(code, name_of(code)) for code in CODES])
    section = forms.ModelChoiceField(Category.objects.all(), required=False)
    month = forms.IntegerField(min_value=MONTHS[0], max_value=MONTHS[1], required=False)

    @property
    def codes(self) -> list[str]:
        return sorted(set(self.cleaned_data["code"]))

    @property
    def about(self) -> dict[str, int | None]:
        section = self.cleaned_data["section"]
        return {"section": section and section.pk, "month": self.cleaned_data["month"]}

    @property
    def words(self) -> list[str]:
        return limits(self.cleaned_data["section"], self.cleaned_data["month"])

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The parameters again, for links and forms."""
        about = [(name, str(value)) for name, value in self.about.items() if value]
        return [*(("code", code) for code in self.codes), *about]


def limits(section: Category | None, month: int | None) -> list[str]:
    """The limits of a batch in words."""
    words = [f"セクション：{section}"] if section else []
    return [*words, f"公開した月：{month_name(month)}"] if month else words
