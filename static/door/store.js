/* What the phone holds. A write is done when the disk has it: every function here that writes returns after the
   transaction completed, with durability "strict", and what the screens read is changed only then.

   A fact that has not been sent is never deleted here: not by an expired list, a revoked phone, or a new token. */

import { openDB } from "../vendor/idb/idb.js";
import { newUuid } from "./dom.js";

export const NAME = "rembuk-door";
export const VERSION = 1;
const PATIENCE_MS = 8000, DAY_MS = 24 * 3600 * 1000;
/** What the server did not take: a fact, or of a mark that counts the name that was typed with it. */
export const isRefused = (fact) => fact.status === "rejected" || (fact.status === "sent" && fact.answer?.code === "name" && Boolean(fact.name));
const isUnsettled = (fact) => fact.status === "waiting" || isRefused(fact);
/** What was sent and can be sent once more, known by its name: the name of who was not asked has left the phone with it. */
const isRepeatable = (fact) => fact.status === "sent" && fact.kind !== "walk_in" && (fact.kind === "undo" || Boolean(fact.participant ?? fact.answer?.participant));
/** A phone whose token no longer opens the list. */
export const GONE = new Set(["revoked", "expired", "device"]);

/** The phone could not write, or not read: nothing may look as if it were kept. */
export class StorageError extends Error {
  constructor(cause) {
    super(`${cause?.name || "Error"}: ${cause?.message || cause}`, { cause });
    this.isFull = cause?.name === "QuotaExceededError";
    this.isOutdated = cause?.name === "VersionError";
  }
}

/** Each step of the shape of the database, from the version before it; a phone may have slept through several. */
function upgrade(db, before) {
  if (before < 1) {
    db.createObjectStore("devices", { keyPath: "key" });
    db.createObjectStore("events", { keyPath: "id" });
    db.createObjectStore("packs", { keyPath: "event" });
    db.createObjectStore("changes", { keyPath: ["event", "id"] });
    db.createObjectStore("facts", { keyPath: "uuid" });
    db.createObjectStore("meta", { keyPath: "key" });
  }
}

const within = (promise, limit = PATIENCE_MS) => new Promise((done, failed) => {
  const timer = setTimeout(() => failed(new Error("The storage of this phone does not answer.")), limit);
  promise.then((value) => { clearTimeout(timer); done(value); }, (error) => { clearTimeout(timer); failed(error); });
});

const bySequence = (a, b) => (a.seq ?? 0) - (b.seq ?? 0) || (a.at < b.at ? -1 : 1);
const eventRange = (event) => IDBKeyRange.bound([event], [event, []]);

