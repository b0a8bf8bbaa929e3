"""The forms of an account: codes of the second factor, passwords, and the mail for a new one."""

from datetime import timedelta
from math import ceil
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django_otp.models import Device
from django_tasks import task

from blog.admin.account import second_factor
from blog.editing.log import log_act
from blog.models import QueuedTask

WRONG_CODE = "コードが違うか、期限が切れています。もう一度入力してください。"
RESETS_PER_HOUR = 3
WAIT = "続けて間違えたため、あと{seconds}秒ほど待ってから入力してください。"


class CodeField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        look = {"autocomplete": "one-time-code", "autocapitalize": "none"}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=look), **options)


def verified(user: User, code: str) -> Device:
    """The device that accepts the code. Raises ValidationError."""
    if until := second_factor.locked_until(user, code):
        raise forms.ValidationError(WAIT.format(seconds=ceil((until - timezone.now()).total_seconds())))
    if device := second_factor.verify(user, code):
        return device
    raise forms.ValidationError(WRONG_CODE)


def is_password(request: HttpRequest, password: str) -> bool:
    """Whether it is the password of whoever is logged in. Failures count and lock as those at the login do."""
    return authenticate(request, username=request.user.get_username(), password=password) is not None


class CodeForm(forms.Form):
    """A code of the user's app, or a recovery code. `device` is the one that accepted it."""

    code = CodeField(label="認証コード")
    device: Device | None = None

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        self.device = verified(self.request.user, self.cleaned_data["code"])
        return self.cleaned_data["code"]


class OwnerForm(forms.Form):
    """Asks whoever sits at an open session for what its owner alone knows: the password, and a code if there is one."""

    password = forms.CharField(
        label="パスワード", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    current = CodeField(
        label="いまの認証コード", help_text="いま使っている認証アプリのコードか、リカバリーコードです。"
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not second_factor.is_set_up(request.user):
            del self.fields["current"]

    def clean_password(self) -> str:
        if not is_password(self.request, self.cleaned_data["password"]):
            raise forms.ValidationError("パスワードが違います。")
        return self.cleaned_data["password"]

    def clean_current(self) -> str:
        if "password" in self.errors:  # who does not know it gets no guess at a code
            return ""
        verified(self.request.user, self.cleaned_data["current"])
        return self.cleaned_data["current"]


class SetUpForm(OwnerForm):
    """A code of the app that the user has just shown the new secret, too."""

    code = CodeField(label="新しい認証アプリのコード")
    device: Device | None = None

    def clean(self) -> None:
        if not self.errors:
            self.device = second_factor.confirm(self.request.user, self.cleaned_data["code"])
            if self.device is None:
                self.add_error("code", WRONG_CODE)


class PasswordChangeForm(AdminPasswordChangeForm):
    """A change of one's own password, with the limit of guesses that the login has."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        if not is_password(self.request, self.cleaned_data["old_password"]):
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return self.cleaned_data["old_password"]

    def save(self, commit: bool = True) -> User:
        log_act(self.user, self.user, "パスワードを変えました。")
        return super().save(commit)


class ResetForm(PasswordResetForm):
    """Has the worker look up the address and send the mail, so that response times reveal no accounts.

    After RESETS_PER_HOUR to one address nothing is sent, whoever asks.
    """

    def save(self, **options: Any) -> None:
        address = self.cleaned_data["email"].lower()
        since = timezone.now() - timedelta(hours=1)
        earlier = QueuedTask.objects.filter(task_path=mail_reset.module_path, enqueued_at__gte=since)
        if earlier.filter(args_kwargs__args=[address]).count() < RESETS_PER_HOUR:
            mail_reset.enqueue(address)


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
