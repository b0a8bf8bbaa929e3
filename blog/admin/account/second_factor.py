"""The second factor of a login: one-time codes of an app (TOTP), and recovery codes for a lost phone.

django-otp makes and checks them. After a wrong code it makes the user wait, twice as long each time.
"""

import re
import unicodedata
from base64 import b32encode
from datetime import datetime

import django_otp
import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.editing import mail, permissions
from blog.editing.log import log_act

APP, RECOVERY = "認証アプリ", "リカバリーコード"
RECOVERY_CODES = 10
APP_DIGITS = 6
NOT_YOURS = "心当たりがないときは、すぐにパスワードを変え、管理者に伝えてください。"


def is_set_up(user: User) -> bool:
    return TOTPDevice.objects.devices_for_user(user, confirmed=True).exists()


def verify(user: User, code: str) -> Device | None:
    """The device that accepts the code, which is used up; None if it is wrong, or after too many wrong ones."""
    device = _device_for(user, code)
    accepted = django_otp.verify_token(user, device.persistent_id, _plain(code)) if device else None
    if not accepted:
        log_act(user, user, "認証コードの間違い")
    return accepted


def locked_until(user: User, code: str) -> datetime | None:
    """Until when no code of this kind is looked at, because wrong ones were sent."""
    device = _device_for(user, code)
    allowed, reason = device.verify_is_allowed() if device else (True, None)
    return None if allowed else reason["locked_until"]


def _device_for(user: User, code: str) -> Device | None:
    kind = TOTPDevice if len(_plain(code)) == APP_DIGITS else StaticDevice
    return kind.objects.devices_for_user(user, confirmed=True).first()


def _plain(code: str) -> str:
    """The code as it was made: people type it in full width, in capitals and in groups."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).lower()


@transaction.atomic
def begin(user: User) -> TOTPDevice:
    """Makes a new secret, which is in force once `confirm` accepts a code. Deletes an earlier unconfirmed one."""
    TOTPDevice.objects.devices_for_user(user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name=APP, confirmed=False)


def waiting(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.devices_for_user(user, confirmed=False).first()


@transaction.atomic
def confirm(user: User, code: str) -> TOTPDevice | None:
    """Replaces the user's secrets with the new one if the code is right; else returns None."""
    device = waiting(user)
    if device is None or not (accepted := django_otp.verify_token(user, device.persistent_id, _plain(code))):
        return None
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    accepted.confirmed = True
    accepted.save()
    _log_and_mail(user, user, "二段階認証を設定しました。")
    return accepted


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """New recovery codes, each for one login. The old ones end."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name=RECOVERY)
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    _log_and_mail(user, user, "リカバリーコードを作り直しました。")
    return [f"{code[:4]}-{code[4:]}" for code in codes]


@transaction.atomic
def remove(user: User, *, by: permissions.User) -> None:
    """Lets the user log in by password alone, to set up another phone."""
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.filter(user=user).delete()
    _log_and_mail(by, user, "二段階認証を解除しました。")


def _log_and_mail(by: permissions.User, user: User, what: str) -> None:
    """Logs the change, and tells the owner of the account, who may be somebody else than who sits at the session."""
    log_act(by, user, what)
    if user.email:
        text = f"編集デスクのあなたのアカウント（{user.get_username()}）で、{what}\n\n{NOT_YOURS}\n"
        mail.send.enqueue([user.email], f"【{settings.SITE_NAME}】{what}", text)


def key_of(device: TOTPDevice) -> str:
    """The secret for an app that cannot read the QR code, in groups of four letters."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[at : at + 4] for at in range(0, len(key), 4))


def qr_code(device: TOTPDevice) -> SafeString:
    """The secret as inline SVG: a URL of the image would be one more place that reveals it."""
    return mark_safe(segno.make(device.config_url).svg_inline(scale=4))  # noqa: S308  made of numbers
