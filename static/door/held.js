/* The officer's phone in a guest's hand: this page lies on the phone, so no server can shut it. It reads the mark that the
   server leaves with the guest's answer, and takes away with the officer's password (accounts/handover.py). */

import { config, h, heading, icon, link, t } from "./dom.js";

/** Where an officer without network goes on: the one screen that may be open, for it shows no name. */
export const NOTES = "#/catat/tahan";

export const isHeld = () => document.cookie.split("; ").some((cookie) => cookie.startsWith(`${config.held.mark}=`));

export function mount(root) {
  root.append(h("section", { class: "card door-card" },
    h("div", { class: "card-body" }, icon("lock"), heading(t("held")), h("p", {}, t("held_detail"))),
    h("div", { class: "door-acts" }, h("a", { class: "btn btn-primary btn-lg", href: config.held.password }, icon("lock"), h("span", {}, t("held_open"))))),
  // Two taps away: a guest in a hurry goes past it.
  h("details", { class: "card door-card held-offline" },
    h("summary", { class: "card-body" }, t("held_offline")),
    h("div", { class: "card-body" }, h("p", {}, t("held_offline_detail"))),
    h("div", { class: "door-acts" }, link(t("note_first"), "edit", NOTES, "btn-lg"))));
  return {};
}
