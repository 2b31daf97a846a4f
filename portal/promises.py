"""What can never be done here: each line is a sentence on the public page and a negative test.

``tests/portal/test_transparency.py`` names for every key the tests that would fail if it were broken.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROMISES: dict[str, str | Promise] = {
    "posts": _(
        "Nobody's posts are read, collected, stored or analysed. An account name is kept only as a way to reach you."
    ),
    "score": _(
        "No person gets a score, rank, star or mark of influence, loyalty, risk or mood, and nobody's followers are "
        "counted. Only the office's own duties are measured."
    ),
    "traits": _(
        "There is no place for political leaning, religion, ethnicity, health, criminal record, national id number, "
        "home address or data of the face."
    ),
    "notes": _(
        "There are no hidden notes and no blacklist. You can see every word held about you. Whoever asked not to be "
        "contacted is left alone until they say otherwise themselves."
    ),
    "pledges": _(
        "No pledge is compared with anybody's posts, and there is no list of those who did not pledge. Refusing, "
        "staying away or withdrawing has no consequence. Coming never requires pledging, and journalists are not asked."
    ),
    "reporting": _(
        "Nobody can be reported here. For harmful content there is a page with the official public channels."
    ),
    "source": _(
        "No record is made without saying where it is from and on which lawful basis. Nobody who has not agreed is "
        "invited in bulk."
    ),
    "elsewhere": _(
        "Nothing is sent to other companies: no trackers, no foreign maps or fonts, no messaging service. The data "
        "stays with the office."
    ),
    "neutrality": _(
        "No candidate and no party stands anywhere in it. In the time of an election an event is published only after "
        "its neutrality has been checked."
    ),
    "branches": _(
        "There is no access for intelligence, cyber patrol or investigation. A request from outside the "
        "public-relations function needs a written legal basis, is decided by the privacy officer, is shown to you "
        "unless a law forbids it, and is counted below."
    ),
}
