/* The first screen: which events this phone is prepared for, and what to do when it is not. */

import { button, clock, day, h, heading, icon, link, t, weight } from "./dom.js";
import { GONE } from "./store.js";

function insecure() {
  if (isSecureContext) return null;
  return h("div", { class: "alert alert-danger", role: "note" }, icon("alert-triangle"), " ", t("insecure"));
}

function newVersion(app) {
  if (!app.versions?.isNew) return null;
  // Not disabled, which would lose the focus.
  const take = button(t("new_version_take"), "refresh", () => app.versions.takeOver(), app.versions.isTaking ? "disabled" : "");
  if (app.versions.isTaking) take.setAttribute("aria-disabled", "true");
  return h("div", { class: "alert alert-info door-note" }, h("p", {}, t("new_version")), take);
}

/** How old and how large the list is, and whether the page opens without network. */
function readiness(app, event) {
  const made = t("pack_made", { n: event.guests, time: clock(event.made_at, event), size: weight(event.bytes || 0) });
  const isWhole = app.versions?.isKept;
  return h("p", { class: `door-ready${isWhole ? " is-whole" : ""}` }, icon(isWhole ? "circle-check" : "clock"), " ", made, ". ",
    isWhole ? t("ready_offline") : app.versions?.isPossible && isSecureContext ? t("page_coming") : t("page_online_only"));
}

function eventCard(app, device) {
  const event = app.store.events.get(device.event);
  const waiting = app.store.waiting(device.key).length;
  const isGone = GONE.has(device.status);
  const refresh = button(t("refresh_list"), "refresh", async (press) => {
    const pressed = press.currentTarget;
    pressed.disabled = true;
    let came = false;
    try { came = await app.sync.prepare(app.store.devices.get(device.key)); } catch (error) { app.broken(error); return; }
    const said = document.getElementById(`said-${device.key}`);
    if (said && !came) said.textContent = t("refresh_failed");
    pressed.disabled = false;
  });
  return h("section", { class: "card door-card" },
    h("div", { class: "card-body" },
      h("h2", { class: "door-event" }, event?.title || t("phone_of_an_event")),
      event && h("p", { class: "door-when" }, [day(event.starts_at, event), event.starts_at && clock(event.starts_at, event), event.venue].filter(Boolean).join(" · ")),
      h("p", { class: "door-when" }, icon("device-mobile"), " ", device.label),
      isGone ? h("p", { class: "alert alert-danger" }, t(`gone_${device.status}`)) : event && readiness(app, event),
      waiting > 0 && h("p", { class: "alert alert-warning" }, t("waiting_to_be_sent", { n: waiting })),
      h("p", { id: `said-${device.key}`, class: "door-said", role: "status" })),
    h("div", { class: "door-acts" },
      event && link(isGone ? t("see_list") : t("open_list"), "list-check", `#/e/${event.id}`, isGone ? "btn-lg" : "btn-primary btn-lg"),
      // The event may have been given a later date.
      event && (!isGone || device.status === "expired") && refresh));
}

function preparing(app, device) {
  const isOnline = app.sync.state.isOnline;
  return h("section", { class: "card door-card" },
    h("div", { class: "card-body" },
      h("h2", { class: "door-event" }, t("preparing")),
      h("p", {}, GONE.has(device.status) ? t(`gone_${device.status}`) : isOnline ? t("preparing_detail") : t("preparing_offline"))),
    !GONE.has(device.status) && h("div", { class: "door-acts" }, button(t("try_again"), "refresh", () => app.sync.kick(), "btn-lg")));
}

/** Names written without a list: the officer says which event they came to. */
function adoption(app, live) {
  const held = app.store.notes();
  if (!held.length) return null;
  if (!live.length) return h("p", { class: "alert alert-warning" }, t("notes_waiting", { n: held.length }), " ", h("a", { href: "#/catat" }, t("notes_see")));
  return h("section", { class: "card door-card" },
    h("div", { class: "card-body" }, h("h2", { class: "door-event" }, t("notes_adopt", { n: held.length })), h("p", {}, t("notes_adopt_detail"))),
    h("div", { class: "door-acts" },
      live.map((device) => link(app.store.events.get(device.event).title, "check", `#/catat/${device.event}`, "btn-primary btn-lg")),
      link(t("notes_see"), "list-check", "#/catat", "btn-lg")));
}

function draw(root, app) {
  const devices = [...app.store.devices.values()];
  const fresh = devices.filter((device) => !device.event);
  const shown = [...new Set(devices.map((device) => device.event).filter(Boolean))].map((event) => app.store.deviceFor(event));
  const live = shown.filter((device) => device && !GONE.has(device.status) && app.store.events.has(device.event));
  const next = h("div", {}, ...[
    heading(t("door")),
    insecure(), newVersion(app), adoption(app, live),
    ...fresh.map((device) => preparing(app, device)),
    ...shown.map((device) => eventCard(app, device)),
    // A helper has no account that would open the events' pages.
    !(live.length && devices.every((device) => device.kind === "helper")) && h("section", { class: "card door-card" },
      h("div", { class: "card-body" },
        h("h2", { class: "door-event" }, shown.length ? t("another_event") : t("not_prepared")),
        h("p", {}, t("how_to_prepare"))),
      h("div", { class: "door-acts" },
        h("a", { class: "btn btn-lg", href: "/kegiatan/" }, icon("calendar-event"), h("span", {}, t("to_events"))),
        link(t("note_first"), "edit", "#/catat", "btn-lg"))),
  ]);
  // Drawn anew without need, a button would slip from under the finger.
  if (root.firstElementChild?.isEqualNode(next)) return;
  root.replaceChildren(next);
}

export function mount(root, app) {
  draw(root, app);
  const again = () => {
    const held = root.contains(document.activeElement) ? document.activeElement : null;
    const place = held && [...root.querySelectorAll("a, button, h1")].indexOf(held);
    draw(root, app);
    if (held) root.querySelectorAll("a, button, h1")[place]?.focus({ preventScroll: true });
  };
  return { update: again, sent() { if (app.store.devices.size && [...app.store.devices.values()].some((device) => !device.event)) again(); } };
}
