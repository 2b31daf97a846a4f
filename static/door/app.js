/* The door: one page whose screens follow the address after "#". What an officer taps is written to the phone first and
   shown after; the network has no part in it. */

import { announce, button, config, h, heading, icon, t, words } from "./dom.js";
import { GONE, StorageError, open } from "./store.js";
import { createSync } from "./sync.js";
import { counts, people, settledId, undoable } from "./presence.js";
import { tell } from "./feedback.js";
import { digest } from "./camera.js";
import { SCREENS as MORE, lockedEvent } from "./more.js";
import * as held from "./held.js";
import * as start from "./start.js";
import * as list from "./list.js";
import * as answer from "./answer.js";
import * as walkin from "./walkin.js";
import * as delegate from "./delegate.js";
import * as queue from "./queue.js";
import * as notes from "./notes.js";
import { drawStrip } from "./strip.js";
import { watchVersions } from "./versions.js";

const ROOT = document.getElementById("door");
const TOP = document.getElementById("door-top");
/** Parts of the address below "#/" and below "#/e/<event>/". */
const SCREENS = { "": start, catat: notes, kirim: queue };
const OF_EVENT = { "": list, jawab: answer, tamu: walkin, nama: delegate, ...MORE };

let screen = null, store = null, sync = null, isBroken = false, isShut = false;
let byCode = new Map();
const busy = new Set();

const app = {
  config, words, t,
  event: null, device: null, people: new Map(), counts: counts(new Map()), facts: [],
  /** How many are present, at each event that the screen may speak of. */
  here: [],
  /** The last answer, as the answer screen shows it. */
  answered: null,
  /** How the officer last touched the phone: who taps is not shown the keyboard. */
  byKeyboard: false,
  route: { name: "", argument: "" },
  go(hash) { if (location.hash === hash) show(); else location.hash = hash; },
  /** In the place of this screen, which the back button then leaves out: a form that was sent, an answer that was read. */
  instead(hash) { if (location.hash === hash) show(); else location.replace(hash); },
  home: () => (app.event ? `#/e/${app.event.id}` : "#/"),
  /** From a phone whose time is over, or on a closed list, somebody looks before it counts. */
  isLookedAt: () => Boolean(app.event && (app.event.closed || GONE.has(app.device?.status))),
  at: (part) => `#/e/${app.event.id}/${part}`,
  say, record, admit, admitByCode, undo, broken,
};

/** Who is here at an event, from what the phone holds. */
function peopleOf(event, rows) {
  return people(rows, store.ofEvent(event.id), store.deviceFor(event.id)?.label || "", event.offset || 0, store.labels(event.id));
}

/** Where no event is open: how many are at each of those whose list lies here. */
async function lookAround() {
  const known = [...store.events.values()].filter((event) => !GONE.has(store.deviceFor(event.id)?.status));
  const rows = await Promise.all(known.map((event) => store.rows(event.id)));
  if (!app.event) app.here = known.map((event, at) => counts(peopleOf(event, rows[at])).present);
}

/** What the current event looks like now, from what the phone holds. */
async function look() {
  if (!app.event) { await lookAround(); return; }
  const { id } = app.event;
  const rows = await store.rows(id);
  if (app.event?.id !== id) return; // the officer went on meanwhile
  app.event = store.events.get(id) || app.event;
  app.device = store.deviceFor(id);
  app.facts = store.ofEvent(id);
  app.people = peopleOf(app.event, rows);
  app.counts = counts(app.people);
  app.here = [app.counts.present];
  byCode = new Map();
  app.people.forEach((guest) => { if (guest.qr) byCode.set(guest.qr, guest.id); });
}

/** Write a fact. @returns it, or null when the phone could not: then the screen is red already. */
async function record(fields) {
  let fact;
  try {
    fact = await store.addFact(fields, app.device);
  } catch (error) {
    broken(error, fields.shown || fields.name || "");
    return null;
  }
  healed();
  await looking;
  sync.kick();
  return fact;
}

/** Somebody is here: green once it is written, amber when it was known before. */
async function admit(tapped, extra = {}) {
  const guest = app.people.get(tapped.id) || tapped;
  // Marked by somebody else while the name was typed: the name is still wanted.
  const isNaming = guest.kind === "delegate" && !guest.name && extra.name;
  if (guest.presentAt && !isNaming) {
    say("amber", guest.name || guest.organisation, "", { word: t("already"), guest: guest.id, by: guest.by, at: guest.presentAt });
    return;
  }
  if (guest.kind === "delegate" && !guest.name && !extra.name) { app.go(app.at(`nama/${guest.id}`)); return; }
  if (busy.has(guest.id)) return;
  busy.add(guest.id);
  try {
    const shown = extra.name || guest.name || guest.organisation;
    if (guest.id.startsWith("f:")) { say("amber", shown, t("to_review"), { word: t("kept") }); return; }
    const fact = await record({ kind: "present", participant: guest.id, shown, ...extra });
    const [kind, word] = guest.presentAt ? ["amber", t("already")] : ["green", t("admitted")];
    if (fact) say(kind, shown, guest.organisation === shown ? "" : guest.organisation, { word, guest: guest.id, by: guest.by, at: app.people.get(guest.id)?.presentAt || fact.at, guestKind: guest.kind });
  } finally { busy.delete(guest.id); }
}

