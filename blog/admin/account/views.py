"""The pages of an account: second factor, and a new password for people who forgot theirs."""

from typing import Any, ClassVar

import django_otp
from django.contrib import admin
from django.contrib.auth import views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from blog.admin.account import second_factor
from blog.admin.account.forms import CodeForm, OwnerForm, PasswordChangeForm, ResetForm, SetUpForm
from blog.editing.log import log_act


class AccountMixin:
    """A page that looks like the desk's and is never cached. `words` are texts for its template."""

    title = ""
    words: ClassVar[dict[str, str]] = {}

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {**page_context(self.request, self.title), **self.words, **kwargs}
        context = super().get_context_data(**told)
        if form := context.get("form"):  # a link that has ended has none
            form.label_suffix = ""  # Japanese writes no colon after a label
        return context


def page_context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "is_nav_sidebar_enabled": False}


class CodeView(LoginRequiredMixin, AccountMixin, views.RedirectURLMixin, FormView):
    """Asks for a code, and leads to where the user wanted to go."""

    title = "二段階認証"
    template_name = "desk/account/form.html"
    words = {
        "intro": "認証アプリが示す6桁のコードを入力してください。"
        "スマートフォンが手元にないときは、リカバリーコードを1つ入力します。",
        "submit": "ログインする",
    }
    form_class: type[Form] = CodeForm
    next_page = "admin:index"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: CodeForm) -> HttpResponse:
        self.request.session.cycle_key()
        django_otp.login(self.request, form.device)
        return redirect(self.get_success_url())


class SetUpView(CodeView):
    """Shows a new secret as a QR code, and stores it once a code of it was sent back."""

    title = "二段階認証の設定"
    template_name = "desk/account/set_up.html"
    form_class = SetUpForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        # A new secret each time the page is opened: somebody else may have seen the one before.
        device = second_factor.waiting(user) if self.request.method == "POST" else None
        device = device or second_factor.begin(user)
        shown = {"qr_code": second_factor.qr_code(device), "key": second_factor.key_of(device)}
        return super().get_context_data(**shown, is_set_up=second_factor.is_set_up(user), **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        onward = super().form_valid(form).url
        return show_new_codes(self.request, onward)


class RecoveryCodesView(CodeView):
    """Makes new recovery codes for a user who has a phone set up."""

    title = "リカバリーコードの作り直し"
    words = {"intro": "以前のリカバリーコードは使えなくなります。", "submit": "作り直す"}
    form_class = OwnerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not request.user.is_verified():
            return redirect("second_factor_setup")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: OwnerForm) -> HttpResponse:
        return show_new_codes(self.request, reverse("admin:index"))


def show_new_codes(request: HttpRequest, onward: str) -> HttpResponse:
    codes = second_factor.renew_recovery_codes(request.user)
    context = {**page_context(request, "リカバリーコード"), "codes": codes, "onward": onward}
    return render(request, "desk/account/recovery_codes.html", context)


class PasswordChangeView(AccountMixin, views.PasswordChangeView):
    """Takes the place of the one of `AdminSite`, which chooses its form itself."""

    title = "パスワードの変更"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class ResetView(AccountMixin, views.PasswordResetView):
    """Answers the same whether the address is known or not."""

    title = "パスワードの再設定"
    template_name = "desk/account/form.html"
    words = {
        "intro": "登録したメールアドレスを入力してください。新しいパスワードを決めるページの案内を送ります。",
        "submit": "案内を送る",
    }
    form_class = ResetForm


class ResetDoneView(AccountMixin, views.PasswordResetDoneView):
    title = "メールをご確認ください"
    template_name = "desk/account/told.html"
    words = {
        "message": "入力したアドレスが登録されていれば、案内のメールが届きます。1時間以内に開いてください。"
        "届かないときは、迷惑メールの箱も確かめてください。",
        "onward": "admin:login",
        "onward_label": "ログインへ戻る",
    }


class ResetConfirmView(AccountMixin, views.PasswordResetConfirmView):
    title = "新しいパスワード"
    template_name = "desk/account/reset_confirm.html"
    words = {"intro": "新しいパスワードを2回入力してください。", "submit": "パスワードを変える"}

    def form_valid(self, form: Any) -> HttpResponse:
        log_act(self.user, self.user, "メールのリンクから、パスワードを決めました。")
        return super().form_valid(form)


class ResetCompleteView(AccountMixin, views.PasswordResetCompleteView):
    title = "パスワードを変えました"
    template_name = "desk/account/told.html"
    words = {
        "message": "新しいパスワードでログインできます。ほかの端末でのログインは終わりました。",
        "onward": "admin:login",
        "onward_label": "ログインする",
    }
