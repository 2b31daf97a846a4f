"""The pages of allauth that Rembuk uses: no addresses for e-mail management or confirmation, and a closed sign-up; and
our own beside them, for what concerns one's own account."""

from allauth.account import views
from allauth.mfa.base import views as factor_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as app_views
from allauth.mfa.webauthn import views as passkey_views
from django.urls import path, re_path

from accounts.views import links, security

urlpatterns = [
    path("masuk/", views.login, name="account_login"),
    path("keluar/", views.logout, name="account_logout"),
    path("nonaktif/", views.account_inactive, name="account_inactive"),
    path("daftar/", views.signup, name="account_signup"),
    path("konfirmasi/", views.reauthenticate, name="account_reauthenticate"),
    path("sandi/ganti/", views.password_change, name="account_change_password"),
    path("sandi/buat/", views.password_set, name="account_set_password"),
    path("sandi/lupa/", views.password_reset, name="account_reset_password"),
    path("sandi/lupa/terkirim/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^sandi/baru/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "sandi/baru/selesai/", views.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("undangan/<uuid:public_id>/<str:token>/", links.invitation, name="account_invitation"),
    path("masuk/kode/", factor_views.authenticate, name="mfa_authenticate"),
    path("konfirmasi/kode/", factor_views.reauthenticate, name="mfa_reauthenticate"),
    path("konfirmasi/kunci/", passkey_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("keamanan/", security.security, name="mfa_index"),
    path("keamanan/aplikasi/", app_views.activate_totp, name="mfa_activate_totp"),
    path("keamanan/aplikasi/lepas/", app_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("keamanan/kode-cadangan/", code_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "keamanan/kode-cadangan/baru/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "keamanan/kode-cadangan/unduh/",
        code_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("keamanan/kunci/", security.passkey_list, name="mfa_list_webauthn"),
    path("keamanan/kunci/baru/", passkey_views.add_webauthn, name="mfa_add_webauthn"),
    path("keamanan/kunci/<int:pk>/lepas/", security.passkey_remove, name="mfa_remove_webauthn"),
    path("keamanan/kunci/<int:pk>/nama/", security.passkey_rename, name="mfa_edit_webauthn"),
    path("keamanan/sesi/lainnya/akhiri/", security.sessions_end, name="account_sessions_end"),
    path("keamanan/sesi/<str:ref>/akhiri/", security.session_end, name="account_session_end"),
]
