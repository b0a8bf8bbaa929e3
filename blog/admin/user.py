"""The accounts of the desk. Nobody can give a role or a right that they lack."""

from typing import Any

from axes.utils import reset
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import CheckboxSelectMultiple, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.admin.account import colleague, locks, second_factor
from blog.admin.base import DeskAdmin, OfferedFilter
from blog.editing import permissions
from blog.editing.log import log_act
from blog.models.history import display_name

admin.site.unregister([Group, User])

WHO_MAY = "執筆者は自分の記事を書いて確認に出し、編集者は公開まで、管理者はユーザーの管理まで行えます。"
IN_WORDS = {
    "username": {"help_text": colleague.USERNAME_HELP},
    "is_active": {"help_text": "外すと、ログインできなくなります。書いた記事は残ります。"},
    "is_staff": {"help_text": ""},
}
ROLES = ("役割", {"fields": ("is_active", "is_staff", "groups")})
RIGHTS = ("個別の権限", {"classes": ("collapse",), "fields": ("is_superuser", "user_permissions")})
# Nobody takes these from themselves: so the last active superuser, whom only a superuser may change, stays.
OWN_RIGHTS = ("is_active", "is_staff", "is_superuser", "groups")
OWN_RIGHT = "自分のアカウントでは変えられません。ほかの管理者に頼んでください。"
OUT_OF_REACH = "アカウントに、あなたにない権限があります。変更や削除は、その権限をもつ管理者に頼んでください。"
# What goes with an account, where its library has an English or no good name.
PARTS = {
    str(model._meta.verbose_name_plural): name
    for model, name in (
        (LogEntry, "操作の履歴"),
        (TOTPDevice, "二段階認証の設定"),
        (StaticDevice, "リカバリーコードの組"),
        (StaticToken, "リカバリーコード"),
        (User.groups.through, "役割"),
        (User.user_permissions.through, "個別の権限"),
    )
}
OWN_ACCOUNT = "{user}（ログイン中の自分のアカウントは削除できません。ほかの管理者に頼んでください。）"


class RightsField(ModelMultipleChoiceField):
    """The rights of the desk, as check boxes, and others that somebody has: a save keeps those too."""

    widget = CheckboxSelectMultiple(attrs={"class": "radiolist inline"})  # names of Django's admin

    def __init__(self, **kwargs: Any) -> None:
        offered = Q(content_type__app_label__in=("auth", "blog")) | Q(user__isnull=False) | Q(group__isnull=False)
        rights = Permission.objects.filter(offered).distinct().select_related("content_type")
        super().__init__(**{**kwargs, "label": "権限", "queryset": rights})

    def label_from_instance(self, right: Permission) -> str:
        return permissions.name_of_right(right)


class PasswordForm(AdminPasswordChangeForm):
    """Without Django's choice of no password: an account is closed by making it inactive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True


class RightsMixin:
    """Logs which roles and rights a form gave and took, which Django's words do not name."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        message = super().construct_change_message(request, form, formsets, add)
        said = []
        for name in {"groups", "user_permissions", "permissions"} & set(form.changed_data):
            before, after = set(form.initial.get(name, ())), set(form.cleaned_data[name])
            for rights, verb in ((after - before, "加えた"), (before - after, "外した")):
                said += [f"「{_name(right)}」を{verb}" for right in sorted(rights, key=lambda right: right.pk)]
        if not said:
            return message
        return "、".join(
            [*said, *(str(form.fields[name].label) for name in form.changed_data if name in OWN_RIGHTS[:3])]
        )


def _name(right: Group | Permission) -> str:
    return right.name if isinstance(right, Group) else permissions.name_of_right(right)


class ActiveFilter(OfferedFilter):
    title, parameter_name = "状態", "is_active__exact"
    offered = {"1": "有効", "0": "無効"}


