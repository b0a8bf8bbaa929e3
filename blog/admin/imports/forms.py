"""The form that takes many files, and which of them can be imported."""

from collections import Counter
from typing import Any, NamedTuple
from unicodedata import normalize

from django import forms
from django.core.files.uploadedfile import UploadedFile

from blog.admin.imports.words import reason_text
from blog.jekyll.files.front_matter import FileError
from blog.jekyll.files.tree import MAX_POST_BYTES
from blog.jekyll.importing.uploads import check_name

MAX_FILES = 30


class Refusal(NamedTuple):
    """A file that was not even tried, and why."""

    name: str
    reason: str


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name)


class FilesField(forms.Field):
    widget = FilesInput(attrs={"accept": ".md,.markdown,text/markdown"})
    default_error_messages = {"required": "ファイルを選んでください。"}

    def validate(self, value: list[UploadedFile]) -> None:
        super().validate(value)
        if len(value) > MAX_FILES:
            raise forms.ValidationError(
                f"一度に取り込めるのは{MAX_FILES}個までです（いまは{len(value)}個）。何も取り込んでいません。"
            )


class UploadForm(forms.Form):
    uploads = FilesField(label="ファイル")

    def sorted_out(self) -> tuple[dict[str, bytes], list[Refusal]]:
        """Maps the names of accepted files to their contents, and lists the refused ones, such as two of one name."""
        files: dict[str, bytes] = {}
        refusals: list[Refusal] = []
        uploads = [(normalize("NFC", upload.name), upload) for upload in self.cleaned_data["uploads"]]
        times = Counter(name for name, _ in uploads)
        for name, upload in uploads:
            if reason := _refusal(name, upload, times[name]):
                refusals.append(Refusal(name, reason))
            else:
                files[name] = upload.read()
        return files, list(dict.fromkeys(refusals))


def _refusal(name: str, upload: UploadedFile, times: int) -> str:
    try:
        check_name(name)
    except FileError as error:
        return reason_text(error.reason)
    if times > 1:
        return f"同じ名前のファイルが{times}個あります。どれが正しいか分からないので、どれも取り込んでいません。"
    if upload.size > MAX_POST_BYTES:
        return f"ファイルが大きすぎます。1個{MAX_POST_BYTES // 2**20}MBまでです。"
    return ""
