"""After the door: what needs a look, and what two phones saw differently."""

from django.urls import path

from events.views import matches, reviews

urlpatterns = [
    path("<uuid:public_id>/perlu-dicek/", reviews.review_list, name="review-list"),
    path("<uuid:public_id>/perlu-dicek/dihitung/", reviews.review_count, name="review-count"),
    path("<uuid:public_id>/perlu-dicek/tidak-dihitung/", reviews.review_dismiss, name="review-dismiss"),
    path("<uuid:public_id>/perlu-dicek/<uuid:scan_id>/siapa/", reviews.review_who, name="review-who"),
    path("<uuid:public_id>/catatan-ganda/", reviews.conflict_list, name="conflict-list"),
    path("<uuid:public_id>/tamu-tambahan/", matches.walk_in_list, name="walk-in-list"),
    path(
        "<uuid:public_id>/tamu-tambahan/<uuid:guest_id>/siapa/", matches.walk_in_match, name="walk-in-match"
    ),
    path(
        "<uuid:public_id>/tamu-tambahan/<uuid:guest_id>/sama-dengan/<uuid:other_id>/",
        matches.walk_in_confirm,
        name="walk-in-confirm",
    ),
]
