"""The words of the door. Its scripts hold no language: they name a key and fill what stands in braces."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events import door_part_words

# The list, the answers, what waits.
DOOR = {
    "door": _("At the door"),
    "events": _("Events"),
    "back": _("Back"),
    "next": pgettext_lazy("after an answer at the door", "Next"),
    "reload": _("Load the page again"),
    "try_again": _("Try again"),
    "insecure": _(
        "This address is not https: the camera and work without signal need it. "
        "Ask the administrator for the https address."
    ),
    "new_version": _("A new version is ready. What waits to be sent stays."),
    "new_version_take": _("Use the new version"),
    # the phone in a guest's hand
    "held": _("A guest is holding this phone. Open it again with the password."),
    "held_detail": _("This needs network. What was written on this phone stays, and is still sent."),
    "held_open": _("Officer: go on with your password"),
    "held_offline": _("Officer without network?"),
    "held_offline_detail": _(
        "Note who comes all the same: names go in here, and none is shown. "
        "After the password you choose the event they came to, and they are sent."
    ),
    "held_noted": _("Kept. Noted on this phone: {n}"),
    # the start
    "pack_made": _("{n} names, prepared at {time}, {size}"),
    "ready_offline": _("Works without signal."),
    "page_coming": _("The page is still being saved; wait a moment before you leave the signal."),
    "page_online_only": _("This phone cannot save the page: keep it open."),
    "refresh_list": _("Refresh the list"),
    "refresh_failed": _("The list did not come. The one on this phone stays."),
    "phone_of_an_event": _("Phone of an event"),
    "preparing": _("Preparing this phone"),
    "preparing_detail": _("The list of guests is on its way."),
    "preparing_offline": _(
        "The list of guests needs network once. It comes by itself as soon as there is some."
    ),
    "waiting_to_be_sent": _("Waiting to be sent: {n}"),
    "open_list": _("Open the list"),
    "see_list": _("Open what is left"),
    "another_event": _("Another event?"),
    "not_prepared": _("This phone is not prepared yet"),
    "how_to_prepare": _(
        "Open the event’s page and press “Prepare this phone”, or scan the code that the organiser shows."
    ),
    "to_events": _("Go to the events"),
    "note_first": _("Note first"),
    "gone_revoked": _(
        "This phone is no longer admitted to the event. What was written on it is still sent, and will be looked at. "
        "If it should go on, prepare it again or ask the organiser."
    ),
    "gone_expired": _(
        "The time of this phone at the event is over. What was written on it is still sent, and will be looked at."
    ),
    "gone_device": _(
        "The server does not know this phone. What was written on it stays here: "
        "prepare the phone again, or ask the organiser."
    ),
    # the strip
    "strip_online": _("Online"),
    "strip_offline": _("Offline"),
    "strip_asking": _("Asking ..."),
    "strip_offline_said": _("Offline. Everything is kept on this phone."),
    "strip_broken": _("NOT KEPT"),
    "strip_waiting": pgettext_lazy("facts to be sent", "waiting"),
    "strip_last": pgettext_lazy("time of the last sending", "last sent"),
    "strip_never": _("never"),
    "strip_present": pgettext_lazy("number of guests", "present"),
    "strip_rejected": pgettext_lazy("facts", "refused"),
    # the list
    "search_name": _("Search a name"),
    "search_label": _("Search by name or organisation"),
    "acts": _("What to do"),
    "more_acts": pgettext_lazy("button at the door", "More"),
    "add_walk_in": _("Walk-in guest"),
    "guests": _("Guests"),
    "guests_sum": _("{present} present · {invited} invited · {walk_ins} walk-ins"),
    "officials_and_personnel": _("Personnel and officials"),
    "officials_sum": _("counted apart: {officials} officials, {personnel} personnel present"),
    "official": pgettext_lazy("participant", "Official"),
    "personnel": _("Personnel"),
    "walk_in": _("Walk-in"),
    "anonymous": _("Guest without a name"),
    "delegate_unnamed": _("Delegate, name to follow"),
    "delegate_whose": _("Delegate of {name}"),
    "name_to_follow": _("name to follow"),
    "delegate_of": _("for {name}"),
    "in_at": _("in at {time}"),
    "in_at_by": _("in at {time} by {by}"),
    "to_review": _("to be checked"),
    "not_sent_yet": _("not sent yet"),
    "mark_spoken": _("Mark present:"),
    "already_spoken": _("Already in:"),
    "more_names": _("{n} more names"),
    "hits": _("Names found: {n}"),
    "no_hits": pgettext_lazy("names that were searched", "None"),
    "nobody_found": _(
        "Nobody here is called “{text}”. If this guest was not invited, add them as a walk-in."
    ),
    "nobody_listed": _("There are no names on this phone yet. Add who comes as a walk-in."),
    "list_gone": _("The list has left this phone: it shows only what was written here."),
    "long_before": _("This is on {when}. A mark made now counts all the same; take a trial back again."),
    "event_closed": _("The list of this event is closed. What you write now is kept, and looked at first."),
    # the answer
    "admitted": pgettext_lazy("large answer at the door", "IN"),
    "already": pgettext_lazy("large answer at the door", "ALREADY IN"),
    "still_in": pgettext_lazy("large answer at the door", "STILL IN"),
    "undone": pgettext_lazy("large answer at the door", "UNDONE"),
    "kept": pgettext_lazy("large answer at the door", "KEPT"),
    "undo": _("Undo"),
    "counted_apart": _("counted apart"),
    "unknown_code": _("Not on the list of this phone"),
    "unknown_code_detail": _(
        "The code is kept and checked when it is sent. Let the guest in if the invitation looks right."
    ),
    # who was not asked, and delegates
    "walk_in_guest": _("Walk-in guest"),
    "name": _("Name"),
    "contact": _("Phone or handle"),
    "contact_hint": _("Optional. Such as 0812-3456-7890 or @infokubar."),
    "consent": _("What did the guest agree to?"),
    "consent_keep": _("Keep the data: becomes a partner"),
    "consent_tonight": _("Tonight only: forgotten after 30 days"),
    "consent_anonymous": _("Guest without a name +1"),
    "keep_and_admit": _("Save and mark present"),
    "let_guest_choose": _("Let the guest choose"),
    "choose_consent": _("Choose what may be kept."),
    "write_name": _("Write the name."),
    "write_phone": _("Write a phone number such as 0812-3456-7890."),
    "guest_asked": _("{name}, may we keep your data?"),
    "guest_asked_detail": _("Tap what you want. You may come in whatever you choose."),
    "guest_keep": _("Yes, keep it"),
    "guest_keep_detail": _(
        "Name and contact stay with us, for invitations to dialogues. You can have them deleted at any time."
    ),
    "guest_tonight": _("Only for tonight"),
    "guest_tonight_detail": _("Name and contact are forgotten after 30 days."),
    "guest_anonymous": _("Nothing, please"),
    "guest_anonymous_detail": _("You are counted as a guest without a name."),
    "who_came_for": _("Who came for {name}?"),
    "delegate_name": _("Name of who came"),
    # what waits
    "sending": _("Sending"),
    "is_online": _("There is network. What is written goes by itself."),
    "is_offline": _("No network. Everything is kept on this phone and goes by itself later."),
    "all_sent": _("Everything has been sent."),
    "none_waiting": _("Nothing else waits to be sent."),
    "last_sent": _("Last sent at {time}."),
    "send_now": _("Send now"),
    "waiting": _("Waiting"),
    "rejected": _("Not taken by the server: {n}"),
    "rejected_detail": _(
        "They stay here until you send them again or remove them. "
        "Write them on paper if they matter for the report."
    ),
    "rejected_unknown": _("The server did not take this."),
    "send_again": _("Send again"),
    "mend": pgettext_lazy("what was typed", "Mend"),
    "mend_title": _("Mend: {name}"),
    "remove": _("Remove from this phone"),
    "remove_sure": _("Yes, remove it from this phone"),
    "kind_present": _("Present"),
    "kind_walk_in": _("Walk-in"),
    "kind_undo": _("Undone"),
    "kind_pledge": _("Pledge"),
    # notes without a list
    "note_first_detail": _(
        "Write who comes. The event is chosen when this phone has a list; nothing is lost."
    ),
    "note_keep": _("Keep the note"),
    "note_kept": _("Kept: {name}"),
    "notes_held": _("Noted on this phone: {n}"),
    "notes_waiting": _("Noted without an event: {n}."),
    "notes_see": _("See the notes"),
    "notes_adopt": _("Noted without an event: {n}. To which event did they come?"),
    "notes_adopt_detail": _("Choose the event; you see the names once more before they are put in."),
    "notes_into": _("Put the notes into: {title}"),
    "notes_into_detail": _(
        "Who stands on the list under the same name is marked present; the others become walk-ins."
    ),
    "notes_put_in": _("Put them in"),
    "on_the_list": _("on the list"),
    "cross_out": _("Cross out"),
    # the phone cannot write
    "not_kept": pgettext_lazy("large answer at the door", "NOT KEPT"),
    "broken_title": _("This phone cannot keep anything"),
    "broken_reason": _("The storage of this phone did not take it."),
    "broken_full": _("The storage of this phone is full."),
    "broken_old": _("This page is older than what is kept on the phone. Load it again."),
    "broken_do": _(
        "Write the name on paper now. Then free some space or close other pages, and try again. "
        "If it goes on, use another phone."
    ),
}


def words() -> dict[str, Any]:
    """Key → sentence in the active language."""
    return {key: str(sentence) for key, sentence in DOOR.items()} | door_part_words.words()
