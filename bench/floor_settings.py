"""The bare site of the floors: the models and the database of Rembuk, without its middleware and its context."""

from config.settings import *  # noqa: F403

MIDDLEWARE = []
INSTALLED_APPS = [
    "bench.floor_apps.AccountsConfig" if name == "accounts" else name
    for name in INSTALLED_APPS  # noqa: F405
    if not name.startswith("allauth")
]
ROOT_URLCONF = "bench.floors"
EMBEDDED_SWEEP = False
ALLOWED_HOSTS = ["*"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {})]},
    }
]
