"""After the door: what needs a look, and what two phones saw differently."""

from django.urls import path

from events.views import reviews

urlpatterns = [
    path("<uuid:public_id>/perlu-dicek/", reviews.review_list, name="review-list"),
    path("<uuid:public_id>/perlu-dicek/dihitung/", reviews.review_count, name="review-count"),
    path("<uuid:public_id>/perlu-dicek/tidak-dihitung/", reviews.review_dismiss, name="review-dismiss"),
    path("<uuid:public_id>/perlu-dicek/<uuid:scan_id>/siapa/", reviews.review_who, name="review-who"),
    path("<uuid:public_id>/catatan-ganda/", reviews.conflict_list, name="conflict-list"),
]
