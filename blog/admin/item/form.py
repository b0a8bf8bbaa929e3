"""What the forms of articles and static pages share: the edit number, and the confirmation of a new address."""

from typing import Any

from django import forms

NO_VERSION = "どの版から編集したのかが分からないので、保存していません。控えを取ってから、記事を開き直してください。"
STALE = "編集しているあいだに、別の人がこの{}を保存しました。誤りを直して保存すると、二人の内容を比べて統合できます。"


class ItemForm(forms.ModelForm):
    base_version = forms.IntegerField(label="編集を始めた版", widget=forms.HiddenInput, required=False)
    # The template shows it, only if an address is about to change.
    confirmed_path = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address_change: tuple[str, str] | None = None
        self.initial["base_version"] = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        item, began = self.instance, cleaned.get("base_version")
        if item.pk and (began is None or not 0 <= began <= item.version):
            self.add_error(None, NO_VERSION)
        return cleaned

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.errors and self.is_late:
            self.add_error(None, STALE.format(self.instance._meta.verbose_name))

    @property
    def is_late(self) -> bool:
        """Whether somebody saved the item since this edit began. The edit is then kept and merged."""
        return self.instance.pk is not None and self.cleaned_data.get("base_version") != self.instance.version

    def confirm_address(self, change: tuple[str, str], question: str) -> None:
        """Asks the user to confirm the second address in the place of the first, showing both."""
        if self.cleaned_data["confirmed_path"] != change[1]:
            self.address_change = change
            self.add_error(None, question)
