"""What every template may ask: the navigation, and whether the reader works on demo data."""

from django.conf import settings
from django.http import HttpRequest

from accounts.navigation import items_for


def site(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"demo_data": False, "site_url": settings.SITE_URL, "navigation": []}
    return {
        "demo_data": user.is_demo,
        "site_url": settings.SITE_URL,
        "navigation": items_for(user, request.resolver_match),
    }
