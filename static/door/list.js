/* The list of an event: search a few letters, tap the name. */

import { announce, button, clock, day, h, heading, icon, link, t } from "./dom.js";
import { GONE } from "./store.js";
import { OFFICIALS } from "./presence.js";
import { makeIndex, search } from "./names.js";
import { BUTTONS } from "./more.js";

const AT_ONCE = 60, REST_MS = 800, LONG_BEFORE_MS = 12 * 3600 * 1000;
/** Kept while the page lives: coming back from an answer leads to the same place. */
const place = { event: "", text: "", scroll: 0, shown: AT_ONCE, last: "" };
let index = null, order = [], indexed = "";

const collator = new Intl.Collator("id");
const byName = (a, b) => (!a.name - !b.name) || collator.compare(a.name || a.organisation, b.name || b.organisation);

/** The list in its order: sorted anew, and to be indexed anew, only when a name came, left or changed. */
function ordered(app) {
  let letters = 0;
  app.people.forEach(({ id, name }) => {
    const text = id.slice(0, 10) + name;
    for (let at = 0; at < text.length; at += 1) letters = (letters * 31 + text.charCodeAt(at)) | 0;
  });
  const mark = `${app.event.id}:${app.people.size}:${letters}`;
  if (mark === indexed) return order;
  order = [...app.people.values()].sort(byName).map(({ id, name, organisation }) => ({ id, name, organisation }));
  index = null;
  indexed = mark;
  return order;
}

function indexOf(app) {
  const rows = ordered(app);
  return (index ||= makeIndex(rows));
}

function found(app, text) {
  return (text.trim() ? search(indexOf(app), text) : ordered(app)).map(({ id }) => app.people.get(id)).filter(Boolean);
}

export function nameOf(guest) {
  if (guest.name) return guest.name;
  if (guest.kind === "delegate") return guest.organisation ? t("delegate_whose", { name: guest.organisation }) : t("delegate_unnamed");
  return guest.kind === "walk_in" ? t("anonymous") : guest.organisation || t("anonymous");
}

function noteOf(app, guest) {
  const parts = [];
  if (guest.presentAt) {
    parts.push(t("in_at", { time: clock(guest.presentAt, app.event) }));
    if (guest.by) parts.push(guest.by);
  }
  if (guest.isReview) parts.push(t("to_review"));
  if (guest.isWaiting) parts.push(t("not_sent_yet"));
  const { name, organisation, kind } = guest;
  if (kind === "delegate" && organisation) parts.push(name ? t("delegate_of", { name: organisation }) : t("name_to_follow"));
  else if (name && organisation) parts.push(organisation); // Without a name, the institution stands in its place.
  else if (OFFICIALS.has(kind)) parts.push(t(kind));
  if (kind === "walk_in") parts.push(t("walk_in"));
  return parts.join(" · ");
}

function row(app, guest) {
  const name = nameOf(guest);
  return h("li", { class: `roll-row${guest.presentAt ? " is-present" : ""}${guest.isReview ? " is-review" : ""}` },
    h("button", {
      type: "button", class: "roll-person roll-tap", "data-guest": guest.id,
      onclick() { Object.assign(place, { scroll: scrollY, last: guest.id }); app.admit(guest); },
    },
    h("span", { class: "roll-mark" }, guest.presentAt ? icon("check") : guest.isReview ? icon("clock") : null),
    h("span", { class: "roll-who" },
      h("span", { class: "visually-hidden" }, guest.presentAt ? t("already_spoken") : t("mark_spoken"), " "),
      h("span", { class: "roll-name" }, name),
      h("span", { class: "roll-note" }, noteOf(app, guest)))));
}

function section(app, id, title, people, extra = "") {
  if (!people.length) return null;
  return h("section", { class: "card door-list", "aria-labelledby": id },
    h("h2", { class: "roll-section", id }, title, " ", h("span", { class: "roll-note" }, extra)),
    h("ul", { class: "roll" }, people.slice(0, place.shown).map((guest) => row(app, guest))),
    people.length > place.shown && h("div", { class: "door-acts" }, button(t("more_names", { n: people.length - place.shown }), "chevron-down", () => app.showMore(id))));
}

function drawList(root, app) {
  const text = place.text;
  const all = found(app, text);
  const guests = all.filter((guest) => !OFFICIALS.has(guest.kind));
  const officials = all.filter((guest) => OFFICIALS.has(guest.kind));
  const { present, walkIns, officials: leaders, personnel } = app.counts;
  // Whoever sends a delegate stands in the list twice over: how many were asked, the server knows.
  const invited = app.event.counts?.invited ?? app.counts.invited;
  const mark = JSON.stringify([text, place.shown, all.length, app.counts, invited, all.slice(0, place.shown).map((guest) => [guest.id, guest.name, guest.organisation, guest.presentAt, guest.by, guest.isWaiting, guest.isReview])]);
  if (root.dataset.mark === mark) return; // drawn anew, a row would slip from under the finger
  root.dataset.mark = mark;
  root.replaceChildren(...[
    section(app, "guests", t("guests"), guests, text ? "" : t("guests_sum", { present, invited, walk_ins: walkIns })),
    section(app, "officials", t("officials_and_personnel"), officials, text ? "" : t("officials_sum", { officials: leaders, personnel })),
    !all.length && h("div", { class: "card empty" }, GONE.has(app.device?.status)
      ? [h("p", {}, t("list_gone")), link(t("events"), "chevron-left", "#/", "btn-lg")]
      : [h("p", {}, text ? t("nobody_found", { text }) : t("nobody_listed")), link(t("add_walk_in"), "user-plus", app.at("tamu"), "btn-primary btn-lg")]),
  ].filter(Boolean));
}

