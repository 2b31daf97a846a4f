"""Phone numbers, handles and addresses that cannot be anybody's, in the many forms in which people write them."""

from __future__ import annotations

import re
import unicodedata
from random import Random

from partners.choices import Platform

# All numbers lie in 0812-0000-xxxx: valid in form, and seen at once to be invented.
_PHONE_FORMS = [
    "0812-0000-{0}",
    "08120000{0}",
    "0812 0000 {0}",
    "+62 812-0000-{0}",
    "628120000{0}",
    "8120000{0}",
    "(0812) 0000.{0}",
    "+628120000{0}",
    "0062 812 0000 {0}",
]
_HANDLE_FORMS = {
    Platform.INSTAGRAM: ["@{0}", "https://www.instagram.com/{0}/", "instagram.com/{0}?hl=id", "{0}"],
    Platform.TIKTOK: ["@{0}", "https://www.tiktok.com/@{0}", "tiktok.com/@{0}", "{0}"],
    Platform.FACEBOOK: ["https://m.facebook.com/{0}", "facebook.com/{0}?locale=id_ID", "{0}"],
    Platform.YOUTUBE: ["https://youtube.com/@{0}", "www.youtube.com/@{0}", "@{0}"],
    Platform.X: ["https://x.com/{0}", "https://twitter.com/{0}", "@{0}"],
}
Handle = tuple[Platform, str]


def phone(number: int) -> str:
    """The ``number``-th invented number, written as the ``number``-th person would."""
    return _PHONE_FORMS[number % len(_PHONE_FORMS)].format(f"{1000 + number:04d}")


def email(full_name: str, number: int) -> str:
    return f"{_plain(full_name)}{number}@contoh.example"


def handles(full_name: str, number: int, chance: Random) -> list[Handle]:
    """One to three handles, all marked "contoh" so that they are nobody's; now and then two on one platform."""
    stem = f"contoh_{_plain(full_name)[:7]}"
    platforms = chance.sample(list(Platform), k=chance.choice([1, 1, 2, 3]))
    found = [(platform, _handle(platform, f"{stem}{number}", chance)) for platform in platforms]
    if number % 25 == 0:
        found.append((platforms[0], _handle(platforms[0], f"{stem}{number}b", chance)))
    return found


def _handle(platform: Platform, handle: str, chance: Random) -> str:
    if platform == Platform.X:
        handle = handle.replace("contoh_", "cth_")  # X allows 15 characters
    if platform == Platform.FACEBOOK:
        handle = handle.replace("_", ".")  # and Facebook no underscore
    return chance.choice(_HANDLE_FORMS[platform]).format(handle)


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]", "", text)[:20] or "nama"