@admin.register(User)
class DeskUserAdmin(RightsMixin, DeskAdmin, UserAdmin):
    pages = {"invite": ("<int:object_id>/invite/", colleague.invite_again)}
    list_display = ("username", "full_name", "email", "roles", "with_second_factor", "active", "last_login")
    list_filter = ("groups", ActiveFilter)
    filter_horizontal = ()
    actions = ("remove_second_factor", "release")
    change_password_form = PasswordForm
    change_user_password_template = "admin/auth/user/password.html"  # noqa: S105  # pragma: allowlist secret

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return colleague.colleague(request, self)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and permissions.may_link_users(request.user)

    def get_queryset(self, request: HttpRequest) -> Any:
        confirmed = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = super().get_queryset(request).prefetch_related("groups")
        return users.annotate(
            has_second_factor=Exists(confirmed), is_locked=Exists(locks.now(username=OuterRef("username")))
        )

    @admin.display(description="氏名")
    def full_name(self, user: User) -> str | None:
        """The name for colleagues; None where it would be the user name once more."""
        return display_name(user) if user.last_name or user.first_name else None

    @admin.display(description="役割")
    def roles(self, user: User) -> str:
        return "、".join(group.name for group in user.groups.all())

    @admin.display(description="二段階認証")
    def with_second_factor(self, user: User) -> str:
        return "あり" if user.has_second_factor else "なし"

    @admin.display(description="状態", ordering="is_active")
    def active(self, user: User) -> str:
        if not user.is_active:
            return "無効"
        return "ログイン停止中" if user.is_locked else "有効"

    @admin.action(description="ログインの停止を解く", permissions=["change"])
    def release(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            if reset(username=user.get_username()):
                log_act(request.user, user, "ログインの停止を解きました。")
        self.message_user(request, f"{len(users)}人が、いまからログインできます。")

    @admin.action(description="二段階認証を解除する", permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """For users who lost the phone and the recovery codes: at the next login they set up another one."""
        touched = [user for user in users if permissions.may_change_account(request.user, user)]
        for user in touched:
            second_factor.remove(user, by=request.user)
        if touched:
            self.message_user(request, f"{len(touched)}人の二段階認証を解除しました。")
        if kept := len(users) - len(touched):
            self.message_user(request, f"{kept}人はそのままです。{OUT_OF_REACH}", messages.WARNING)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        is_out_of_reach = self.has_change_permission(request) and not permissions.may_change_account(request.user, obj)
        return (
            (None, {"fields": ("username", "password"), "description": OUT_OF_REACH if is_out_of_reach else ""}),
            ("個人", {"fields": ("last_name", "first_name", "email")}),
            ROLES,
            *([RIGHTS] if request.user.is_superuser else []),
        )

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        for name in form.base_fields.keys() & {*OWN_RIGHTS} if obj == request.user else ():
            form.base_fields[name].disabled = True  # a value that is sent is ignored
            form.base_fields[name].help_text = OWN_RIGHT
        return form

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **IN_WORDS.get(db_field.name, {}), **kwargs)
        if db_field.name == "groups":
            field.widget.can_add_related = False  # its sign would stand beside the first role, as if it were of it
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Shows the roles as check boxes, since they are few."""
        if db_field.name == "groups":
            kwargs |= {"widget": CheckboxSelectMultiple, "help_text": WHO_MAY}
            kwargs["queryset"] = permissions.grantable_groups(request.user)
        else:
            kwargs["form_class"] = RightsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may_change = obj is None or permissions.may_change_account(request.user, obj)
        return may_change and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may_change = obj is None or permissions.may_change_account(request.user, obj)
        return may_change and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        """Checks each user, which the deletion of several at once does not do by itself."""
        kept = [str(user) for user in objs if not permissions.may_change_account(request.user, user)]
        kept += [OWN_ACCOUNT.format(user=user) for user in objs if user == request.user]
        if kept:
            return [], {}, set(), kept
        listed, counts, *refusals = super().get_deleted_objects(objs, request)
        return listed, {PARTS.get(str(name), name): number for name, number in counts.items()}, *refusals


@admin.register(Group)
class DeskGroupAdmin(RightsMixin, DeskAdmin, GroupAdmin):
    """The roles and further groups. Only a superuser sees them."""

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, form_class=RightsField, **kwargs)
