"""The forms of an account: codes of the second factor, and the mail for a new password."""

from datetime import datetime
from math import ceil
from threading import Thread
from typing import Any

from django import forms
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.utils import timezone
from django_otp.models import Device

from blog.admin.account import second_factor

WRONG_CODE = "コードが違うか、期限が切れています。もう一度入力してください。"
WAIT = "続けて間違えたため、あと{seconds}秒ほど待ってから入力してください。"


class CodeForm(forms.Form):
    """A code of the user's app, or a recovery code. `device` is the one that accepted it."""

    code = forms.CharField(
        label="認証コード",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.device: Device | None = None

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if until := self.locked_until(code):
            raise forms.ValidationError(WAIT.format(seconds=ceil((until - timezone.now()).total_seconds())))
        self.device = self.accept(code)
        if self.device is None:
            raise forms.ValidationError(WRONG_CODE)
        return code

    def locked_until(self, code: str) -> datetime | None:
        return second_factor.locked_until(self.user, code)

    def accept(self, code: str) -> Device | None:
        return second_factor.verify(self.user, code)


class SetUpForm(CodeForm):
    """A code of the app that the user has just shown the new secret."""

    def locked_until(self, code: str) -> None:
        return None  # the user sees the secret, so there is nothing to guess

    def accept(self, code: str) -> Device | None:
        return second_factor.confirm(self.user, code)


class ResetForm(PasswordResetForm):
    """Sends mail to known addresses only, and takes no longer for these, so that nobody learns which are known."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        Thread(target=super().send_mail, args=args, kwargs=kwargs, name="password reset").start()
