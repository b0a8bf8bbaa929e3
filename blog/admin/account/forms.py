"""The forms of an account: codes of the second factor, and the mail for a new password."""

from datetime import datetime
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django_otp.models import Device
from django_tasks import task

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
    """Has the worker look up the address and send the mail, so that response times reveal no accounts."""

    def save(self, **options: Any) -> None:
        mail_reset.enqueue(self.cleaned_data["email"])


class _Mail(PasswordResetForm):
    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Lets errors of the mail server through, unlike Django's method, so that the task fails and is tried again."""
        subject = "".join(render_to_string(subject_template_name, context).splitlines())
        EmailMessage(subject, render_to_string(email_template_name, context), from_email, [to_email]).send()


@task()
def mail_reset(address: str) -> None:
    """Sends the mail for a new password to whoever has the address; its link leads to `SITE_URL`."""
    form = _Mail({"email": address})
    form.full_clean()
    site = urlsplit(settings.SITE_URL)  # not the host of the request, which its sender may choose
    form.save(
        domain_override=site.netloc,
        use_https=site.scheme == "https",
        subject_template_name="desk/account/reset_subject.txt",
        email_template_name="desk/account/reset_mail.txt",
        extra_email_context={"site_name": settings.SITE_NAME},
    )
