/* "Catat dulu": a phone that was never prepared still loses nobody. Names are written without a list, and the event is
   chosen when there is one. */

import { announce, button, clock, h, head, heading, icon, link, t } from "./dom.js";
import { guestForm, mending } from "./walkin.js";

/** The note that is about to be crossed out: asked once, on the button itself, for nobody else knows of this guest. */
let asked = "";

function row(app, fact, again) {
  const drop = async () => {
    try { await app.store.dropNote(fact.uuid); } catch (error) { app.broken(error); }
  };
  return h("li", { class: "queue-row", "data-note": fact.uuid },
    h("div", { class: "queue-who" }, h("b", {}, fact.shown || t("anonymous")), h("span", { class: "roll-note" }, clock(fact.at))),
    h("div", { class: "queue-acts" }, asked === fact.uuid
      ? button(t("remove_sure"), "trash", drop, "btn-danger")
      : button(t("cross_out"), "x", () => { asked = fact.uuid; again(); })));
}

function drawNotes(root, app) {
  const again = () => {
    drawNotes(root, app);
    root.querySelector(`[data-note="${asked}"] button`)?.focus({ preventScroll: true });
  };
  const held = app.store.notes();
  const hadFocus = root.contains(document.activeElement);
  root.replaceChildren(...[held.length > 0 && h("section", { class: "card door-list", "aria-labelledby": "notes" },
    h("h2", { class: "roll-section", id: "notes" }, t("notes_held", { n: held.length })),
    h("ul", { class: "roll" }, held.map((fact) => row(app, fact, again)).reverse()))].filter(Boolean));
  // The note that had it was crossed out.
  if (hadFocus) (root.querySelector("button") || document.querySelector("#door h1"))?.focus({ preventScroll: true });
}

const plain = (text) => text.toLocaleLowerCase("id").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

/** Who was noted and stands on the list under that very name came as a guest, not beside them. */
async function matched(app, event) {
  const rows = await app.store.rows(event);
  const byName = new Map();
  rows.forEach((one) => { const name = plain(one[1] || ""); if (name) byName.set(name, byName.has(name) ? null : one); });
  return app.store.notes().map((fact) => ({ fact, guest: byName.get(plain(fact.name || "")) || null }));
}

function adoption(root, app, event) {
  const about = app.store.events.get(event);
  root.append(
    h("div", { class: "door-head" }, link(t("back"), "chevron-left", "#/", "btn-sm door-back"), heading(t("notes_into", { title: about.title }))),
    h("p", { class: "door-lead" }, t("notes_into_detail")));
  const place = h("div", {});
  root.append(place);
  matched(app, event).then((pairs) => {
    const chosen = new Map(pairs.map(({ fact, guest }) => [fact.uuid, { isIn: true, guest }]));
    place.append(
      h("ul", { class: "card roll" }, pairs.map(({ fact, guest }) => h("li", { class: "queue-row" },
        h("label", { class: "door-choice", for: `in-${fact.uuid}` },
          h("input", { type: "checkbox", class: "form-check-input", id: `in-${fact.uuid}`, checked: true, onchange(press) { chosen.get(fact.uuid).isIn = press.target.checked; } }),
          h("span", {}, h("b", {}, fact.shown || t("anonymous")), " ", h("span", { class: "roll-note" }, clock(fact.at, about), " · ", guest ? t("on_the_list") : t("walk_in"))))))),
      h("div", { class: "door-acts" }, button(t("notes_put_in"), "check", async (press) => {
        press.currentTarget.disabled = true;
        const taken = [...chosen].filter(([, { isIn }]) => isIn).map(([uuid, { guest }]) => (guest ? { uuid, kind: "present", participant: guest[0], name: undefined, contact: undefined, consent: undefined } : { uuid }));
        try { if (taken.length) await app.store.adoptNotes(taken, app.store.deviceFor(event)); } catch (error) { app.broken(error); return; }
        app.sync.kick();
        app.instead(`#/e/${event}`);
      }, "btn-primary btn-lg")));
  });
}

/** The form, anew after each note; `after` says what is told of it. */
function writing(app, after) {
  const said = h("p", { class: "alert alert-success", hidden: true });
  const form = () => guestForm(app, {
    note(fact) {
      said.textContent = after(fact);
      said.hidden = false;
      announce(said.textContent);
      const next = form();
      current.replaceWith(next);
      current = next;
      focus();
    },
  });
  let current = form();
  const focus = () => { current.querySelector("#name").focus(); return true; };
  return { parts: [said, current], focus };
}

/** While a guest may hold the phone: names go in and none is shown, nor what was half written for somebody else. */
export function mountBare(root, app) {
  const unmount = mending({});
  const { parts, focus } = writing(app, () => t("held_noted", { n: app.store.notes().length }));
  root.append(head(t("note_first"), "#/"), h("p", { class: "door-lead" }, t("held_offline_detail")), ...parts);
  return { focus, unmount };
}

export function mount(root, app) {
  if (app.route.argument && app.store.deviceFor(app.route.argument)) { adoption(root, app, app.route.argument); return {}; }
  const place = h("div", {});
  asked = "";
  const draw = () => drawNotes(place, app);
  const { parts, focus } = writing(app, (fact) => t("note_kept", { name: fact.shown }));
  root.append(head(t("note_first"), "#/"), h("p", { class: "door-lead" }, t("note_first_detail")), ...parts, place);
  draw();
  return { update: draw, focus };
}
