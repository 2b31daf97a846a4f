"""Every address of the site. Each named one stands in ``tests/access_matrix.py``."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from config import api, health
from reports.views import home

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.health, name="healthz"),
    path("bahasa/", login_not_required(set_language), name="set_language"),
    path("akun/", include("config.login_urls")),
    path("wilayah/", include("regions.urls")),
    path("kantor/", include("accounts.urls")),
    path("berkas/", include("files.urls")),
    path("pekerjaan/", include("jobs.urls")),
    path("mitra/", include("partners.urls")),
    path("kegiatan/", include("events.urls")),
    path("laporan/", include("reports.urls")),
    path("door/", include("events.urls.door")),
    path("api/v1/", api.urls),
    path("", include("portal.urls")),
]
