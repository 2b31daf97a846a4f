"""The WSGI entry point: pages with all their middleware, the door's API without."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_pages = get_wsgi_application()

from config.lean import beside  # noqa: E402  (needs the settings)

application = beside(_pages)
