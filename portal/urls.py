from django.urls import path

from portal.views import channels, codes, consents, door, public

app_name = "portal"

urlpatterns = [
    # for everybody
    path("transparansi/", public.transparency, name="transparency"),
    path("kanal-aduan/", public.report_channels, name="report-channels"),
    # for the administrators of the whole site
    path("kanal-aduan/kelola/", channels.channel_list, name="channel-list"),
    path("kanal-aduan/kelola/baru/", channels.channel_add, name="channel-add"),
    path("kanal-aduan/kelola/<uuid:public_id>/", channels.channel_edit, name="channel-edit"),
    # behind a personal link
    path("pintu/<str:token>/", door.door_claim, name="door-claim"),
    path("q/<str:token>/", codes.invitation_code, name="invitation-code"),
    path("s/selesai/", consents.consent_done, name="consent-done"),
    path("s/terhapus/", consents.consent_erased, name="consent-erased"),
    path("s/<str:token>/", consents.consent_confirm, name="consent-confirm"),
    path("s/<str:token>/hapus/", consents.consent_erase, name="consent-erase"),
]
