/* Brings what the phone holds to the server and back. There is no switch: it tries after each fact, every 15 seconds,
   and when the network returns. A fact is sent until the server has answered that very fact; sent twice it counts once. */

import { GONE, isRefused } from "./store.js";

const EVERY_MS = 15000, MOST = 100, PATIENCE_MS = 20000, LONGEST_MS = 30000, FIRST_MS = 1000;
const TAKEN = new Set(["stored", "known", "duplicate", "review"]);
/** One of these is in each answer of our server: what a provider's greeting says is no answer. */
const HEARD = ["device", "guests", "rows", "items"];
const FIELDS = ["uuid", "seq", "kind", "at", "offset", "moved", "participant", "qr", "undoes", "name", "contact", "consent", "pledge_text", "channel"];

/** The line broke, or somebody else than our server answered: try again later. */
class Unreached extends Error {
  constructor(reason, status = 0) {
    super(reason);
    this.isStumble = status === 500;
  }
}
/** Our server answered, and refused the whole call. */
class Refused extends Error {
  constructor(status, { code, sentence } = {}) {
    super(sentence || String(status));
    Object.assign(this, { status, code: code || "", sentence: sentence || "" });
  }
}

const bare = (fact) => Object.fromEntries(FIELDS.filter((name) => fact[name] !== undefined && fact[name] !== null).map((name) => [name, fact[name]]));

/** The guest's row after a fact, as its answer says; an answer that says nothing of it leaves what the phone knows. */
function rowAfter(list, fact, answer, label) {
  const id = answer.participant || fact.participant;
  if (!id || answer.status === "review") return null;
  const seat = fact.kind === "walk_in" ? "walk_in" : "guest";
  const [, name, organisation, kind, qr, at, by] = list.get(id) || [id, "", "", seat, null, null, null];
  const typed = answer.code === "name" ? "" : fact.name;
  const row = (time, who) => [id, name || typed || (seat === "walk_in" ? fact.shown : "") || "", organisation, kind, qr, time, time ? who : null];
  if (answer.present_at !== undefined) return row(answer.present_at, answer.by);
  if (fact.kind === "undo") return row(null, null);
  return fact.kind === "pledge" ? row(at, by) : row(at || fact.at, by || label);
}

