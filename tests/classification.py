"""Every field that the house stores: what kind of data, why, how long, by which article of UU 27/2022.

``docs/privacy.md`` prints this table; ``python -m tests.classification`` writes it anew. A field that stands here in
vain, or stands in a model and not here, fails the suite: whoever adds a field says first why it may be held.

*personal*: says something of a person by itself. *sensitive context*: an ordinary fact that tells what a person decided
or where they were, so that it is shown to fewest. *operational*: about the institution's own work. *technical*: keys,
states and clocks of the machine.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

PERSONAL, CONTEXT, OPERATIONAL, TECHNICAL = "personal", "sensitive context", "operational", "technical"

# How long. Each is kept by the code named in docs/privacy.md.
WITH_PERSON = "until the person is erased (withdrawal or no answer: 30 days; on request: at once)"
EMPTIED = "emptied, or cut off from the person, at erasure; a bare row stays for the count"
TONIGHT = "emptied when the person is erased; of a guest for tonight only, 30 days after the event"
DETAIL = "until the person is erased"
ACCOUNT = "while the account exists; deactivated accounts stay for the audit"
RECORD = "as long as the record of the event"
REFERENCE = "until the reference data says otherwise"
KEPT = "permanent: the audit is append-only"
ROW = "as long as its row"

# By which article. 20(2)a consent · 20(2)e task in the public interest · 20(2)c legal duty.
CONSENT = "20(2)a; until the person answers 20(2)e"
TASK = "20(2)e"
DUTY = "20(2)c with 24"
LOG = "20(2)c with 31, 39"
NONE = "–"


@dataclass(frozen=True)
class Field:
    kind: str
    why: str
    how_long: str
    article: str


def personal(why: str, how_long: str = WITH_PERSON, article: str = CONSENT) -> Field:
    return Field(PERSONAL, why, how_long, article)


def context(why: str, how_long: str = WITH_PERSON, article: str = CONSENT) -> Field:
    return Field(CONTEXT, why, how_long, article)


def operational(why: str, how_long: str = ROW, article: str = NONE) -> Field:
    return Field(OPERATIONAL, why, how_long, article)


def technical(why: str, how_long: str = ROW) -> Field:
    return Field(TECHNICAL, why, how_long, NONE)


KEY = technical("key inside the database, never shown")
PUBLIC_ID = technical("random id for addresses and tokens; tells nothing")
CREATED = technical("when the row was written")
DEMO = technical("marks invented sample data")
BY = operational("which officer wrote it, so that someone answers for it", ROW, LOG)
UNIT = operational("which unit is responsible; the scope of every page")
REGION = operational("which territory it belongs to")
ORDER = technical("order of printing")
STATE = operational("where the work stands")

FIELDS: dict[str, dict[str, Field]] = {
    "audit.Entry": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "at": operational("when it was done or seen", KEPT, LOG),
        "actor_id": operational("which officer did or saw it", KEPT, LOG),
        "actor_unit_id": operational("of which unit that officer was", KEPT, LOG),
        "unit_id": operational("whose privacy officer may read the line", KEPT, LOG),
        "verb": operational("what was done", KEPT, LOG),
        "object_kind": operational("to what kind of row", KEPT, LOG),
        "object_public_id": operational("to which row, by its random id", KEPT, LOG),
        "subject_public_id": operational(
            "about whom, by a random id that names nobody once erased", KEPT, LOG
        ),
        "event_public_id": operational("at which event", KEPT, LOG),
        "fields": operational("names of the fields touched, never their values", KEPT, LOG),
    },
    "audit.Detail": {
        "id": KEY,
        "entry": technical("the line it belongs to"),
        "subject_public_id": technical("about whom, so that erasure finds it"),
        "changes": personal("values before and after, so that a mistake can be traced", DETAIL, LOG),
        "reason": personal("the reason an officer gave, which the person may read", DETAIL, LOG),
    },
    "files.StoredFile": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "purpose": technical("names the check that decides who may download it"),
        "owner_public_id": technical("the row it belongs to"),
        "file": personal("a signed consent sheet, or evidence of a promise kept", WITH_PERSON, DUTY),
        "name": technical("a name made by us; the uploader's is dropped"),
        "content_type": technical("how the browser is told to treat it"),
        "size": technical("bytes"),
        "sha256": technical("shows that it was not changed"),
        "unit_id": UNIT,
        "stored_by_id": BY,
        "stored_at": CREATED,
    },
    "jobs.Job": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "kind": technical("which work"),
        "by_id": BY,
        "unit_id": UNIT,
        "arguments": technical("ids to work on, never values"),
        "state": STATE,
        "done": technical("progress"),
        "total": technical("progress"),
        "result": technical("figures of what was done"),
        "error": technical("why it stopped, in our words"),
        "created_at": CREATED,
        "claimed_until": technical("which worker has it"),
        "finished_at": technical("when it ended"),
        "cancel_requested": technical("somebody asked it to stop"),
    },
    "regions.Region": {
        "code": operational("Kemendagri code", REFERENCE),
        "name": operational("name of the region", REFERENCE),
        "short_name": operational("the name in a table", REFERENCE),
        "level": operational("province, regency or district", REFERENCE),
        "parent": operational("the region above", REFERENCE),
        "timezone": operational("the clock of the place", REFERENCE),
    },
    "regions.DataSource": {
        "key": technical("which file of reference data", REFERENCE),
        "name": operational("what it is", REFERENCE),
        "source": operational("where it comes from", REFERENCE),
        "licence": operational("on what terms", REFERENCE),
        "dated": operational("of which date", REFERENCE),
        "rows": technical("how many rows", REFERENCE),
        "checksum": technical("shows a change", REFERENCE),
        "loaded_at": technical("when it was loaded", REFERENCE),
    },
    "accounts.Unit": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "code": operational("name of the unit in files", REFERENCE),
        "name": operational("name of the unit", REFERENCE),
        "short_name": operational("the name in a table", REFERENCE),
        "kind": operational("police unit or agency", REFERENCE),
        "parent": operational("the unit above", REFERENCE),
        "seat": operational("the town it sits in", REFERENCE),
        "timezone": operational("its clock", REFERENCE),
        "head_title": operational("title of its head, not a name", REFERENCE),
        "is_active": STATE,
        "letterhead": operational("the lines at the head of its papers", REFERENCE),
        "address": operational("where the office is, for its papers", REFERENCE),
        "needs_approval": operational("whether a leader approves its events first", REFERENCE),
        "edited_at": technical("changed here: the files of the program leave it alone", REFERENCE),
    },
    "accounts.Jurisdiction": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "unit": operational("which unit", REFERENCE),
        "region": operational("polices which region", REFERENCE),
        "mode": operational("or does not", REFERENCE),
        "valid_from": operational("since when", REFERENCE),
        "valid_to": operational("until when", REFERENCE),
        "note": operational("on what ground", REFERENCE),
        "edited_at": technical("changed here: the files of the program leave it alone", REFERENCE),
    },
    "accounts.Rank": {
        "id": KEY,
        "abbreviation": operational("as written before a name", REFERENCE),
        "name": operational("in full", REFERENCE),
        "group": operational("group of ranks", REFERENCE),
        "order": ORDER,
    },
    "accounts.Election": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "code": operational("which election", REFERENCE),
        "name": operational("its name", REFERENCE),
        "region": operational("where; empty for a national one", REFERENCE),
        "candidates_fixed_on": operational("neutrality begins", REFERENCE),
        "campaign_from": operational("calendar", REFERENCE),
        "campaign_to": operational("calendar", REFERENCE),
        "quiet_from": operational("calendar", REFERENCE),
        "quiet_to": operational("calendar", REFERENCE),
        "voting_on": operational("calendar", REFERENCE),
        "result_on": operational("neutrality ends", REFERENCE),
        "checked": operational("against which decree it was checked", REFERENCE),
        "edited_at": technical("changed here: the files of the program leave it alone", REFERENCE),
    },
    "accounts.Officer": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "password": technical("argon2 hash, never the password", ACCOUNT),
        "last_login": operational("to find accounts that nobody uses", ACCOUNT, LOG),
        "username": personal("to log in", ACCOUNT, TASK),
        "full_name": personal("to show who acted", ACCOUNT, TASK),
        "rank": personal("as officers are addressed", ACCOUNT, TASK),
        "position": personal("the post held", ACCOUNT, TASK),
        "email": personal("to reach the officer about the account", ACCOUNT, TASK),
        "unit": operational("the officer's scope", ACCOUNT, TASK),
        "role": operational("what the officer may do", ACCOUNT, TASK),
        "is_active": operational("whether the account is open", ACCOUNT),
        "is_demo": DEMO,
        "session_epoch": technical("raising it ends every session of the account", ACCOUNT),
        "link_version": technical("which link for choosing a password counts", ACCOUNT),
        "link_expires_at": technical("until when it does; empty: none is out", ACCOUNT),
        "date_joined": CREATED,
    },
    "outbox.Link": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "purpose": technical("the one thing that the link does"),
        "target_public_id": technical("for whom or what"),
        "version": technical("raising it revokes the link before"),
        "token_hash": technical("hash of the token; the token itself is not stored"),
        "created_at": CREATED,
        "created_by_id": BY,
        "expires_at": technical("when it stops working"),
        "revoked_at": technical("when it was revoked"),
        "used_at": context("that the person used it", ROW, DUTY),
    },
    "outbox.Message": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "dedupe_key": technical("so that nothing is sent twice"),
        "purpose": operational("why it is sent; decides which consent is asked"),
        "channel": operational("by which way"),
        "unit": UNIT,
        "subject_public_id": technical("about whom, so that erasure finds it"),
        "address": personal("where to send it", EMPTIED),
        "title": personal("what was written", EMPTIED),
        "body": personal("what was written; holds no link", EMPTIED),
        "link": technical("the link rendered at sending"),
        "by_id": BY,
        "state": STATE,
        "due_at": technical("when to send it"),
        "expires_at": technical("when it is too late"),
        "created_at": CREATED,
        "claimed_at": technical("which sweep has it"),
        "ended_at": technical("when it was over"),
        "attempts": technical("how often it was tried"),
        "note": technical("why it was not sent, in our words"),
    },
    "partners.Partner": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "full_name": personal("to know and to address the person; one name, never split"),
        "title_before": personal("to address the person rightly"),
        "title_after": personal("to address the person rightly"),
        "stage_name": personal("the name under which the public knows the person"),
        "kind": personal("in what part the person is spoken with (journalist, creator …)"),
        "phone": personal("to invite; optional, masked until revealed, each reveal audited"),
        "email": personal("to invite; optional, masked until revealed, each reveal audited"),
        "region": personal("to invite to dialogues of that region; never a home address"),
        "unit": UNIT,
        "status": context("whether the person agreed to be kept"),
        "keep": context("state of the consent to be kept"),
        "source": personal("where the record came from; none stands without"),
        "lawful_basis": operational("on which ground it is held", WITH_PERSON, DUTY),
        "decide_by": operational("when it is erased unless the person agrees", WITH_PERSON, "43(1)"),
        "last_attended_on": context("to see whom nobody has spoken with for long; never a ranking"),
        "is_demo": DEMO,
        "created_at": CREATED,
        "created_by_id": BY,
        "updated_at": technical("when the row was changed"),
        "archived_at": operational("set aside since"),
        "archived_by_id": BY,
        "do_not_contact_at": context("since when the person asked not to be contacted", WITH_PERSON, "9, 11"),
        "do_not_contact_by_id": BY,
        "search_key": personal("name, stage name and handles in one spelling, to find them"),
        "sort_key": personal("the name in one spelling, to order a list"),
    },
    "partners.SocialAccount": {
        "id": KEY,
        "partner": technical("whose"),
        "platform": personal("a way to contact; nothing is read from it"),
        "handle": personal("a way to contact; nothing is read from it"),
        "handle_key": personal("the handle in one spelling, to find it"),
    },
    "partners.ConsentText": {
        "id": KEY,
        "purpose": operational("for what", RECORD, "22"),
        "version": operational("which version", RECORD, "22"),
        "body": operational("the words agreed to", RECORD, "21, 22"),
        "valid_from": operational("since when", RECORD, "22"),
        "published_by_id": BY,
    },
    "partners.OutsideRequest": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "unit": UNIT,
        "received_on": operational("when the request came", RECORD, LOG),
        "asker": operational("which institution asked", RECORD, LOG),
        "letter_number": operational("by which letter", RECORD, LOG),
        "wanted": operational("what was asked for; names of people do not belong here", RECORD, LOG),
        "legal_basis": operational("on which written basis", RECORD, LOG),
        "state": STATE,
        "decision": operational("on what grounds it was decided", RECORD, LOG),
        "given": operational("what was given; names of people do not belong here", RECORD, LOG),
        "silence_basis": operational("the law that forbids telling the person, if one does", RECORD, LOG),
        "decided_at": operational("when it was decided", RECORD, LOG),
        "decided_by_id": BY,
        "created_at": CREATED,
        "created_by_id": BY,
    },
    "partners.OutsideRequestSubject": {
        "id": KEY,
        "request": technical("which request"),
        "partner": context("whom it is about, so that they can be told", WITH_PERSON, LOG),
    },
    "portal.ReportChannel": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "code": operational("name of the channel in files", REFERENCE),
        "order": ORDER,
        "name": operational("an official public channel", REFERENCE),
        "owner": operational("which institution runs it", REFERENCE),
        "use_for": operational("what it is for", REFERENCE),
        "url": operational("its public address", REFERENCE),
        "contact": operational("its public contact", REFERENCE),
        "checked_on": operational("when somebody last tried it", REFERENCE),
        "is_active": STATE,
        "edited_at": technical("changed here: the files of the program leave it alone", REFERENCE),
    },
    "partners.Consent": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "partner": technical("whose"),
        "purpose": context("what was decided on", WITH_PERSON, DUTY),
        "decision": context("given or withdrawn; no reason is asked", WITH_PERSON, DUTY),
        "text": context("the words that the person read", WITH_PERSON, DUTY),
        "at": context("when", WITH_PERSON, DUTY),
        "channel": context("how the decision reached us", WITH_PERSON, DUTY),
        "evidence": context("the photographed sheet, if signed on paper", WITH_PERSON, DUTY),
        "by_id": BY,
    },
    "partners.Organization": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "name": operational("which body it is: a media house, an association, a community"),
        "short_name": operational("as people say it"),
        "kind": operational("what kind of body"),
        "region": REGION,
        "unit": UNIT,
        "phone": operational("of its office, never of a person"),
        "email": operational("of its office, never of a person"),
        "website": operational("its public page; nothing is read from it"),
        "is_demo": DEMO,
        "created_at": CREATED,
        "created_by_id": BY,
        "archived_at": operational("set aside since"),
        "archived_by_id": BY,
        "search_key": technical("its names in one spelling, to find it"),
        "sort_key": technical("its name in one spelling, to order a list"),
    },
    "partners.Affiliation": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "organization": personal("in which body the person holds a position"),
        "partner": technical("whose"),
        "position": personal("the position, as the person names it"),
        "ended_on": personal("until when"),
        "created_at": CREATED,
        "created_by_id": BY,
    },
    "partners.OptOut": {
        "id": KEY,
        "address_hash": context(
            "keyed hash of an address whose owner asked not to be contacted; nobody can be found from it",
            "until the person allows it again themselves; it outlives the record",
            "9, 11",
        ),
        "kind": technical("whether a phone, an e-mail address or a handle"),
        "at": technical("since when"),
    },
    "partners.Share": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "partner": technical("whose"),
        "unit": context("which unit the person agreed to be shown to", WITH_PERSON, "20(2)a"),
        "consent": context("on which consent it stands", WITH_PERSON, DUTY),
        "began_at": context("since when", WITH_PERSON, DUTY),
        "ended_at": context("until when", WITH_PERSON, DUTY),
    },
    "events.Program": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "name": operational("name of the tour", RECORD),
        "theme": operational("its theme", RECORD),
        "goal": operational("its goal", RECORD),
        "unit": UNIT,
        "region": REGION,
        "starts_on": operational("from", RECORD),
        "ends_on": operational("until", RECORD),
        "is_demo": DEMO,
        "created_at": CREATED,
    },
    "events.Event": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "program": operational("of which tour", RECORD),
        "kind": operational("what kind", RECORD),
        "title": operational("its title", RECORD),
        "host_unit": operational("who invites", RECORD),
        "region": REGION,
        "venue": operational("where", RECORD),
        "starts_at": operational("when", RECORD),
        "has_time": operational("whether the hour is known", RECORD),
        "part_of_day": operational("else, which part of the day", RECORD),
        "ends_at": operational("until; empty is s.d. selesai", RECORD),
        "timezone": operational("the clock of the place", RECORD),
        "capacity": operational("seats", RECORD),
        "dress": operational("what to wear", RECORD),
        "contact_name": personal(
            "whom guests may ask: an officer on duty, named on the invitation", RECORD, TASK
        ),
        "contact_phone": personal("the number for questions, printed on the invitation", RECORD, TASK),
        "contact_officer": operational("which account looks after the event", RECORD),
        "answer_by": operational("the last day for answers", RECORD),
        "topics": operational("what was spoken of, not by whom", RECORD),
        "outcome": operational("what came of it", RECORD),
        "pledge_text": operational("which joint commitment was offered", RECORD),
        "state": STATE,
        "postponed_from": operational("the first date", RECORD),
        "is_demo": DEMO,
        "copied_from": operational("from which stop of the tour it was copied", RECORD),
        "created_by_id": BY,
        "created_at": CREATED,
    },
    "events.EventUnit": {
        "id": KEY,
        "event": technical("of which event"),
        "unit": operational("which unit takes part", RECORD),
        "part": operational("as co-host or invited", RECORD),
        "answer": operational("whether the unit comes", RECORD),
        "answered_at": operational("when it answered", RECORD),
        "recorded_by_id": BY,
        "expected": operational("how many of its personnel come", RECORD),
    },
    "events.EventRole": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("of which event"),
        "role": personal("the part taken in public office", RECORD, TASK),
        "order": ORDER,
        "rank": personal("as officers are addressed", RECORD, TASK),
        "full_name": personal("who led or spoke, in public office", RECORD, TASK),
        "title_after": personal("as written on a paper", RECORD, TASK),
        "acting_prefix": personal("acting for whom", RECORD, TASK),
        "position": personal("the post held", RECORD, TASK),
        "institution": personal("of which institution", RECORD, TASK),
    },
    "events.AgendaItem": {
        "id": KEY,
        "event": technical("of which event"),
        "order": ORDER,
        "starts": operational("when", RECORD),
        "kind": operational("what kind", RECORD),
        "title": operational("what", RECORD),
    },
    "events.Participant": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": context("which evening", EMPTIED),
        "kind": operational("counted as guest, walk-in, personnel or official", RECORD),
        "partner": context("which partner; emptied at erasure", EMPTIED),
        "delegate_for": context("for whom the delegate came", EMPTIED),
        "role": technical("the part taken, for personnel and officials"),
        "display_name": personal("to find the person on the roll", TONIGHT),
        "institution": personal("to find the person on the roll", EMPTIED),
        "organization": operational("which organisation was asked to send somebody", RECORD),
        "rank": personal("rank of personnel, as their unit wrote it", RECORD, TASK),
        "position": personal("position of personnel or of a delegate", RECORD, TASK),
        "contact": personal("what a walk-in left, until a partner is made of it", TONIGHT),
        "walk_in_consent": context("keep, tonight only, or no name at all", RECORD, DUTY),
        "is_press": context("press are never asked to pledge", RECORD),
        "region": operational("region at the time, for figures", RECORD),
        "unit": operational("unit at the time, for figures", RECORD),
        "search_key": personal("the name in one spelling, to find it", TONIGHT),
        "added_at": CREATED,
        "added_by_id": BY,
    },
    "events.Invitation": {
        "id": KEY,
        "participant": technical("whose"),
        "answer": context("to know how many chairs; refusing has no consequence", RECORD),
        "answer_channel": operational("by which way the answer came", RECORD),
        "answered_at": operational("when", RECORD),
        "recorded_by_id": BY,
        "invited_at": CREATED,
    },
    "events.Scan": {
        "id": KEY,
        "client_uuid": technical("so that sending again changes nothing"),
        "event": technical("which event"),
        "participant": context("who, by a row that erasure empties", KEPT),
        "kind": context("present, walk-in, undone", KEPT),
        "source": operational("roll, door or paper", KEPT),
        "state": STATE,
        "review_reason": operational("why a person has to look at it before it counts", KEPT),
        "undoes": technical("the fact that it takes back"),
        "undoes_uuid": technical("the same, where that fact has not arrived"),
        "pledge_text": context("which text, when agreed to at the door", KEPT),
        "by_id": BY,
        "at": context("when", KEPT),
        "received_at": CREATED,
        "device_id": technical("which phone of the office"),
        "device_sequence": technical("order on that phone"),
        "device_at": technical("its clock"),
        "clock_offset_ms": technical("how far its clock was off"),
    },
    "events.ScanReview": {
        "id": KEY,
        "scan": technical("the fact that was looked at"),
        "decision": operational("counts or does not count", RECORD),
        "participant": context(
            "whom it was about, where the fact did not say or named a walk-in who was this guest", RECORD
        ),
        "by_id": BY,
        "at": operational("when it was decided", RECORD),
    },
    "events.Device": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("at which door"),
        "kind": operational("phone of an officer, of a helper, tablet at the table", RECORD),
        "label": operational("what the phone is called at the door, such as Kubar-2", RECORD),
        "officer_id": operational("which officer answers for it", RECORD),
        "token_hash": technical("to know the phone again; the token itself is on the phone alone"),
        "created_at": CREATED,
        "registered_at": technical("since when it may speak"),
        "expires_at": technical("until when"),
        "revoked_at": technical("taken back"),
        "revoked_by_id": BY,
        "prepared_at": operational("when it fetched the list last", RECORD),
        "last_seen_at": operational("when it called last", RECORD),
        "waiting": operational("how many facts it still holds", RECORD),
        "last_sequence": technical("the number of its latest fact"),
        "clock_offset_ms": technical("how far its clock was off"),
        "client_version": technical("which edition of the door it runs"),
    },
    "events.AttendanceSheet": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("of which event"),
        "made_at": operational("when it was printed first", RECORD),
        "made_by_id": BY,
        "rows": context("which participant stands at which number of the paper; ids, no names", RECORD),
        "blank_rows": operational("how many rows were left empty", RECORD),
    },
    "events.Attendance": {
        "id": KEY,
        "participant": context("that the person was present; goes when undone", RECORD),
        "event": technical("which event"),
        "scan": technical("the fact it is derived from"),
        "at": context("since when", RECORD),
        "by_id": BY,
    },
    "events.PledgeText": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "code": operational("which text", RECORD),
        "version": operational("which version", RECORD),
        "title": operational("its title", RECORD),
        "preamble": operational("its opening words", RECORD),
        "created_at": CREATED,
        "published_by_id": BY,
    },
    "events.PledgePoint": {
        "id": KEY,
        "text": technical("of which text"),
        "number": ORDER,
        "body": operational("one point", RECORD),
    },
    "events.Pledge": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "participant": context("who agreed; nobody is listed for not agreeing", EMPTIED, "20(2)a"),
        "text": context("to what", EMPTIED, "20(2)a"),
        "channel": context("how", EMPTIED, "20(2)a"),
        "at": context("when", EMPTIED, "20(2)a"),
        "by_id": BY,
        "withdrawn_at": context("taken back; no reason is asked", EMPTIED, "9"),
    },
    "events.Commitment": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("made at which event"),
        "text": operational("what the institution promised", RECORD),
        "owner_unit": operational("which unit keeps it", RECORD),
        "due_on": operational("until when", RECORD),
        "state": STATE,
        "done_at": operational("when it was kept", RECORD),
        "done_by_id": BY,
        "evidence_file": operational("what shows it", RECORD),
        "evidence_url": operational("what shows it", RECORD),
        "created_at": CREATED,
        "created_by_id": BY,
    },
    "reports.PartnerTally": {
        "id": KEY,
        "unit": UNIT,
        "region": REGION,
        "confirmed": operational("how many partners, counted"),
        "unconfirmed": operational("how many partners, counted"),
        "prospective": operational("how many partners, counted"),
        "due": operational("how many of these have to decide soon, counted"),
    },
    "reports.StopTally": {
        "id": KEY,
        "program": technical("of which programme"),
        "region": REGION,
        "unit": UNIT,
        "held": technical("the last event held there"),
        "planned": technical("the next event planned there"),
    },
    "reports.EventTally": {
        "id": KEY,
        "event": technical("of which event"),
        "invited": operational("how many guests, counted"),
        "awaiting": operational("how many guests, counted"),
        "guests": operational("how many guests came, counted"),
        "pledges": operational("how many joint commitments stand, counted"),
    },
    "reports.TallyClock": {
        "id": KEY,
        "counted_at": technical("as of when the counts are right"),
        "refreshed_at": technical("when everything was counted last"),
        "seen_entry": technical("up to which line of the audit changes are counted"),
    },
    "events.ProposalRequest": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("for which event"),
        "unit": operational("which unit is asked for names", RECORD),
        "wanted": operational("how many", RECORD),
        "due_on": operational("by when", RECORD),
        "note": operational("what kind of guests the event needs", RECORD),
        "asked_at": CREATED,
        "asked_by_id": BY,
        "closed_at": operational("when the host closed it", RECORD),
    },
    "events.Proposal": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "request": technical("for which request"),
        "partner": context("whom the unit proposed; seen by it and the host alone", WITH_PERSON),
        "state": context("what the host said", WITH_PERSON),
        "returned_for": context("one of five reasons about seat and record", WITH_PERSON),
        "proposed_at": CREATED,
        "proposed_by_id": BY,
        "decided_at": operational("when the host decided", WITH_PERSON),
        "decided_by_id": BY,
    },
    "events.Approval": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("of which event"),
        "state": STATE,
        "asked_at": operational("when a leader was asked", RECORD),
        "asked_by_id": BY,
        "decided_at": operational("when the leader decided", RECORD),
        "decided_by_id": operational("which leader decided", RECORD, LOG),
        "note": operational("what to mend in the plan", RECORD),
    },
    "events.NeutralityCheck": {
        "id": KEY,
        "event": technical("for which event"),
        "election": technical("in the window of which election"),
        "list_version": technical("which version of the checklist"),
        "checked_at": operational("when every point was ticked", RECORD),
        "checked_by_id": operational("which officer answers for it", RECORD, LOG),
    },
    "events.Directive": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "event": technical("given at which meeting"),
        "number": ORDER,
        "text": operational("what units were told to do", RECORD),
        "due_on": operational("until when they report", RECORD),
        "created_at": CREATED,
        "created_by_id": BY,
    },
    "events.DirectiveUnit": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "directive": technical("of which directive"),
        "unit": operational("which unit carries it out", RECORD),
        "state": STATE,
        "report": operational("what the unit did", RECORD),
        "reported_at": operational("when it reported", RECORD),
        "reported_by_id": operational("which officer reported", RECORD, LOG),
        "evidence_file": operational("what shows it", RECORD),
        "evidence_url": operational("what shows it", RECORD),
    },
    "events.Outreach": {
        "id": KEY,
        "public_id": PUBLIC_ID,
        "kind": operational("an appeal, or a session for our own people", RECORD),
        "title": operational("its title", RECORD),
        "unit": UNIT,
        "program": operational("of which tour", RECORD),
        "region": REGION,
        "issuer_rank": personal("the police rank of the official who spoke in office", RECORD, TASK),
        "issuer_name": personal("the official who spoke in office", RECORD, TASK),
        "issuer_acting_prefix": personal("whether they held the office for somebody", RECORD, TASK),
        "issuer_position": personal("the office they spoke in", RECORD, TASK),
        "issuer_institution": personal("the institution they spoke for", RECORD, TASK),
        "channel": operational("through what it was said", RECORD),
        "audience": operational("to whom in general, never by name", RECORD),
        "message": operational("what was said", RECORD),
        "held_on": operational("when; empty where not known", RECORD),
        "head_count": operational("how many came, never who", RECORD),
        "link": operational("where it can be read", RECORD),
        "legal_basis": operational("on what law or order it rests", RECORD),
        "note": operational("on the division of responsibility", RECORD),
        "is_demo": DEMO,
        "created_at": CREATED,
        "created_by_id": BY,
    },
}

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "privacy.md"
BEGIN, END = "<!-- fields: begin -->", "<!-- fields: end -->"


def table() -> str:
    """The fields as Markdown: one table for each model that holds anything of a person, and one line for the others."""
    parts, others = [], []
    for label, fields in FIELDS.items():
        told = {name: field for name, field in fields.items() if field.kind in {PERSONAL, CONTEXT}}
        if not told:
            others.append(f"`{label}`")
            continue
        parts += [
            f"### {label}",
            "",
            "| field | kind | what for | how long | article |",
            "|---|---|---|---|---|",
        ]
        parts += [
            f"| `{name}` | {f.kind} | {f.why} | {f.how_long} | {f.article} |" for name, f in told.items()
        ]
        rest = [f"`{name}` ({field.why})" for name, field in fields.items() if name not in told]
        parts += ["", f"*Operational and technical:* {'; '.join(rest)}.", ""]
    parts += ["### Nothing of a person", "", f"{', '.join(others)}.", ""]
    return "\n".join(parts)


def document(text: str) -> str:
    """``docs/privacy.md`` with its table made anew."""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text()))
    sys.stdout.write(f"{DOCUMENT} written.\n")
