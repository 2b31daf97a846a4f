/* The tablet at the table: one event, one guest at a time. Nothing of it tells who else is here: no list, no name but the
   guest's own, and a name that was recorded before is welcomed like any other. */

import { announce, button, config, h, head, heading, icon, t } from "./dom.js";
import { digest } from "./camera.js";
import { tell } from "./feedback.js";
import { lettersIn, makeIndex, search } from "./names.js";
import { viewfinder } from "./scan.js";

const KEY = "rembuk-door-kiosk";
/** The end of the address that logging out leads back to. */
const OUT = "keluar";
const LETTERS = 3, MOST = 5, WELCOME_MS = 6000, IDLE_MS = 45000, HOLD_MS = 3000;

/** What was chosen at each event: locked, or opened by an officer. */
function choices() {
  try { return { ...JSON.parse(localStorage.getItem(KEY)) }; } catch { return {}; }
}

/** Of the events whose lists lie here; of others nobody asks any more. */
function choose(store, changes) {
  const kept = Object.entries({ ...choices(), ...changes }).filter(([event]) => store.events.has(event));
  try { localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept))); } catch { /* Then the lock ends with the page. */ }
}

/** The event that this device is locked to, or null. A tablet registered as one is locked until an officer opens it, at
 *  each event anew. */
export function lockedEvent(store) {
  const chosen = choices();
  const isTablet = (device) => device.kind === "kiosk" && device.status === "ready";
  const newest = [...store.devices.values()].filter((device) => store.events.has(device.event)).sort((a, b) => b.added - a.added);
  return newest.find((device) => chosen[device.event] ?? isTablet(device))?.event || null;
}

export function mount(root, app) {
  const isLocked = lockedEvent(app.store) === app.event.id;
  document.body.classList.toggle("is-kiosk", isLocked);
  return isLocked ? table(root, app) : offer(root, app);
}

/** An officer's phone or tablet becomes the one at the table. Whether it is logged in, this page cannot know: only who
 *  comes from logging out is not told to. */
function offer(root, app) {
  const isOut = app.route.argument === OUT;
  const start = () => { choose(app.store, { [app.event.id]: true }); app.instead(app.at("meja")); };
  const back = `${location.pathname}${app.at(`meja/${OUT}`)}`;
  root.append(head(t("kiosk_lock"), app.home()), h("p", {}, t("kiosk_lock_detail", { label: app.device?.label || "" })),
    isOut ? h("p", { class: "alert alert-success" }, t("kiosk_logged_out")) : h("p", { class: "alert alert-warning" }, t("kiosk_logged_in")),
    h("div", { class: "kiosk-acts" },
      !isOut && h("a", { class: "btn btn-primary btn-lg kiosk-logout", href: `${config.logout}?next=${encodeURIComponent(back)}` }, icon("logout"), h("span", {}, t("kiosk_logout"))),
      button(t(isOut ? "kiosk_start" : "kiosk_start_out"), "lock", start, `btn-lg kiosk-start ${isOut ? "btn-primary" : ""}`)));
  return {};
}