/** The token that a code holds: somebody on the list, or a fact that the server will name. */
async function admitByCode(token) {
  const id = byCode.get(await digest(token));
  if (id) { await admit(app.people.get(id), { qr: token }); return; }
  const fact = await record({ kind: "present", participant: null, qr: token, shown: t("unknown_code") });
  if (fact) say("amber", t("unknown_code"), t("unknown_code_detail"), { word: t("kept"), at: fact.at, isKept: true });
}

/** Takes back what this phone wrote of a guest in the last 15 minutes: facts of their own, nothing is erased. */
async function undo(named) {
  const id = settledId(app.facts, named);
  const guest = app.people.get(id);
  for (const meant of undoable(app.facts, id, app.event.offset)) {
    const fact = await record({ kind: "undo", undoes: meant.uuid, shown: guest?.name || "" });
    if (!fact) return;
  }
  const still = app.people.get(id);
  if (still?.presentAt) say("amber", still.name, "", { word: t("still_in"), guest: id, by: still.by, at: still.presentAt });
  else say("amber", guest?.name || t("anonymous"), "", { word: t("undone"), isUndone: true });
}

/** The big answer, seen, heard, felt and read out. */
function say(kind, title, detail = "", more = {}) {
  if (isShut) return;
  if (kind === "green" && app.isLookedAt()) {
    kind = "amber";
    detail = [detail, t("to_review")].filter(Boolean).join(" · ");
    more = { ...more, word: t("kept"), isKept: true };
  }
  const isFirst = app.route.name !== "jawab";
  const isOnTop = isFirst ? location.hash === app.home() : app.answered?.isOnTop;
  app.answered = { kind, title, detail, event: app.event?.id, isOnTop, ...more };
  tell(kind);
  announce([more.word, title, detail].filter(Boolean).join(". "));
  if (screen?.answer?.(app.answered)) return;
  if (isOnTop) app.go(app.at("jawab")); else app.instead(app.at("jawab"));
}

/** The phone could not keep something: all of the screen says so, and what to do instead. */
function broken(error, name = "") {
  isBroken = true;
  leave();
  document.body.classList.add("is-broken");
  tell("red");
  const reason = error.isFull ? t("broken_full") : error.isOutdated ? t("broken_old") : t("broken_reason");
  ROOT.replaceChildren(h("section", { class: "door-answer is-red", role: "alert" },
    icon("alert-triangle"),
    h("p", { class: "answer-word" }, t("not_kept")),
    heading(name || t("broken_title")),
    h("p", { class: "answer-detail" }, reason),
    h("p", { class: "answer-detail" }, t("broken_do")),
    h("p", { class: "answer-code" }, error.message),
    h("div", { class: "answer-acts" },
      // What was typed stays where it was.
      store && button(t("try_again"), "arrow-back-up", () => { isBroken = false; show(); }, "btn-lg"),
      button(t("reload"), "refresh", () => location.reload(), "btn-lg"))));
  ROOT.querySelector("h1").focus();
  retitle(t("not_kept"));
  strip({ isBroken: true });
}

/** In hands that are not an officer's it says its figures, and leads nowhere. */
function strip(more = {}) {
  drawStrip(TOP, app, { isBare: isShut || Boolean(store && lockedEvent(store)), ...more });
}

/** A write that succeeded proves that the phone keeps things again. */
function healed() {
  isBroken = false;
  document.body.classList.remove("is-broken");
}

function leave() {
  if (typeof screen === "function") screen();
  else screen?.unmount?.();
  screen = null;
}

function parse(hash) {
  let parts = [""];
  try { parts = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent); } catch { /* No address of ours: the start. */ }
  const [first = "", event = "", name = "", argument = ""] = parts;
  return first === "e" ? { event, name, argument } : { event: null, name: first, argument: event };
}

let turn = 0;

/** Draw the screen that the address names. */
async function show() {
  const mine = (turn += 1);
  if (await takeToken()) return;
  isShut = held.isHeld();
  if (isShut) { shut(); return; }
  const locked = lockedEvent(store);
  const route = locked ? { event: locked, name: "meja", argument: "" } : parse(location.hash);
  const event = route.event && store.events.get(route.event);
  if (route.event && !event) { app.go("#/"); return; }
  app.route = route;
  app.event = event || null;
  if (route.name !== "kirim") app.before = route.name === "jawab" ? app.home() : location.hash;
  app.device = null;
  try { await look(); } catch (error) { broken(error); return; }
  if (mine !== turn) return;
  const table = event ? OF_EVENT : SCREENS;
  leave();
  document.body.classList.remove("is-broken");
  document.body.dataset.screen = route.name || (event ? "list" : "start");
  ROOT.replaceChildren();
  strip();
  screen = (table[route.name] || table[""]).mount(ROOT, app) || {};
  focus();
}

