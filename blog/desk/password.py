"""The change of one's own password, with a limit of guesses for whoever finds an open session."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils import timezone

from blog.models import AuditEntry

FAILURES, PAUSE = 5, timedelta(minutes=15)  # as at the login
WAIT = "元のパスワードの間違いが続いたため、受け付けを止めています。15分ほど待ってから、もう一度お試しください。"
WHERE = "パスワードの変更で"  # tells these entries of the log from failed logins


class PasswordChangeForm(AdminPasswordChangeForm):
    """Counts the failures of a user in the log of acts, whatever address they come from.

    After FAILURES of them it checks no password for the time of PAUSE.

    Guesses that arrive together are bounded by `blog.delivery.limits`.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)  # Japanese writes no colon after a label

    def clean_old_password(self) -> str:
        recent = AuditEntry.objects.filter(
            act=AuditEntry.Act.LOGIN_FAILED, detail=WHERE, at__gte=timezone.now() - PAUSE
        )
        if recent.filter(kind=self.user._meta.label_lower, key=str(self.user.pk)).count() >= FAILURES:
            raise ValidationError(WAIT, code="wait")
        try:
            return super().clean_old_password()
        except ValidationError:
            AuditEntry.objects.note(AuditEntry.Act.LOGIN_FAILED, self.user, by=self.user, detail=WHERE)
            raise
