"""One page for a new colleague: the account, the role and the byline, in one transaction, and the invitation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from blog.admin.account.invitations import can_mail, invitation_url, invited, new_invitation, send_invitation, state_of
from blog.admin.fields import LineField
from blog.editing import permissions
from blog.editing.renaming import save_moved
from blog.models import AuditEntry, Author
from blog.models.taxonomy import validate_slug

NEW, KNOWN, NONE = "new", "known", "none"
BYLINES = ((NEW, "新しい署名を作る"), (KNOWN, "いまある著者につなぐ"), (NONE, "署名なし（記事は書かない）"))
USERNAME_HELP = "ログインに使います。半角の英数字と @ . + - _ だけです。"
TAKEN = "同じユーザー名かURL名が、いま登録されました。別の名前にしてください。"
CHANGED_MEANWHILE = (
    "この画面を開いたあとに、招待をやり直したか、アカウントが変わりました。必要なら、もう一度招待してください。"
)
INVITED = "invitation"  # in the session: whom it invited last, the state, when, and whether the account was new


class ColleagueForm(forms.Form):
    last_name = LineField(label="姓", max_length=150)
    first_name = LineField(label="名", max_length=150, required=False)
    username = LineField(
        label="ユーザー名",
        max_length=150,
        help_text=USERNAME_HELP,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label="メールアドレス", required=False, help_text="空なら、招待のリンクを画面に出します。手渡してください。"
    )
    role = forms.ModelChoiceField(
        Group.objects.none(),
        label="役割",
        widget=forms.RadioSelect,
        empty_label=None,
        help_text="執筆者は自分の記事を書いて確認に出し、編集者は公開まで、管理者はユーザーの管理まで行えます。"
        "あなたより多くの権限を持つ役割は選べません。",
    )
    byline = forms.ChoiceField(label="署名", choices=BYLINES, widget=forms.RadioSelect, initial=NEW)
    name = LineField(label="署名の名前", max_length=100, required=False, help_text="空なら、姓と名から作ります。")
    slug = LineField(
        label="署名のURL名", max_length=100, required=False, help_text="著者ページのURLになります（例：tanaka）。"
    )
    author = forms.ModelChoiceField(
        Author.objects.none(), label="つなぐ著者", required=False, empty_label="選んでください"
    )

    def __init__(self, by: permissions.User, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["role"].queryset = permissions.grantable_groups(by)
        self.fields["author"].queryset = Author.objects.filter(user=None).order_by("name")
        choices = dict(BYLINES)
        if not by.has_perm("blog.add_author"):
            del choices[NEW]
        self.fields["byline"].choices = list(choices.items())
        self.fields["byline"].initial = next(iter(choices))

    def clean_username(self) -> str:
        name = User.normalize_username(self.cleaned_data["username"])
        User._meta.get_field("username").run_validators(name)
        return name

    def clean_email(self) -> str:
        return User.objects.normalize_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.made_before() is None:
            self._check_free(told)
        return told

    def made_before(self) -> User | None:
        """The account that the same form made when it was sent before, if nobody has used it yet."""
        told, names = self.cleaned_data, ("username", "last_name", "first_name", "email")
        if not {*names, "role", "byline"} <= told.keys():
            return None
        accounts = User.objects.filter(groups=told["role"], **{name: told[name] for name in names})
        user = accounts.filter(is_active=True, is_superuser=False).first()
        return user if user and not user.has_usable_password() and self._is_signed(user) else None

    def _is_signed(self, user: User) -> bool:
        """Whether the account has the byline that the form asks for."""
        told, author = self.cleaned_data, Author.objects.filter(user=user).first()
        if author is None or told["byline"] == NONE:
            return author is None and told["byline"] == NONE
        if told["byline"] == KNOWN:
            return self["author"].value() == str(author.pk)
        return (author.name, author.slug) == self._new_byline(told)

    def _check_free(self, told: dict[str, Any]) -> None:
        if User.objects.filter(username__iexact=told.get("username", "")).exists():
            self.add_error("username", "このユーザー名は、すでに使われています。")
        if told.get("email") and User.objects.filter(email__iexact=told["email"]).exists():
            self.add_error("email", "このメールアドレスのアカウントが、すでにあります。")
        match told.get("byline"):
            case "known" if not told.get("author") and "author" not in self.errors:
                self.add_error("author", "つなぐ著者を選んでください。")
            case "new" if {"last_name", "username"} <= told.keys():  # without them the byline would be refused, too
                self._check_byline(told)

    def _new_byline(self, told: dict[str, Any]) -> tuple[str, str]:
        name = told.get("name") or " ".join(filter(None, (told.get("last_name"), told.get("first_name"))))
        return name, told.get("slug") or told.get("username") or ""

    def _check_byline(self, told: dict[str, Any]) -> None:
        """Checks the new author as its own form would."""
        name, slug = self._new_byline(told)
        self.new_author = Author(name=name, slug=slug)
        try:
            self.new_author.clean_fields()
            validate_slug(self.new_author.slug)
            self.new_author.validate_unique()
            self.new_author.validate_constraints()
        except ValidationError as error:
            named = error.message_dict if hasattr(error, "error_dict") else {"slug": error.messages}
            for field, problems in named.items():
                self.add_error(field if field in ("name", "slug") else None, problems)


@never_cache
def colleague(request: HttpRequest, admin: Any) -> HttpResponse:
    """The form. It redirects to the page that shows what was made, even if it is sent twice."""
    user = request.user
    if not (user.has_perm("auth.add_user") and permissions.may_link_users(user)):
        raise PermissionDenied
    form = ColleagueForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and (answer := _invite(request, form)):
        return answer
    about = {"title": "新しい同僚を迎える", "form": form, "media": admin.media + form.media}
    return admin.render(request, "admin/auth/user/colleague.html", **about)


def _invite(request: HttpRequest, form: ColleagueForm) -> HttpResponse | None:
    """Makes the account of the form, unless the same form made it before. None if the form has errors."""
    is_valid = form.is_valid()
    if is_valid and not form.made_before():
        try:
            return _go_to_invited(request, _make(form), is_new=True)
        except IntegrityError:  # perhaps of the same form, which a double click sent twice
            form.add_error(None, TAKEN)
    if made := form.made_before():
        return redirect("admin:auth_user_invited", made.pk)  # only the session of the first answer may open it
    return None


@transaction.atomic
def _make(form: ColleagueForm) -> User:
    told = form.cleaned_data
    user = User(is_staff=True, **{name: told[name] for name in ("username", "last_name", "first_name", "email")})
    user.set_unusable_password()
    user.save()  # a receiver notes it, and the role
    user.groups.add(told["role"])
    if told["byline"] == NEW:
        author = form.new_author
        author.user = user
        save_moved(author)
        AuditEntry.objects.note(AuditEntry.Act.ADDED, author)
    elif told["byline"] == KNOWN:
        author = Author.objects.select_for_update().get(pk=told["author"].pk)
        if author.user_id is not None:
            raise IntegrityError("somebody linked this author meanwhile")
        author.user = user
        save_moved(author)
        AuditEntry.objects.note(AuditEntry.Act.CHANGED, author, detail=f"ログインユーザー：{user}")
    if can_mail(user):
        send_invitation(user)
    return user


@never_cache
def invite_again(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    """Another invitation for an account without a password. It ends the earlier ones."""
    user = admin.row_to_change(request, object_id)
    if request.method != "POST":
        return redirect("admin:auth_user_change", user.pk)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.has_usable_password() or not user.is_active:
            messages.error(request, "このアカウントは、もうパスワードを決めたか、使えなくしてあります。")
            return redirect("admin:auth_user_change", user.pk)
        if request.POST.get("state") != state_of(user):  # the button was pressed twice, or by two
            if not _has_invited(request, user):
                messages.warning(request, CHANGED_MEANWHILE)
            return redirect("admin:auth_user_invited", user.pk)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        if can_mail(user):
            send_invitation(user)
        AuditEntry.objects.note(AuditEntry.Act.PASSWORD, user, detail="招待をやり直しました")
    return _go_to_invited(request, user, is_new=False)


def _go_to_invited(request: HttpRequest, user: User, *, is_new: bool) -> HttpResponse:
    request.session[INVITED] = [user.pk, state_of(user), int(timezone.now().timestamp()), is_new]
    return redirect("admin:auth_user_invited", user.pk)


def _has_invited(request: HttpRequest, user: User) -> bool:
    """Whether the last invitation of this session is one of the user, and still open."""
    pk, state, began, _ = request.session.get(INVITED, (0, "", 0, False))
    return (pk, state) == (user.pk, state_of(user)) and invited(new_invitation(user, began)) == user


@require_safe
@never_cache
def tell_invited(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    """Shows what was made, only to the user who made it. It shows the link only if no mail can be sent."""
    made = admin.row_to_change(request, object_id)
    if not _has_invited(request, made):
        return redirect("admin:auth_user_change", made.pk)
    _, _, began, is_new = request.session[INVITED]
    told = {"made": made, "is_new": is_new, "author": Author.objects.filter(user=made).first()}
    told |= {"is_mailed": can_mail(made), "link": "" if can_mail(made) else invitation_url(new_invitation(made, began))}
    title = "招待しました" if is_new else "もう一度招待しました"
    return admin.render(request, "admin/auth/user/invited.html", title=title, **told)