/** Numbers alone, of what the page itself no longer holds. */
async function figures() {
  strip();
  try { await lookAround(); } catch { return; /* The next write says so. */ }
  if (isShut && !isBroken) strip();
}

/** A guest holds the phone: nothing of the evening is left on the page. What is written goes on being sent; and an officer
 *  without network may still write down who comes. */
function shut() {
  leave();
  isBroken = false;
  Object.assign(app, { event: null, device: null, people: new Map(), counts: counts(new Map()), facts: [], here: [], answered: null });
  byCode = new Map();
  document.body.classList.remove("is-broken", "is-kiosk");
  document.body.dataset.screen = "held";
  announce("");
  ROOT.replaceChildren();
  figures();
  screen = (location.hash === held.NOTES ? notes.mountBare : held.mount)(ROOT, app);
  focus();
}

/** The mark comes and goes in another window. @returns whether the page is shut. */
function watch() {
  if (store && sync && held.isHeld() !== isShut) show();
  return isShut || held.isHeld();
}

/** What the history of the browser keeps of a screen, longer than the phone keeps the list: a word of its own, never its
 *  heading, where names may stand. */
const TITLES = {
  start: "door", list: "guests", catat: "note_first", kirim: "sending", tamu: "walk_in_guest", nama: "delegate_name",
  pindai: "scan_title", komitmen: "pledge_title", laporan: "report_title", meja: "kiosk_lock",
};

function retitle(word) { document.title = `${word} · Rembuk`; }

function focus() {
  const title = ROOT.querySelector("h1");
  const { screen: name } = document.body.dataset;
  retitle((name === "jawab" && app.answered?.word) || t(TITLES[name] || "door"));
  if (screen.focus?.() === true) return;
  scrollTo({ top: 0, behavior: "instant" });
  title?.focus({ preventScroll: true });
}

/** The address that an officer's page, or a helper's link, led to holds the phone's token: it is kept and taken away. */
async function takeToken() {
  const token = /^#t=([A-Za-z0-9_-]{20,100})$/.exec(location.hash)?.[1];
  if (!token) return false;
  try {
    await store.addDevice(token);
    healed();
  } catch (error) { broken(error); return true; }
  history.replaceState(null, "", `${location.pathname}#/`);
  await show();
  sync.kick();
  return true;
}

let looking = null;

/** After every write, here or in another window. */
function changed() { looking = refresh(); }

async function refresh() {
  if (watch()) { if (isShut && !isBroken) await figures(); return; }
  if (isBroken) return;
  // Its time is over, and its list has left the phone.
  if (app.event && !store.events.has(app.event.id)) { app.go("#/"); return; }
  // A tablet's list has just come.
  const locked = lockedEvent(store);
  if (locked && (app.route.name !== "meja" || app.event?.id !== locked)) { await show(); return; }
  try { await look(); } catch (error) { broken(error); return; }
  strip();
  screen?.update?.();
}

function redraw() {
  if (watch()) { if (isShut && !isBroken) strip(); return; }
  const { trouble } = sync.state;
  sync.state.trouble = null;
  if (trouble instanceof StorageError) { broken(trouble); return; }
  if (trouble) console.error(trouble);
  if (!isBroken) strip();
  screen?.sent?.();
}

/** Escape leads back, as the button of the screen does; out of a field that holds something typed it does not. */
function escape(event) {
  const { target, key } = event;
  if (key !== "Escape" || event.defaultPrevented || document.body.dataset.screen === "list") return;
  if (target.matches("input:not([type=radio], [type=checkbox])") && target.value) return;
  ROOT.querySelector(".door-back")?.click();
}

async function begin() {
  history.scrollRestoration = "manual"; // each screen knows where it begins
  addEventListener("keydown", () => { app.byKeyboard = true; }, true);
  addEventListener("pointerdown", () => { app.byKeyboard = false; }, true);
  addEventListener("keydown", escape);
  try {
    store = await open();
    app.store = store;
    sync = createSync({ store, config });
    app.sync = sync;
    await store.purge(sync.now());
  } catch (error) { broken(error); return; }
  store.onChange(changed);
  sync.onChange(redraw);
  addEventListener("hashchange", show);
  for (const name of ["pageshow", "focus"]) addEventListener(name, watch);
  document.addEventListener("visibilitychange", watch);
  app.versions = watchVersions(config.worker, {
    changed: () => screen?.update?.(),
    isFree: () => document.body.dataset.screen === "start", // there is no field on it
  });
  await show();
  sync.start();
  store.persist();
}

begin();
