/* The line that is always there: network, what waits, when last sent, how many are here. */

import { announce, clock, h, icon, t } from "./dom.js";

let wasOnline = null;

/** `isBare`: figures alone, for hands that are not an officer's. */
export function drawStrip(top, app, { isBroken = false, isBare = false } = {}) {
  const { store, sync, event } = app;
  const waiting = store ? store.waiting().length + store.notes().length : 0;
  const rejected = store?.rejected().length || 0;
  // Until the first answer of the server nobody knows.
  const asked = sync?.state.isOnline ?? null;
  const isOnline = asked !== false;
  const last = sync?.state.lastSync || event?.synced;
  const place = event || [...(store?.events.values() || [])][0];
  const cell = (label, value, more = "") => h("span", { class: `strip-cell ${more}`.trim() }, h("b", {}, value), h("small", {}, label));
  const network = isBroken ? t("strip_broken") : asked === null ? t("strip_asking") : isOnline ? t("strip_online") : t("strip_offline");
  const state = [isBroken ? "is-broken" : !isOnline && "is-offline", rejected && "has-rejected", isBare && "is-bare"].filter(Boolean);
  const line = h(isBare ? "div" : "a", { class: ["door-strip", ...state].join(" "), href: !isBare && "#/kirim" },
    h("span", { class: "strip-cell" }, icon(isBroken ? "alert-triangle" : isOnline ? "wifi" : "wifi-off"), h("small", {}, network)),
    cell(t("strip_waiting"), String(waiting), waiting ? "is-waiting" : ""),
    cell(t("strip_last"), last ? clock(last, place) : t("strip_never")),
    // One number for each event of which the phone knows one.
    cell(t("strip_present"), app.here.join(" + ") || "–"),
    rejected > 0 && cell(t("strip_rejected"), String(rejected), "is-rejected"));
  const before = top.querySelector(".door-strip");
  if (before && before.className === line.className && before.textContent === line.textContent) return;
  const hadFocus = before && before === document.activeElement;
  top.replaceChildren(line);
  if (hadFocus) line.focus();
  if (wasOnline !== null && asked !== null && wasOnline !== asked) announce(asked ? t("strip_online") : t("strip_offline_said"));
  wasOnline = asked ?? wasOnline;
}