function notices(app) {
  const { device, event } = app;
  return [
    device && GONE.has(device.status) && h("p", { class: "alert alert-danger", role: "note" }, t(`gone_${device.status}`)),
    event.closed && h("p", { class: "alert alert-warning", role: "note" }, t("event_closed")),
    !event.closed && Date.parse(event.starts_at || "") - app.sync.now() > LONG_BEFORE_MS
      && h("p", { class: "alert alert-warning", role: "note" }, t("long_before", { when: day(event.starts_at, event) })),
  ].filter(Boolean);
}

/** What is done all evening stays in sight; the rest is one tap away. */
function buttons(app) {
  const [first, ...rest] = BUTTONS.filter(([, , , isOffered]) => !isOffered || isOffered(app)).map(([part, word, sign]) => link(t(word), sign, app.at(part)));
  const turn = (isOpen) => { others.hidden = !isOpen; more.setAttribute("aria-expanded", String(isOpen)); };
  const leave = (event) => { if (event.key === "Escape" && !others.hidden) { turn(false); more.focus(); } };
  const others = h("div", { class: "door-others", id: "others", hidden: true, onkeydown: leave }, rest);
  const more = h("button", {
    type: "button", class: "btn btn-icon-only door-more", "aria-expanded": "false", "aria-controls": "others", onkeydown: leave,
    onclick() { turn(others.hidden); },
  }, icon("dots"), h("span", { class: "visually-hidden" }, t("more_acts")));
  return h("nav", { class: "door-buttons", "aria-label": t("acts") },
    first, link(t("add_walk_in"), "user-plus", app.at("tamu"), "btn-primary"), rest.length > 0 && more, others);
}

export function mount(root, app) {
  if (place.event !== app.event.id) Object.assign(place, { event: app.event.id, text: "", scroll: 0, shown: AT_ONCE, last: "" });
  const isBack = app.answered?.event === app.event.id;
  const wasSearching = place.text !== "";
  if (isBack) place.text = "";
  app.answered = null;
  const told = h("div", { id: "notices" }, notices(app));
  const results = h("div", { id: "people" });
  const input = h("input", {
    id: "search", type: "search", class: "form-control form-control-lg", autocomplete: "off", autocapitalize: "words", spellcheck: "false", maxlength: "80",
    placeholder: t("search_name"), value: place.text,
    oninput() { place.text = input.value; place.shown = AT_ONCE; drawList(results, app); sayHits(); },
  });
  /** For who does not see the list: how many names are left, once the typing rests. */
  let resting = 0;
  function sayHits() {
    clearTimeout(resting);
    if (!place.text.trim()) return;
    resting = setTimeout(() => {
      const { length } = found(app, place.text);
      announce(length ? t("hits", { n: length }) : t("no_hits"));
    }, REST_MS);
  }
  app.showMore = (id) => {
    const rows = () => results.querySelectorAll(`[aria-labelledby="${id}"] .roll-tap`);
    const before = rows().length;
    place.shown += AT_ONCE * 4;
    drawList(results, app);
    rows()[before]?.focus({ preventScroll: true });
  };
  root.append(
    h("div", { class: "door-head" },
      link(t("events"), "chevron-left", "#/", "btn-sm door-back"),
      heading(app.event.title)),
    told,
    h("div", { class: "door-tools" },
      h("form", { role: "search", class: "door-search", onsubmit(event) { event.preventDefault(); results.querySelector(".roll-tap")?.focus(); } },
        h("label", { class: "visually-hidden", for: "search" }, t("search_label")), input),
      buttons(app)),
    results);
  drawList(results, app);
  // The first letter typed must not wait for it, nor be the first thing that is ever searched.
  setTimeout(() => search(indexOf(app), "sari wulandari"), 0);

  // Nor is it drawn anew between the finger's coming and its going.
  let isPressed = false, isLate = false;
  const press = () => { isPressed = true; };
  const release = () => setTimeout(() => { isPressed = false; if (isLate) update(); }, 0);
  results.addEventListener("pointerdown", press);
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, release);

  function update() {
    isLate = isPressed;
    if (isPressed) return;
    const held = document.activeElement?.dataset?.guest;
    told.replaceChildren(...notices(app));
    drawList(results, app);
    if (held) results.querySelector(`[data-guest="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
  }

  /** Back from an answer: where the thumb was; who types finds the empty search box. */
  function focus() {
    if (!isBack) return false;
    scrollTo({ top: wasSearching ? 0 : place.scroll, behavior: "instant" });
    if (app.byKeyboard) { input.focus({ preventScroll: true }); return true; }
    const last = results.querySelector(`[data-guest="${CSS.escape(place.last)}"]`);
    last?.focus({ preventScroll: true });
    return Boolean(last);
  }

  function unmount() {
    clearTimeout(resting);
    for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, release);
  }

  return { update, focus, unmount };
}
