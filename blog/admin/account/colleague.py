"""One page for a new colleague: the account, the role and the byline, in one transaction, and the invitation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from blog.admin.account.invitations import can_mail, invitation_url, new_invitation, send_invitation
from blog.admin.fields import LineField
from blog.editing import permissions
from blog.editing.log import ADDITION, log_act
from blog.editing.renaming import save_moved
from blog.models import Author
from blog.models.taxonomy import validate_slug

NEW, KNOWN, NONE = "new", "known", "none"
BYLINES = ((NEW, "新しい署名を作る"), (KNOWN, "いまある著者につなぐ"), (NONE, "署名なし（記事は書かない）"))
USERNAME_HELP = "ログインに使います。半角の英数字と @ . + - _ だけです。"
TAKEN = "同じユーザー名かURL名が、いま登録されました。別の名前にしてください。"


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
        cleaned = super().clean()
        if User.objects.filter(username__iexact=cleaned.get("username", "")).exists():
            self.add_error("username", "このユーザー名は、すでに使われています。")
        if cleaned.get("email") and User.objects.filter(email__iexact=cleaned["email"]).exists():
            self.add_error("email", "このメールアドレスのアカウントが、すでにあります。")
        match cleaned.get("byline"):
            case "known" if not cleaned.get("author") and "author" not in self.errors:
                self.add_error("author", "つなぐ著者を選んでください。")
            case "new" if {"last_name", "username"} <= cleaned.keys():  # without them the byline would be refused, too
                self._check_byline(cleaned)
        return cleaned

    def _check_byline(self, cleaned: dict[str, Any]) -> None:
        """Checks the new author as its own form would."""
        name = cleaned.get("name") or " ".join(filter(None, (cleaned["last_name"], cleaned.get("first_name"))))
        self.new_author = Author(name=name, slug=cleaned.get("slug") or cleaned["username"])
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
    """The form, and after it the page that shows what was made."""
    user = request.user
    if not (user.has_perm("auth.add_user") and permissions.may_link_users(user)):
        raise PermissionDenied
    form = ColleagueForm(user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            return _show_invited(request, admin, _make(form, by=user), is_new=True)
        except IntegrityError:  # perhaps of the same form, which a double click sent twice
            form.add_error(None, TAKEN)
    about = {"title": "新しい同僚を迎える", "form": form, "media": admin.media + form.media}
    return admin.render(request, "admin/auth/user/colleague.html", **about)


@transaction.atomic
def _make(form: ColleagueForm, *, by: permissions.User) -> User:
    cleaned = form.cleaned_data
    user = User(is_staff=True, **{name: cleaned[name] for name in ("username", "last_name", "first_name", "email")})
    user.set_unusable_password()
    user.save()
    user.groups.add(cleaned["role"])
    log_act(by, user, f"同僚として迎えた。役割は「{cleaned['role']}」", ADDITION)
    if cleaned["byline"] == NEW:
        author = form.new_author
        author.user = user
        save_moved(author)
        log_act(by, author, f"ログインユーザー：{user}", ADDITION)
    elif cleaned["byline"] == KNOWN:
        author = Author.objects.select_for_update().get(pk=cleaned["author"].pk)
        if author.user_id is not None:
            raise IntegrityError("somebody linked this author meanwhile")
        author.user = user
        save_moved(author)
        log_act(by, author, f"ログインユーザー：{user}")
    if can_mail(user):
        send_invitation(user)
    return user


@never_cache
@require_POST
def invite_again(request: HttpRequest, admin: Any, object_id: int) -> HttpResponse:
    """Another invitation for an account without a password. It ends the earlier ones."""
    user = admin.row_to_change(request, object_id)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.has_usable_password() or not user.is_active:
            messages.error(request, "このアカウントは、もうパスワードを決めたか、使えなくしてあります。")
            return redirect("admin:auth_user_change", user.pk)
        user.set_unusable_password()
        user.save(update_fields=["password"])
        if can_mail(user):
            send_invitation(user)
        log_act(request.user, user, "もう一度招待しました。")
    return _show_invited(request, admin, user, is_new=False)


def _show_invited(request: HttpRequest, admin: Any, made: User, *, is_new: bool) -> HttpResponse:
    """Shows what was made, and the link only if no mail can be sent. It is shown once, to whoever made it."""
    about = {"made": made, "is_new": is_new, "author": Author.objects.filter(user=made).first()}
    about |= {"is_mailed": can_mail(made), "link": "" if can_mail(made) else invitation_url(new_invitation(made))}
    title = "招待しました" if is_new else "もう一度招待しました"
    return admin.render(request, "admin/auth/user/invited.html", title=title, **about)
