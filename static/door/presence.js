/* Who is here: the guests as the server last said, and over them what this phone has written and not yet sent. Pure, so
   that the same facts give the same list on every screen and after every reload. */

export const UNDO_MS = 15 * 60 * 1000;
const PRESENCE = new Set(["present", "walk_in"]);
export const OFFICIALS = new Set(["official", "personnel"]);
/** Waiting in this list until the server has given them a place of their own. */
const own = (fact) => `f:${fact.uuid}`;

const person = ([id, name, organisation, kind, qr, presentAt, by]) =>
  ({ id, name: name || "", organisation: organisation || "", kind, qr, presentAt: presentAt || null, by: by || "", isWaiting: false, isReview: false });

/** By the server's clock, as far as the phone knows it: the time that everybody else will see. */
export function corrected(at, offset) {
  const instant = Date.parse(at) + offset;
  return Number.isNaN(instant) ? at : new Date(instant).toISOString();
}

const targetOf = (fact) => fact.participant || fact.answer?.participant || own(fact);

function undone(facts) {
  return new Set(facts.filter((fact) => fact.kind === "undo" && fact.status !== "rejected").map((fact) => fact.undoes));
}

function overlay(people, fact, away, label, offset) {
  const target = targetOf(fact);
  if (fact.kind === "walk_in" && !people.has(target)) people.set(target, person([target, fact.name, "", "walk_in", null, null, ""]));
  // Taken off the list after this phone wrote the mark: who came stays to be seen.
  if (fact.participant && fact.shown && !people.has(target)) people.set(target, person([target, fact.shown, "", "walk_in", null, null, ""]));
  const guest = people.get(target);
  if (!guest) return;
  if (fact.name && !guest.name) guest.name = fact.name;
  if (away.has(fact.uuid)) return;
  guest.isWaiting ||= fact.status === "waiting";
  if (fact.status === "waiting" && !guest.presentAt) Object.assign(guest, { presentAt: corrected(fact.at, offset), by: label });
  if (fact.answer?.status === "review" && !guest.presentAt) guest.isReview = true;
}

/** An undo that waits takes away the one mark that it names: not what another phone did, nor this one a second time. */
function takeBack(people, fact, facts, labels, away) {
  const meant = facts.find((other) => other.uuid === fact.undoes);
  const guest = meant && PRESENCE.has(meant.kind) && people.get(targetOf(meant));
  if (!guest) return;
  const stands = (other) => PRESENCE.has(other.kind) && other.status === "sent" && other.answer?.status !== "review" && !away.has(other.uuid) && targetOf(other) === targetOf(meant);
  if (guest.presentAt && labels.has(guest.by) && !facts.some(stands)) Object.assign(guest, { presentAt: null, by: "" });
  guest.isWaiting = true;
}

/**
 * @param {Map<string, Array>} rows guests by id; @param {Array} facts of this phone for the event, in their order.
 * @param {number} offset how far the server's clock is ahead of the phone's, in milliseconds.
 * @param {Set<string>} labels every name that this phone has borne at the event.
 * @returns {Map<string, object>} people by id: name, organisation, kind, presentAt, by, isWaiting, isReview.
 */
export function people(rows, facts, label, offset = 0, labels = new Set([label])) {
  const found = new Map();
  rows.forEach((row) => found.set(row[0], person(row)));
  const away = undone(facts);
  facts.forEach((fact) => { if (fact.kind === "undo" && fact.status === "waiting") takeBack(found, fact, facts, labels, away); });
  const isShown = (fact) => fact.status === "waiting" || (fact.status === "sent" && fact.answer?.status === "review");
  facts.filter((fact) => PRESENCE.has(fact.kind) && isShown(fact)).forEach((fact) => overlay(found, fact, away, label, offset));
  // Who came without being asked and was taken back at once leaves no empty line.
  found.forEach((guest, id) => { if (!rows.has(id) && !guest.presentAt && !guest.isReview) found.delete(id); });
  return found;
}

/** A guest whom only this phone knew has a place on the list once the fact was sent. */
export function settledId(facts, id) {
  const fact = id?.startsWith("f:") && facts.find((one) => own(one) === id);
  return fact ? targetOf(fact) : id;
}

/** What this phone may still take back of a guest: its own facts of presence of the last 15 minutes that still stand. A
 *  clock that was set meanwhile makes nobody wait: each time by the `offset` that was known when it was written. */
export function undoable(facts, id, offset = 0, now = Date.now()) {
  const isLate = (fact) => now + offset - Date.parse(fact.at) - (fact.offset ?? offset) >= UNDO_MS;
  const away = undone(facts);
  return facts.filter((fact) => PRESENCE.has(fact.kind) && targetOf(fact) === id && !away.has(fact.uuid) && fact.status !== "rejected" && !isLate(fact));
}

/** Guests are the number of the evening; officials and personnel stand beside it. */
export function counts(all) {
  const sums = { present: 0, invited: 0, walkIns: 0, officials: 0, personnel: 0 };
  all.forEach((guest) => {
    if (guest.kind === "official") sums.officials += Boolean(guest.presentAt);
    else if (guest.kind === "personnel") sums.personnel += Boolean(guest.presentAt);
    else {
      if (guest.kind === "walk_in") sums.walkIns += Boolean(guest.presentAt); else sums.invited += 1;
      sums.present += Boolean(guest.presentAt);
    }
  });
  return sums;
}