export function createSync({ store, config }) {
  // How far the server's clock is ahead of the phone's, null before it was measured: a clock that runs ahead must not end
  // the list.
  const state = { isOnline: null, lastSync: 0, failures: 0, offset: store.lastOffset(), refusal: "" };
  const listeners = new Set();
  let timer = 0, running = null, again = false;
  /** How many facts go at once: fewer after the server stumbled, until the one that it stumbles over stands alone. */
  let most = MOST;
  const stumbles = new Set();
  /** What the server was last told of each phone: how many facts it still holds. */
  const declared = new Map();

  /** Names that were noted without a list count with the one event that this phone knows; of several, with none yet. */
  function notesOf({ key, event }) {
    const mine = store.deviceFor(event);
    const isAnother = (device) => device.status === "ready" && device.event !== event;
    return mine?.key === key && mine.status === "ready" && ![...store.devices.values()].some(isAnother) ? store.notes().length : 0;
  }
  /** With what was said of them: it outlives the page, for only this phone can take it back. */
  const saidNotes = (key) => store.devices.get(key)?.notes ?? 0;

  const changed = () => listeners.forEach((listener) => listener(state));
  const now = () => Date.now() + state.offset;

  async function call(path, device, options = {}) {
    let answer, body;
    const began = Date.now();
    // Not AbortSignal.timeout: a phone that has none would wait for ever, and send nothing more.
    const patience = new AbortController();
    const alarm = setTimeout(() => patience.abort(), PATIENCE_MS);
    try {
      answer = await fetch(config.api + path, {
        ...options,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        headers: { Authorization: `Bearer ${device.token}`, Accept: "application/json", ...options.headers },
        signal: patience.signal,
      });
      body = await answer.text();
    } catch (error) { throw new Unreached(error.message); } finally { clearTimeout(alarm); }
    const strange = () => new Unreached(`${answer.status}`, answer.status);
    let told;
    try { told = JSON.parse(body); } catch { throw strange(); }
    if (answer.ok && HEARD.some((part) => told?.[part])) return { told, bytes: body.length, began };
    if (answer.ok || answer.status >= 500 || [408, 429].includes(answer.status) || !told?.code) throw strange();
    throw new Refused(answer.status, told);
  }

  function measure(instant, began) {
    const server = Date.parse(instant), took = Date.now() - began;
    // Asleep while it waited, or its clock was set: this says nothing of how far the clock is off.
    if (!Number.isNaN(server) && took >= 0 && took <= PATIENCE_MS) state.offset = Math.round(server - began - took / 2);
  }

  /** A phone that is no longer admitted says so; what it holds is sent all the same. */
  async function note(device, error) {
    const status = error.status === 401 ? "device" : GONE.has(error.code) ? error.code : "";
    if (!status || device.status === status) return;
    if (status === "device") { await store.disown(device.key); return; }
    await store.updateDevice(device.key, { status });
    await store.purge(now());
  }

  /** The list of guests, whole. @returns whether it came. */
  async function prepare(device) {
    try {
      const found = device.event ? { event: { id: device.event } } : (await call("device", device)).told;
      const { told, bytes, began } = await call(`events/${found.event.id}/pack`, device);
      measure(told.made_at, began);
      const about = { bytes, synced: now(), closed: false, offset: state.offset };
      await store.savePack(device.key, told, about);
      reached();
      return true;
    } catch (error) {
      await failed(device, error);
      return false;
    }
  }

  async function failed(device, error) {
    if (error instanceof Refused) {
      reached();
      state.refusal = GONE.has(error.code) ? "" : error.sentence;
      changed();
      await note(device, error);
      return;
    }
    if (!(error instanceof Unreached)) throw error;
    state.isOnline = false;
    state.failures += 1;
    changed();
  }

  function reached() {
    Object.assign(state, { isOnline: true, failures: 0, lastSync: now(), refusal: "" });
    changed();
  }

  /** What is said of somebody who was added here (`of`) waits until the server has given them a name of its own. */
  const isReady = ({ of }) => !of || !store.facts.has(of) || store.facts.get(of).status === "sent";
  const wire = (fact) => bare({ ...fact, participant: fact.participant ?? store.facts.get(fact.of)?.answer?.participant });

  /** Sends a batch; one that the server refuses as a whole is halved until the fact that it means stands alone. */
  async function send(device, batch) {
    const notes = notesOf(device);
    const waiting = store.waiting(device.key).length - batch.length + notes;
    const body = JSON.stringify({ client: config.client, sent_at: new Date().toISOString(), waiting, items: batch.map(wire) });
    let answer;
    try {
      answer = await call(`events/${device.event}/scans`, device, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413, 422].includes(error.status) || !batch.length) throw error;
      if (batch.length === 1) { await settle(device, batch, [{ uuid: batch[0].uuid, status: "rejected", code: error.code, sentence: error.sentence }]); return; }
      const middle = Math.ceil(batch.length / 2);
      await send(device, batch.slice(0, middle));
      await send(device, batch.slice(middle));
      return;
    }
    declared.set(device.key, waiting);
    if (saidNotes(device.key) !== notes) await store.updateDevice(device.key, { notes });
    batch.forEach((fact) => stumbles.delete(fact.uuid));
    measure(answer.told.received_at, answer.began);
    await settle(device, batch, answer.told.items, answer.told);
    reached();
  }

  /** Beside this phone: what it holds itself, it knows better than the server. */
  const others = (device, phones = 0) => Math.max(0, phones - (device.status === "ready" && (declared.get(device.key) ?? saidNotes(device.key)) > 0 ? 1 : 0));

  /** The next facts in their order; those over which the server stumbled come after all others. */
  function nextOf(device) {
    const ready = store.waiting(device.key).filter(isReady);
    const good = ready.filter((fact) => !stumbles.has(fact.uuid));
    if (good.length) return good.slice(0, most);
    const next = [...stumbles].find((uuid) => ready.some((fact) => fact.uuid === uuid));
    return ready.filter((fact) => fact.uuid === next);
  }

  /** @returns whether the fact stands alone: it has its turn again after the others. */
  function isFound(batch) {
    most = batch.length === 1 ? MOST : Math.ceil(batch.length / 2);
    if (batch.length > 1) return false;
    stumbles.delete(batch[0].uuid);
    stumbles.add(batch[0].uuid);
    return true;
  }

  async function settle(device, batch, answers, said = {}) {
    const list = await store.rows(device.event);
    const byUuid = new Map(batch.map((fact) => [fact.uuid, fact]));
    const settled = [], changedRows = new Map();
    for (const [place, given] of answers.entries()) {
      // Answers stand in the order of the batch: a name that the server cannot say back is known by its place.
      const fact = byUuid.get(given.uuid) || (given.status === "rejected" && answers.length === batch.length && batch[place]);
      if (!fact) continue;
      // Sent before, and still to be looked at: the first answer was lost on the way.
      const answer = given.status === "known" && given.code === "review" && !given.present_at ? { ...given, status: "review" } : given;
      if (!TAKEN.has(answer.status)) { settled.push({ ...fact, status: "rejected", answer }); continue; }
      // Nobody was found, such as who was taken off the list meanwhile: only this phone can say who it was.
      const isNameless = answer.status === "review" && !answer.participant;
      // What only the server needed leaves the phone with it; a name that was not taken stays to be seen.
      settled.push({ ...fact, status: "sent", answer, contact: undefined, qr: undefined, ...(isNameless || isRefused({ ...fact, status: "sent", answer }) ? {} : { name: undefined, shown: undefined }) });
      const row = rowAfter(list, fact, answer, device.label);
      if (row) changedRows.set(row[0], row);
    }
    const about = { closed: Boolean(said.closed), devices_waiting: others(device, said.devices_waiting), synced: now(), offset: state.offset };
    await store.settle(device.event, settled, [...changedRows], said.received_at ? about : {});
  }

  async function poll(device) {
    const event = store.events.get(device.event);
    const since = event?.cursor === undefined ? "" : `?since=${encodeURIComponent(event.cursor)}`;
    const { told: said, began } = await call(`events/${device.event}/state${since}`, device);
    measure(said.server_time, began);
    const { rows, gone = [], server_time: _time, event: facts, device: named = {}, ...figures } = said;
    figures.devices_waiting = others(device, figures.devices_waiting);
    const changes = [...rows.map((row) => [row[0], row]), ...gone.map((id) => [id, null])];
    await store.settle(device.event, [], changes, { ...facts, ...figures, synced: now(), offset: state.offset }, { key: device.key, named });
    reached();
  }

  async function serve(device) {
    if (device.status === "new" && !(await prepare(device))) return;
    const { event } = store.devices.get(device.key) || {};
    if (!event) return;
    for (let found = 0; found < 2;) {
      const batch = nextOf(device);
      if (!batch.length) break;
      try { await send({ ...device, ...store.devices.get(device.key) }, batch); } catch (error) {
        if (!error.isStumble || !isFound(batch)) throw error;
        found += 1;
        continue;
      }
      const left = new Set(store.waiting(device.key).map((fact) => fact.uuid));
      if (batch.some((fact) => left.has(fact.uuid))) break; // unanswered ones have their turn at the next round
    }
    const fresh = store.devices.get(device.key);
    if (fresh?.status !== "ready") return;
    if (notesOf(fresh) !== saidNotes(fresh.key)) await send(fresh, []);
    if (store.deviceFor(event)?.key === fresh.key) await poll(fresh);
  }

  async function round() {
    await store.purge(now()).catch((error) => { state.trouble = error; });
    if (!store.devices.size) state.isOnline = navigator.onLine !== false;
    changed();
    for (const device of [...store.devices.values()]) {
      try { await serve(device); } catch (error) {
        await failed(device, error);
        if (error instanceof Unreached) break;
      }
    }
    changed();
  }

  const pause = () => {
    const base = state.failures ? Math.min(LONGEST_MS, FIRST_MS * 2 ** (state.failures - 1)) : EVERY_MS;
    return base * (0.75 + Math.random() * 0.5);
  };

  function plan(delay = pause()) {
    clearTimeout(timer);
    timer = setTimeout(kick, delay);
  }

  /** Now; while a round is under way, once more after it. Two windows of one phone may send the same: it counts once. */
  function kick() {
    if (running) { again = true; return running; }
    clearTimeout(timer);
    running = round()
      .catch((error) => { state.trouble = error; changed(); })
      .finally(() => {
        running = null;
        const isMore = again && !state.failures;
        again = false;
        plan(isMore ? 0 : pause());
      });
    return running;
  }

  return {
    state, kick, prepare, now,
    start() {
      addEventListener("online", () => { state.failures = 0; kick(); });
      addEventListener("offline", () => { state.isOnline = false; changed(); });
      document.addEventListener("visibilitychange", () => { if (!document.hidden) kick(); });
      kick();
    },
    onChange(listener) { listeners.add(listener); return () => listeners.delete(listener); },
  };
}
