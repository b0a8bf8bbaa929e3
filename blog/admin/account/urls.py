"""The addresses of an account, below /admin/. Django looks for those of the password by these names."""

from django.urls import path

from blog.admin.account import invitations, views

urlpatterns = [
    path("second-factor/", views.CodeView.as_view(), name="second_factor"),
    path("second-factor/set-up/", views.SetUpView.as_view(), name="second_factor_setup"),
    path("second-factor/recovery-codes/", views.RecoveryCodesView.as_view(), name="recovery_codes"),
    path("password_change/", views.PasswordChangeView.as_view()),  # before the admin's own of this address
    path("password-reset/", views.ResetView.as_view(), name="admin_password_reset"),
    path("password-reset/done/", views.ResetDoneView.as_view(), name="password_reset_done"),
    # It must stand before the next route, which matches any two segments.
    path("password-reset/invited/<str:token>/", invitations.open_invitation, name="invitation"),
    path("password-reset/<uidb64>/<token>/", views.ResetConfirmView.as_view(), name="password_reset_confirm"),
    path("password-reset/complete/", views.ResetCompleteView.as_view(), name="password_reset_complete"),
]
