"""The bare site of the floors: the models and the database of Rembuk, without its middleware and its context."""

from config.settings import *  # noqa: F403

MIDDLEWARE = []
INSTALLED_APPS = [name for name in INSTALLED_APPS if not name.startswith("allauth")]  # noqa: F405
ROOT_URLCONF = "bench.floors"
EMBEDDED_SWEEP = False
ALLOWED_HOSTS = ["*"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {})]},
    }
]
