"""An invitation: a link by which a new colleague sets a password, once and within INVITED_FOR.

It is signed and stored nowhere: a task holds only what it is made from. It ends with the first password, with each
login and with another address of mail, since all are part of it. An unusable password is a random value: another one
ends the earlier invitations.
"""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_tasks import task

from blog.addresses import absolute_url
from blog.admin.account.views import page_context

INVITED_FOR = timedelta(days=3)
SALT = "blog.admin.account.invitations"
NO_MAIL = ("console", "dummy")  # backends that reach nobody
OVER = (
    "この招待は使えません。期限（3日）が過ぎたか、もうパスワードを決めています。"
    "ログインできないときは、招待した人に、もう一度招待してもらってください。"
)


def new_invitation(user: User) -> str:
    """The token of an invitation that begins now."""
    return signing.dumps([user.pk, state_of(user)], salt=SALT)


def invitation_url(token: str) -> str:
    """The absolute address of the invitation. Whoever has it may set the password."""
    return absolute_url(reverse("invitation", args=[token]))


def invited(token: str) -> User | None:
    """The user whom the token still invites."""
    try:
        pk, state = signing.loads(token, salt=SALT, max_age=INVITED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and constant_time_compare(state, state_of(user)) else None


def state_of(user: User) -> str:
    """A hash of what an invitation depends on: a change of it ends the invitation. It alone grants nothing."""
    return salted_hmac(SALT, f"{user.pk} {user.password} {user.last_login} {user.email}").hexdigest()[:20]


def can_mail(user: User) -> bool:
    return bool(user.email) and settings.EMAIL_BACKEND.split(".")[-2] not in NO_MAIL


def send_invitation(user: User) -> None:
    """Puts the mail into the queue, in the transaction of the caller."""
    mail_invitation.enqueue(user.pk, state_of(user))


@task()
def mail_invitation(user_key: int, state: str) -> None:
    """Sends the invitation, unless another one or the account's first password ended it meanwhile."""
    user = User.objects.filter(pk=user_key, is_active=True).first()
    if user is None or state != state_of(user):
        return
    lines = (
        f"{settings.SITE_NAME}の編集デスクに、あなたのアカウントができました。",
        "",
        "次のページでパスワードを決めてください。3日以内に、一度だけ使えます。",
        "",
        invitation_url(new_invitation(user)),
        "",
        f"ユーザー名：{user.get_username()}",
        "",
        "心当たりがないときは、このメールを破棄してください。",
    )
    subject = f"【{settings.SITE_NAME}】編集デスクへの招待"
    EmailMessage(subject, "\n".join(lines) + "\n", to=[user.email]).send()


@require_safe
@never_cache
def open_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Leads to the page for a new password. Opening it spends nothing: mail scanners open links, too."""
    user = invited(token)
    if user is None:
        context = {"message": OVER, "onward": "admin:login", "onward_label": "ログインする"}
        return render(request, "desk/account/told.html", {**page_context(request, "招待"), **context}, status=410)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return redirect("password_reset_confirm", uid, default_token_generator.make_token(user))