function table(root, app) {
  const body = h("div", { class: "kiosk" });
  root.append(body);
  let finder = null, timer = 0, index = null, indexed = null, isBusy = false;

  const later = (act, after) => { clearTimeout(timer); timer = setTimeout(act, after); };
  const shut = () => { finder?.stop(); finder = null; clearTimeout(timer); };
  const known = () => [...app.people.values()].filter((guest) => guest.name && !guest.id.startsWith("f:"));

  function welcome() {
    shut();
    const hits = h("div", { class: "kiosk-hits", "aria-live": "polite" });
    const field = h("input", {
      class: "form-control form-control-lg", id: "kiosk-name", type: "text", maxlength: "80", autocomplete: "off", autocapitalize: "words", spellcheck: "false",
      oninput() { later(welcome, IDLE_MS); find(field.value, hits); },
    });
    body.replaceChildren(
      h("p", { class: "kiosk-event" }, app.event.title), heading(t("kiosk_welcome")), h("p", { class: "kiosk-how" }, t("kiosk_how")),
      button(t("kiosk_code"), "qrcode", scan, "btn-primary btn-lg kiosk-code"),
      h("label", { class: "form-label", for: "kiosk-name" }, t("kiosk_name")), field, hits, door());
    body.querySelector("h1").focus({ preventScroll: true });
  }

  function find(text, hits) {
    if (lettersIn(text) < LETTERS) { hits.replaceChildren(h("p", {}, t("kiosk_letters"))); return; }
    if (indexed !== app.people) [index, indexed] = [makeIndex(known()), app.people];
    const found = search(index, text, MOST);
    if (!found.length) { hits.replaceChildren(h("p", {}, t("kiosk_nobody"))); return; }
    hits.replaceChildren(h("p", {}, t("kiosk_is_you")), h("ul", { class: "kiosk-list" }, found.map((guest) => h("li", {},
      h("button", { type: "button", class: "btn btn-lg kiosk-guest", onclick: () => come(guest) },
        h("span", { class: "kiosk-guest-name" }, guest.name), guest.organisation && h("small", {}, guest.organisation))))));
  }

  function scan() {
    shut();
    const byName = button(t("kiosk_back"), "chevron-left", welcome, "btn-lg door-back");
    finder = viewfinder(read, { blind: t("kiosk_blind") });
    body.replaceChildren(heading(t("kiosk_code")), finder.element, h("div", { class: "scan-acts" }, byName));
    body.querySelector("h1").focus();
    later(welcome, IDLE_MS);
  }

  async function read(token) {
    const code = token && (await digest(token));
    const guest = code && [...app.people.values()].find((one) => one.qr === code);
    if (guest) { await come(guest, { qr: token }); return; }
    shut();
    show("amber", t("kiosk_ask"), t("kiosk_ask_detail"));
  }

  /** Written first; whoever is known to be here is not written again, and is told the same. */
  async function come(guest, extra = {}) {
    if (isBusy) return;
    isBusy = true;
    try {
      shut();
      const shown = guest.name || guest.organisation;
      const held = app.people.get(guest.id);
      if (!guest.name) { show("amber", t("kiosk_ask"), ""); return; }
      if (!held?.presentAt && !(await app.record({ kind: "present", participant: guest.id, shown, ...extra }))) return;
      if (app.isLookedAt()) show("amber", t("kiosk_come", { name: shown }), t("kiosk_ask"));
      else show("green", t("kiosk_come", { name: shown }), t("kiosk_come_detail"));
    } finally { isBusy = false; }
  }

  function show(kind, title, detail) {
    tell(kind);
    announce(`${title}. ${detail}`);
    body.replaceChildren(h("section", { class: `door-answer is-${kind}` }, icon(kind === "green" ? "circle-check" : "info-circle"),
      heading(title), detail && h("p", { class: "answer-detail" }, detail), h("div", { class: "answer-acts" }, button(t("kiosk_back"), "chevron-left", welcome, "btn-lg door-back"))));
    body.querySelector("h1").focus();
    later(welcome, WELCOME_MS);
  }

  /** The way out: held for three seconds, then the name of the device. With the keyboard, held as long. */
  function door() {
    let hold = 0;
    const begin = () => { clearTimeout(hold); hold = setTimeout(ask, HOLD_MS); };
    const end = () => clearTimeout(hold);
    const lock = h("button", {
      type: "button", class: "btn kiosk-door", onpointerdown: begin, onpointerup: end, onpointerleave: end, onpointercancel: end,
      onkeydown(event) { if (!event.repeat && ["Enter", " "].includes(event.key)) begin(); }, onkeyup: end, onblur: end,
      oncontextmenu(event) { event.preventDefault(); },
    }, icon("lock"), h("span", {}, t("kiosk_leave")));
    return lock;
  }

  function ask() {
    shut();
    const wrong = h("p", { class: "text-danger", role: "alert" });
    const field = h("input", { class: "form-control form-control-lg", id: "kiosk-label", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
    const form = h("form", {
      class: "kiosk-ask", onsubmit(event) {
        event.preventDefault();
        if (field.value.trim().toLowerCase() !== (app.device?.label || "").toLowerCase()) { wrong.textContent = t("kiosk_leave_wrong"); return; }
        // Of all of them: opened at one, the tablet must not lock itself to another of these evenings.
        choose(app.store, Object.fromEntries([...app.store.events.keys()].map((event) => [event, false])));
        document.body.classList.remove("is-kiosk");
        app.go(app.home());
      },
    }, heading(t("kiosk_unlock")), h("label", { class: "form-label", for: "kiosk-label" }, t("kiosk_leave_label")), field, wrong,
    h("div", { class: "kiosk-acts" }, h("button", { class: "btn btn-primary btn-lg" }, t("kiosk_unlock")), button(t("kiosk_back"), "chevron-left", welcome, "btn-lg door-back")));
    body.replaceChildren(form);
    field.focus();
    later(welcome, IDLE_MS);
  }

  welcome();
  return {
    unmount() { shut(); document.body.classList.remove("is-kiosk"); },
  };
}
