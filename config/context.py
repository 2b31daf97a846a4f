"""What every template may ask: the navigation, and whether the reader works on demo data."""

from django.conf import settings
from django.http import HttpRequest

from accounts.navigation import items_for


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "demo_data": signed_in and user.is_demo,
        "site_url": settings.SITE_URL,
        "navigation": items_for(user, request.resolver_match) if signed_in else [],
    }