/** @returns the store, with everything but the lists of guests in memory. @throws {StorageError} */
export async function open() {
  let opening = null;
  let writes = 0;
  const devices = new Map(), events = new Map(), facts = new Map(), lists = new Map(), listeners = new Set();
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;

  const changed = () => { listeners.forEach((listener) => listener()); };
  const told = () => { channel?.postMessage("changed"); changed(); };

  /** One at a time: a second one that nobody knows of could never be closed for a newer page. */
  function connection() {
    if (opening) return opening;
    const mine = within(openDB(NAME, VERSION, {
      upgrade,
      // A newer page in another window wants to change the shape: it may, and this one says so at its next write.
      blocking(_held, _wanted, event) { event.target.close(); forget(mine); },
      terminated() { forget(mine); },
    }));
    mine.catch(() => forget(mine));
    opening = mine;
    return mine;
  }

  const forget = (one) => { if (opening === one) opening = null; };

  /** One strict transaction over `names`. @throws {StorageError} when any of it is not on the disk. */
  async function write(names, work) {
    let transaction = null;
    const held = connection();
    try {
      transaction = (await held).transaction(names, "readwrite", { durability: "strict" });
      // A request that fails ends the transaction, and the transaction is what is asked.
      const step = (method) => (name, value) => {
        const request = transaction.objectStore(name)[method](value);
        request.catch(() => {});
        return request;
      };
      const steps = { get: step("get"), all: step("getAll"), put: step("put"), add: step("add"), remove: step("delete") };
      const [result] = await within(Promise.all([work(steps), transaction.done]));
      return result;
    } catch (error) {
      try { transaction?.abort(); } catch { /* It ended by itself. */ }
      if (!transaction || error?.name === "InvalidStateError") forget(held); // closed, or lost by the system
      throw error instanceof StorageError ? error : new StorageError(error);
    } finally { writes += 1; }
  }

  async function load() {
    try {
      const base = await connection();
      const began = writes;
      const all = base.transaction(["devices", "events", "facts"]);
      const [heldDevices, heldEvents, heldFacts] = await within(Promise.all(["devices", "events", "facts"].map((name) => all.objectStore(name).getAll())));
      // What this page wrote meanwhile is newer than what was read.
      if (writes !== began) { await load(); return; }
      for (const [map, rows, key] of [[devices, heldDevices, "key"], [events, heldEvents, "id"], [facts, heldFacts, "uuid"]]) {
        map.clear();
        rows.forEach((row) => map.set(row[key], row));
      }
    } catch (error) { throw new StorageError(error); }
  }

  /** The guests of an event by id, as the server last said. */
  function rows(event) {
    if (!lists.has(event)) lists.set(event, readRows(event).catch((error) => { lists.delete(event); throw new StorageError(error); }));
    return lists.get(event);
  }

  async function readRows(event) {
    const base = await connection();
    const [pack, changes] = await within(Promise.all([base.get("packs", event), base.getAll("changes", eventRange(event))]));
    const list = new Map((pack?.rows || []).map((row) => [row[0], row]));
    changes.forEach((change) => place(list, change.id, change.row));
    return list;
  }

  /** A row without content is somebody who left the list. */
  const place = (list, id, row) => (row ? list.set(id, row) : list.delete(id));

  /** How far the server's clock was ahead of the phone's when they last spoke; null where they never did. */
  function lastOffset() {
    const latest = [...events.values()].sort((a, b) => (b.synced || 0) - (a.synced || 0))[0];
    return latest?.offset ?? null;
  }

  /** A fact with the next number of its phone; without `device`, a note that waits for an event to be chosen. */
  async function addFact(fields, device = null) {
    const fact = { uuid: newUuid(), at: new Date().toISOString(), offset: lastOffset(), status: "waiting", device: null, event: null, seq: null, ...fields };
    const owner = await write(["facts", "devices"], async ({ get, put, add }) => {
      const held = device && (await get("devices", device.key));
      if (held) {
        Object.assign(fact, { device: held.key, event: held.event, seq: held.sequence + 1 });
        put("devices", { ...held, sequence: fact.seq });
      }
      add("facts", fact);
      return held && { ...held, sequence: fact.seq };
    });
    if (owner) devices.set(owner.key, owner);
    facts.set(fact.uuid, fact);
    told();
    return fact;
  }

  /** Notes made without a list become facts of this phone's event, in the order in which they were made. */
  async function adoptNotes(changes, device) {
    const [owner, adopted] = await write(["facts", "devices"], async ({ get, put }) => {
      const held = await get("devices", device.key);
      const found = await Promise.all(changes.map(async (note) => [await get("facts", note.uuid), note]));
      // Another window may have crossed one out, or put it into an event of its own.
      const notes = found.filter(([fact]) => fact?.device === null).sort(([a], [b]) => (a.at < b.at ? -1 : 1));
      const written = notes.map(([fact, note], at) => ({ ...fact, ...note, device: held.key, event: held.event, seq: held.sequence + 1 + at, moved: true }));
      written.forEach((fact) => put("facts", fact));
      const after = { ...held, sequence: held.sequence + written.length };
      put("devices", after);
      return [after, written];
    });
    devices.set(owner.key, owner);
    adopted.forEach((fact) => facts.set(fact.uuid, fact));
    told();
  }

  /** The phone's new token; the same token again is the same phone. */
  async function addDevice(token) {
    const fresh = { key: newUuid(), token, id: null, label: "", kind: "", event: null, expires_at: null, status: "new", sequence: 0, added: Date.now() };
    // Two windows that open the same address are one phone: two would give out the same numbers.
    const device = await write(["devices"], async ({ all, add }) => {
      const known = (await all("devices")).find((one) => one.token === token);
      if (!known) add("devices", fresh);
      return known || fresh;
    });
    devices.set(device.key, device);
    told();
    return device;
  }

  async function patch(name, map, key, fields) {
    const after = await write([name], async ({ get, put }) => {
      const held = await get(name, key);
      if (!held) return null; // another window has cleared it away
      const row = { ...held, ...fields };
      put(name, row);
      return row;
    });
    if (after) map.set(key, after); else map.delete(key);
    told();
    return after;
  }

  /** What the server says of a phone; its numbers never go back. */
  const named = (held, { last_sequence: last = 0, ...said }) => ({ ...held, ...said, token: held.token, sequence: Math.max(held.sequence, last) });

  /** A phone that the server does not know any more, as after a database was brought back from last night, can send
   *  nothing. Prepared again for the same event it is another phone, which sends in its place under numbers of its own;
   *  also what had been sent, for the server may have lost it. Sent twice it counts once.
   *  @returns the heir with its last number, and the facts that it took. */
  async function inherit({ all, put }, heir) {
    const unknown = new Set((await all("devices")).filter((one) => one.status === "device" && one.event === heir.event && one.key !== heir.key).map((one) => one.key));
    const left = unknown.size ? (await all("facts")).filter((fact) => unknown.has(fact.device) && (isUnsettled(fact) || isRepeatable(fact))).sort(bySequence) : [];
    const anew = (fact) => (isRepeatable(fact) ? { participant: fact.participant ?? fact.answer?.participant, status: "waiting", answer: null } : {});
    const moved = left.map((fact, at) => ({ ...fact, ...anew(fact), device: heir.key, seq: heir.sequence + 1 + at, moved: true, turn: (fact.turn ?? 0) + 1 }));
    moved.forEach((fact) => put("facts", fact));
    return [{ ...heir, sequence: heir.sequence + moved.length }, moved];
  }

  /** The server does not know this phone; one that was prepared since for the same event sends for it. */
  async function disown(key) {
    const [gone, heir, moved] = await write(["devices", "facts"], async (steps) => {
      const held = await steps.get("devices", key);
      if (!held) return [null, null, []];
      const after = { ...held, status: "device" };
      await steps.put("devices", after);
      const next = (await steps.all("devices")).filter((one) => one.event === held.event && one.status === "ready").sort((a, b) => b.added - a.added)[0];
      if (!next) return [after, null, []];
      const [owner, taken] = await inherit(steps, next);
      steps.put("devices", owner);
      return [after, owner, taken];
    });
    if (!gone) devices.delete(key);
    for (const device of [gone, heir]) if (device) devices.set(device.key, device);
    moved.forEach((fact) => facts.set(fact.uuid, fact));
    told();
  }

  /** The list of guests as the server gave it, in the place of any before; numbers of this phone never go back. */
  async function savePack(key, pack, about) {
    const { guests, device: said, event, ...rest } = pack;
    const row = { ...event, ...rest, ...about, guests: guests.length };
    const [owner, taken, list] = await write(["devices", "events", "packs", "changes", "facts"], async (steps) => {
      const { get, put, remove } = steps;
      const ready = { ...named(await get("devices", key), said), event: event.id, status: "ready" };
      const [after, moved] = await inherit(steps, ready);
      put("devices", after);
      put("events", row);
      put("packs", { event: event.id, rows: guests });
      remove("changes", eventRange(event.id));
      return [after, moved, new Map(guests.map((guest) => [guest[0], guest]))];
    });
    devices.set(key, owner);
    taken.forEach((fact) => facts.set(fact.uuid, fact));
    events.set(event.id, row);
    lists.set(event.id, Promise.resolve(list));
    told();
  }

  /** An answer stands where the fact is still the one that was sent: not one that another window has settled, nor one
   *  that was mended since and waits once more. */
  function afterAnswer(held, answered) {
    if (!held || (held.status === "waiting" && (held.turn ?? 0) === (answered.turn ?? 0))) return answered;
    return held.status === "rejected" && answered.status === "sent" ? answered : held;
  }

  /** What the server answered to each fact, the guests as they are now, and the event: one transaction.
   *  @param changes [id, row or null for somebody who left the list].
   *  @param owner the phone's key and what the server says of it: until when it is admitted, and how it is called. */
  async function settle(event, settled, changes, about, owner = null) {
    const reading = rows(event);
    const list = await reading;
    const held = events.get(event);
    const after = held && { ...held, ...about };
    const [kept, device] = await write(["facts", "events", "changes", "devices"], async ({ get, put }) => {
      const before = owner && (await get("devices", owner.key));
      const known = before && named(before, owner.named);
      if (known) put("devices", known);
      const stand = await Promise.all(settled.map(async (fact) => afterAnswer(await get("facts", fact.uuid), fact)));
      stand.forEach((fact) => put("facts", fact));
      changes.forEach(([id, row]) => put("changes", { event, id, row }));
      if (after) put("events", after);
      return [stand, known];
    });
    if (device) devices.set(device.key, device);
    kept.forEach((fact) => facts.set(fact.uuid, fact));
    changes.forEach(([id, row]) => place(list, id, row));
    if (lists.get(event) !== reading) lists.delete(event); // another window wrote meanwhile: read anew
    if (after) events.set(event, after);
    told();
  }

  /** A rejected fact that somebody has looked at leaves the phone, or waits to be sent once more, mended or as it was:
   *  under its own name and number, which the server has not taken; under a new number where the server has another
   *  fact by that one, as from two browsers that opened one address. */
  async function look(uuid, { again, mended = {} }) {
    let owner = null;
    const after = await write(["facts", "devices"], async ({ get, put, remove }) => {
      const fact = await get("facts", uuid);
      if (!fact || !isRefused(fact)) return fact; // another window sent it once more: it is not ours to cross out
      if (!again && fact.status === "sent") {
        const seen = { ...fact, name: undefined, shown: undefined };
        put("facts", seen);
        return seen;
      }
      if (!again) { remove("facts", uuid); return null; }
      const held = fact.answer?.code === "sequence" && (await get("devices", fact.device));
      if (held) {
        owner = { ...held, sequence: held.sequence + 1 };
        put("devices", owner);
      }
      const waiting = { ...fact, ...mended, seq: owner?.sequence ?? fact.seq, status: "waiting", answer: null, turn: (fact.turn ?? 0) + 1 };
      if (owner || waiting.at !== fact.at) waiting.moved = true;
      put("facts", waiting);
      return waiting;
    });
    if (owner) devices.set(owner.key, owner);
    if (after) facts.set(uuid, after); else facts.delete(uuid);
    told();
  }

  /** A note that was never anybody's fact may be crossed out. */
  async function dropNote(uuid) {
    const held = await write(["facts"], async ({ get, remove }) => {
      const fact = await get("facts", uuid);
      if (fact?.device !== null) return fact; // another window has put it into an event
      remove("facts", uuid);
      return null;
    });
    if (held) facts.set(uuid, held); else facts.delete(uuid);
    told();
  }

  /** What of these devices, events and facts is over. */
  function endedOf([allDevices, allEvents, allFacts], now) {
    // One that was refused before it had its list was never told until when it is admitted.
    const endOf = (device) => (device.expires_at ? Date.parse(device.expires_at) : GONE.has(device.status) ? device.added + DAY_MS : Infinity);
    const isPast = (device) => endOf(device) <= now;
    const live = new Set(allDevices.filter((device) => !GONE.has(device.status) && !isPast(device)).map((device) => device.event));
    // Until its time is over, another phone may be prepared in the place of one that the server does not know.
    const unknown = new Set(allDevices.filter((device) => device.status === "device" && !isPast(device)).map((device) => device.key));
    const isOwed = (fact) => isUnsettled(fact) || (unknown.has(fact.device) && isRepeatable(fact));
    const owing = new Set(allFacts.filter(isOwed).map((fact) => fact.device));
    // A revoked phone that has nothing to send stays as a line that says so, until its time is over.
    const removed = allDevices.filter((device) => (isPast(device) || device.status === "device") && !owing.has(device.key));
    const meant = new Set(allDevices.filter((device) => !removed.includes(device)).map((device) => device.event));
    const lost = allEvents.map((event) => event.id).filter((event) => !live.has(event));
    const old = allFacts.filter((fact) => fact.device && !isOwed(fact) && !live.has(fact.event));
    return { removed, lost, old, nameless: lost.filter((event) => !meant.has(event)) };
  }

  /** Takes from the phone what ended phones held: the list, the event, what was sent. What was not sent stays, and with
   *  it the token that sends it: as the disk says, for a window that slept knows nothing of what another one wrote. */
  async function purge(now) {
    const known = endedOf([devices, events, facts].map((map) => [...map.values()]), now);
    if (!known.removed.length && !known.lost.length && !known.old.length) return;
    const gone = await write(["devices", "events", "packs", "changes", "facts"], async ({ all, remove }) => {
      const { removed, lost, old, nameless } = endedOf(await Promise.all(["devices", "events", "facts"].map((name) => all(name))), now);
      for (const event of lost) {
        remove("packs", event);
        remove("changes", eventRange(event));
      }
      nameless.forEach((event) => remove("events", event));
      old.forEach((fact) => remove("facts", fact.uuid));
      removed.forEach((device) => remove("devices", device.key));
      return lost;
    });
    gone.forEach((event) => lists.delete(event));
    await load();
    told();
  }

  channel?.addEventListener("message", () => {
    lists.clear();
    load().then(changed, () => {});
  });
  await load();

  return {
    devices, events, facts, rows, lastOffset, addFact, adoptNotes, addDevice, savePack, settle, look, dropNote, disown, purge,
    updateDevice: (key, fields) => patch("devices", devices, key, fields),
    onChange(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    /** Asked at each opening: a phone that is short of room deletes first what did not ask. */
    persist: () => navigator.storage?.persist?.().catch(() => false) ?? Promise.resolve(false),
    waiting: (key) => [...facts.values()].filter((fact) => fact.status === "waiting" && fact.device && (!key || fact.device === key)).sort(bySequence),
    rejected: () => [...facts.values()].filter(isRefused).sort(bySequence),
    notes: () => [...facts.values()].filter((fact) => fact.device === null).sort((a, b) => (a.at < b.at ? -1 : 1)),
    ofEvent: (event) => [...facts.values()].filter((fact) => fact.event === event).sort(bySequence),
    labels: (event) => new Set([...devices.values()].filter((device) => device.event === event).map((device) => device.label)),
    /** The phone's newest registration for an event; a live one before an ended one. */
    deviceFor(event) {
      const mine = [...devices.values()].filter((device) => device.event === event);
      return mine.sort((a, b) => GONE.has(a.status) - GONE.has(b.status) || b.added - a.added)[0] || null;
    },
  };
}
