"""Addresses of who may see a partner, and of the wish not to be contacted."""

from django.urls import path

from partners.views import do_not_contact, shares

urlpatterns = [
    path("<uuid:public_id>/berhenti-dihubungi/", do_not_contact.contact_stop, name="contact-stop"),
    path("<uuid:public_id>/bagikan/", shares.partner_share, name="partner-share"),
    path("<uuid:public_id>/bagikan/<uuid:share_id>/akhiri/", shares.share_end, name="share-end"),
]
