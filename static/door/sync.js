/* Brings what the phone holds to the server and back. There is no switch: it tries after each fact, every 15 seconds,
   and when the network returns. A fact is sent until the server has answered that very fact; sent twice it counts once. */

import { GONE } from "./store.js";

const EVERY_MS = 15000, MOST = 100, PATIENCE_MS = 20000, LONGEST_MS = 30000, FIRST_MS = 1000;
const TAKEN = new Set(["stored", "known", "duplicate", "review"]);
const FIELDS = ["uuid", "seq", "kind", "at", "participant", "qr", "undoes", "name", "contact", "consent", "pledge_text", "channel"];

/** The line broke, or somebody else than our server answered: try again later. */
class Unreached extends Error {}
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
  const row = (time, who) => [id, name || fact.name || (seat === "walk_in" ? fact.shown : "") || "", organisation, kind, qr, time, time ? who : null];
  if (answer.present_at !== undefined) return row(answer.present_at, answer.by);
  if (fact.kind === "undo") return row(null, null);
  return fact.kind === "pledge" ? row(at, by) : row(at || fact.at, by || label);
}

export function createSync({ store, config, onAnswer = () => {} }) {
  const state = { isOnline: null, isSending: false, lastSync: 0, failures: 0, offset: 0, refusal: "" };
  const listeners = new Set();
  let timer = 0, running = null, again = false;

  const changed = () => listeners.forEach((listener) => listener(state));
  const now = () => Date.now() + state.offset;

  async function call(path, device, options = {}) {
    let answer, body;
    const began = Date.now();
    try {
      answer = await fetch(config.api + path, {
        ...options,
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        headers: { Authorization: `Bearer ${device.token}`, Accept: "application/json", ...options.headers },
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      body = await answer.text();
    } catch (error) { throw new Unreached(error.message); }
    let told;
    try { told = JSON.parse(body); } catch { throw new Unreached(`${answer.status}`); }
    if (answer.ok) return { told, bytes: body.length, began };
    if (answer.status >= 500 || [408, 429].includes(answer.status) || !told?.code) throw new Unreached(`${answer.status}`);
    throw new Refused(answer.status, told);
  }

  function measure(instant, began) {
    const server = Date.parse(instant);
    if (!Number.isNaN(server)) state.offset = Math.round(server - (began + Date.now()) / 2);
  }

  /** A phone that is no longer admitted says so; what it holds is sent all the same. */
  async function note(device, error) {
    const status = error.status === 401 ? "device" : GONE.has(error.code) ? error.code : "";
    if (status && device.status !== status) {
      await store.updateDevice(device.key, { status });
      if (status !== "device") await store.purge(now());
    }
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
    const waiting = store.waiting(device.key).length;
    const body = JSON.stringify({ client: config.client, sent_at: new Date().toISOString(), waiting: waiting - batch.length, items: batch.map(wire) });
    let answer;
    try {
      answer = await call(`events/${device.event}/scans`, device, { method: "POST", body, headers: { "Content-Type": "application/json" } });
    } catch (error) {
      if (!(error instanceof Refused) || ![400, 413, 422].includes(error.status)) throw error;
      if (batch.length === 1) { await settle(device, batch, [{ uuid: batch[0].uuid, status: "rejected", code: error.code, sentence: error.sentence }]); return; }
      const middle = Math.ceil(batch.length / 2);
      await send(device, batch.slice(0, middle));
      await send(device, batch.slice(middle));
      return;
    }
    measure(answer.told.received_at, answer.began);
    await settle(device, batch, answer.told.items || [], answer.told);
    reached();
  }

  async function settle(device, batch, answers, told = {}) {
    const list = await store.rows(device.event);
    const byUuid = new Map(batch.map((fact) => [fact.uuid, fact]));
    const settled = [], changedRows = new Map();
    for (const answer of answers) {
      const fact = byUuid.get(answer.uuid);
      if (!fact) continue;
      if (!TAKEN.has(answer.status)) { settled.push({ ...fact, status: "rejected", answer }); continue; }
      const isNameless = answer.status === "review" && !answer.participant && !fact.participant;
      // What only the server needed leaves the phone with it.
      settled.push({ ...fact, status: "sent", answer, contact: undefined, qr: undefined, ...(isNameless ? {} : { name: undefined, shown: undefined }) });
      const row = rowAfter(list, fact, answer, device.label);
      if (row) changedRows.set(row[0], row);
    }
    const about = { closed: Boolean(told.closed), devices_waiting: told.devices_waiting ?? 0, synced: now() };
    await store.settle(device.event, settled, [...changedRows], told.received_at ? about : {});
    settled.forEach(onAnswer);
  }

  async function poll(device) {
    const event = store.events.get(device.event);
    const since = event?.cursor === undefined ? "" : `?since=${encodeURIComponent(event.cursor)}`;
    const { told, began } = await call(`events/${device.event}/state${since}`, device);
    measure(told.server_time, began);
    const { rows, gone = [], server_time: _time, event: facts, ...figures } = told;
    const changes = [...rows.map((row) => [row[0], row]), ...gone.map((id) => [id, null])];
    await store.settle(device.event, [], changes, { ...facts, ...figures, synced: now(), offset: state.offset });
    reached();
  }

  async function serve(device) {
    if (device.status === "new" && !(await prepare(device))) return;
    const { event } = store.devices.get(device.key) || {};
    if (!event) return;
    for (;;) {
      const batch = store.waiting(device.key).filter(isReady).slice(0, MOST);
      if (!batch.length) break;
      await send({ ...device, ...store.devices.get(device.key) }, batch);
      const left = new Set(store.waiting(device.key).map((fact) => fact.uuid));
      if (batch.some((fact) => left.has(fact.uuid))) break; // unanswered ones have their turn at the next round
    }
    const fresh = store.devices.get(device.key);
    if (fresh && fresh.status === "ready" && store.deviceFor(event)?.key === fresh.key) await poll(fresh);
  }

  async function round() {
    state.isSending = true;
    if (!store.devices.size) state.isOnline = navigator.onLine !== false;
    changed();
    for (const device of [...store.devices.values()]) {
      try { await serve(device); } catch (error) {
        await failed(device, error);
        if (error instanceof Unreached) break;
      }
    }
    state.isSending = false;
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
      .catch((error) => { state.isSending = false; state.trouble = error; changed(); })
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
