/* What waits on this phone, and what the server did not take: both stay until they are sent, or looked at. */

import { button, clock, h, head, icon, link, t } from "./dom.js";
import { GONE } from "./store.js";
import { guestForm, mending } from "./walkin.js";

const KINDS = { present: "kind_present", walk_in: "kind_walk_in", undo: "kind_undo", pledge: "kind_pledge" };

function title(app, fact) {
  return fact.shown || fact.name || t("anonymous");
}

function about(app, fact) {
  const event = app.store.events.get(fact.event);
  return [t(KINDS[fact.kind] || "kind_present"), clock(fact.at, event), event?.title].filter(Boolean).join(" · ");
}

/** The fact that is about to be crossed out: asked once, on the button itself. */
let asked = "";

function removal(app, fact) {
  if (asked === fact.uuid) return button(t("remove_sure"), "trash", () => app.settleRejected(fact.uuid, false), "btn-danger");
  return button(t("remove"), "x", () => { asked = fact.uuid; app.redrawQueue(); });
}

function rejectedRow(app, fact) {
  return h("li", { class: "queue-row" },
    h("div", { class: "queue-who" }, h("b", {}, title(app, fact)), h("span", { class: "roll-note" }, about(app, fact)),
      h("span", { class: "queue-why" }, fact.answer?.sentence || t("rejected_unknown"))),
    h("div", { class: "queue-acts" }, fact.kind === "walk_in" && link(t("mend"), "edit", `#/kirim/${fact.uuid}`), button(t("send_again"), "send", () => app.settleRejected(fact.uuid, true)), removal(app, fact)));
}

const waitingRow = (app, fact) => h("li", { class: "queue-row" }, h("div", { class: "queue-who" }, h("b", {}, title(app, fact)), h("span", { class: "roll-note" }, about(app, fact))));

/** "Everything has been sent" is said of everything only. */
function standingOf(waiting, rejected, kept) {
  if (waiting.length) return t("waiting_to_be_sent", { n: waiting.length });
  if (kept.length) return "";
  return t(rejected.length ? "none_waiting" : "all_sent");
}

function draw(root, app) {
  const { store, sync } = app;
  const waiting = store.waiting(), rejected = store.rejected(), kept = store.notes();
  const gone = [...store.devices.values()].filter((device) => GONE.has(device.status));
  const last = sync.state.lastSync || Math.max(0, ...[...store.events.values()].map((event) => event.synced || 0));
  const mark = JSON.stringify([sync.state.isOnline, sync.state.refusal, clock(last), asked, kept.length, gone.map((device) => [device.key, device.status]), waiting.map((fact) => fact.uuid), rejected.map((fact) => fact.uuid)]);
  if (root.dataset.mark === mark) return; // drawn anew, a button would slip from under the finger
  root.dataset.mark = mark;
  root.replaceChildren(...[
    head(t("sending"), app.before || "#/"),
    h("p", { class: `alert ${sync.state.isOnline ? "alert-success" : "alert-warning"}` }, sync.state.isOnline ? t("is_online") : t("is_offline")),
    sync.state.refusal && h("p", { class: "alert alert-danger" }, sync.state.refusal),
    ...gone.map((device) => h("p", { class: "alert alert-danger" }, [app.store.events.get(device.event)?.title, device.label].filter(Boolean).join(" · "), ": ", t(`gone_${device.status}`))),
    h("p", {}, standingOf(waiting, rejected, kept), last > 0 && h("br"), last > 0 && t("last_sent", { time: clock(last) })),
    h("div", { class: "door-acts" }, button(t("send_now"), "send", () => sync.kick(), "btn-primary btn-lg")),
    rejected.length > 0 && h("section", { class: "card door-list", "aria-labelledby": "rejected" },
      h("h2", { class: "roll-section", id: "rejected" }, icon("alert-triangle"), " ", t("rejected", { n: rejected.length })),
      h("p", { class: "queue-lead" }, t("rejected_detail")),
      h("ul", { class: "roll" }, rejected.map((fact) => rejectedRow(app, fact)))),
    kept.length > 0 && h("p", { class: "alert alert-warning" }, t("notes_waiting", { n: kept.length }), " ", h("a", { href: "#/catat" }, t("notes_see"))),
    waiting.length > 0 && h("section", { class: "card door-list", "aria-labelledby": "waiting" },
      h("h2", { class: "roll-section", id: "waiting" }, t("waiting")),
      h("ul", { class: "roll" }, waiting.slice(0, 100).map((fact) => waitingRow(app, fact)))),
  ].filter(Boolean));
}

/** A walk-in that the server did not take, such as for a phone number with a digit too few. */
function mendScreen(root, app, fact) {
  const setAside = mending(fact);
  const mend = async (fields) => {
    const at = Number.isNaN(Date.parse(fact.at)) ? new Date().toISOString() : fact.at;
    try { await app.store.look(fact.uuid, { again: true, mended: { ...fields, at } }); } catch (error) { app.broken(error); return; }
    app.sync.kick();
    app.instead("#/kirim");
  };
  root.append(
    head(t("mend_title", { name: title(app, fact) }), "#/kirim"),
    h("p", { class: "alert alert-warning" }, fact.answer?.sentence || t("rejected_unknown")),
    guestForm(app, { mend }));
  return { unmount: setAside };
}

export function mount(root, app) {
  const meant = app.store.facts.get(app.route.argument);
  if (meant?.status === "rejected" && meant.kind === "walk_in") return mendScreen(root, app, meant);
  app.settleRejected = async (uuid, again) => {
    try {
      await app.store.look(uuid, { again });
      root.querySelector("h1")?.focus();
      if (again) app.sync.kick();
    } catch (error) { app.broken(error); }
  };
  const place = h("div", {});
  root.append(place);
  app.redrawQueue = () => again(place, app);
  asked = "";
  draw(place, app);
  return { update: app.redrawQueue, sent: app.redrawQueue };
}

/** Drawn anew without losing the place of the keyboard. */
function again(root, app) {
  const places = () => [...root.querySelectorAll("a, button, h1")];
  const place = places().indexOf(document.activeElement);
  draw(root, app);
  if (place >= 0) places()[Math.min(place, places().length - 1)].focus({ preventScroll: true });
}
