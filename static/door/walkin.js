/* A guest who was not asked: at most three things, or none at all. The guest may choose on the screen what is kept. */

import { button, h, heading, icon, link, t } from "./dom.js";

const CONSENTS = ["keep", "tonight", "anonymous"];
const MOST_NAME = 120, MOST_CONTACT = 80;
/** What is typed survives a look at another screen. */
let draft = { name: "", contact: "", consent: "" };
let isAskingGuest = false;

const squeezed = (text) => text.trim().replace(/\s+/g, " ");

/** @returns the key of a sentence for each field that cannot be kept so. */
function faults({ name, contact, consent }) {
  const found = {};
  if (!consent) found.consent = "choose_consent";
  if (consent === "anonymous") return found;
  if (!squeezed(name)) found.name = "write_name";
  const hasLetters = /\p{L}/u.test(contact), digits = contact.replace(/\D/g, "").length;
  if (squeezed(contact) && !hasLetters && (digits < 8 || digits > 15)) found.contact = "write_phone";
  return found;
}

function fieldsOf({ name, contact, consent }) {
  const isNamed = consent !== "anonymous";
  return {
    kind: "walk_in", consent, name: isNamed ? squeezed(name).slice(0, MOST_NAME) : "", contact: isNamed ? squeezed(contact).slice(0, MOST_CONTACT) : "",
    shown: isNamed ? squeezed(name) : t("anonymous"),
  };
}

/** Written, green, and the form empty for the next guest. */
async function keep(app, typed, note = null) {
  const fact = await app.record(fieldsOf(typed));
  if (!fact) return;
  draft = { name: "", contact: "", consent: "" };
  isAskingGuest = false;
  if (note) note(fact);
  else app.say("green", fact.shown, t("walk_in"), { word: t("admitted"), at: app.people.get(`f:${fact.uuid}`)?.presentAt || fact.at, guest: `f:${fact.uuid}` });
}

function field(id, label, input, hint) {
  return h("div", { class: "door-field" },
    h("label", { class: "form-label", for: id }, label), input,
    hint && h("p", { class: "form-hint", id: `${id}-hint` }, hint),
    h("p", { class: "door-fault", id: `${id}-fault`, hidden: true }));
}

function showFaults(form, found) {
  for (const id of ["name", "contact", "consent"]) {
    const said = form.querySelector(`#${id}-fault`);
    said.hidden = !found[id];
    said.textContent = found[id] ? t(found[id]) : "";
    const input = form.elements[id];
    const fields = input instanceof RadioNodeList ? [...input] : [input];
    fields.forEach((one) => { if (found[id]) { one.setAttribute("aria-invalid", "true"); one.setAttribute("aria-describedby", `${id}-fault`); } else { one.removeAttribute("aria-invalid"); } });
  }
  const first = Object.keys(found)[0];
  const target = first && form.elements[first];
  (target instanceof RadioNodeList ? target[0] : target)?.focus();
}

/** What the server did not take is offered to be mended. @returns what brings back the guest who was being written. */
export function mending({ name = "", contact = "", consent = "" }) {
  const before = draft;
  draft = { name, contact, consent: CONSENTS.includes(consent) ? consent : "" };
  return () => { draft = before; };
}

/** The form, for a guest at an event and for a note made without a list; `mend` takes what was mended. */
export function guestForm(app, { note = null, askGuest = null, mend = null } = {}) {
  let isBusy = false;
  const input = (id, more) => h("input", {
    id, name: id, class: "form-control form-control-lg", autocomplete: "off", value: draft[id], ...more,
    oninput(event) { draft[id] = event.target.value; },
  });
  const form = h("form", {
    class: "card door-form", novalidate: true, id: "walk-in",
    async onsubmit(event) {
      event.preventDefault();
      const found = faults(draft);
      showFaults(form, found);
      if (Object.keys(found).length || isBusy) return;
      isBusy = true;
      if (mend) await mend(fieldsOf(draft)); else await keep(app, draft, note);
      isBusy = false;
    },
  },
  h("div", { class: "card-body" },
    field("name", t("name"), input("name", { autocapitalize: "words", maxlength: String(MOST_NAME) })),
    field("contact", t("contact"), input("contact", { autocapitalize: "none", maxlength: String(MOST_CONTACT), "aria-describedby": "contact-hint" }), t("contact_hint")),
    h("fieldset", { class: "door-field" },
      h("legend", { class: "form-label" }, t("consent")),
      CONSENTS.map((consent) => h("label", { class: "door-choice", for: `consent-${consent}` },
        h("input", { type: "radio", class: "form-check-input", id: `consent-${consent}`, name: "consent", value: consent, checked: draft.consent === consent, onchange() { draft.consent = consent; } }),
        h("span", {}, t(`consent_${consent}`)))),
      h("p", { class: "door-fault", id: "consent-fault", hidden: true }))),
  h("div", { class: "door-acts" },
    h("button", { type: "submit", class: "btn btn-primary btn-lg" }, icon("check"), h("span", {}, t(note ? "note_keep" : "keep_and_admit"))),
    askGuest && button(t("let_guest_choose"), "hand-stop", () => {
      const found = faults({ ...draft, consent: "keep" });
      showFaults(form, found);
      if (!Object.keys(found).length) askGuest();
    }, "btn-lg")));
  return form;
}

/** What the guest sees: three choices in plain words; the tap of the guest is the consent. */
function guestScreen(app) {
  let isBusy = false;
  const choose = (consent) => async () => {
    if (isBusy) return;
    isBusy = true;
    await keep(app, { ...draft, consent });
    isBusy = false;
  };
  return [
    heading(t("guest_asked", { name: squeezed(draft.name) })),
    h("p", { class: "door-lead" }, t("guest_asked_detail")),
    h("div", { class: "guest-choices" },
      CONSENTS.map((consent) => h("button", { type: "button", class: "guest-choice", onclick: choose(consent) },
        h("b", {}, t(`guest_${consent}`)), h("span", {}, t(`guest_${consent}_detail`))))),
    button(t("back"), "chevron-left", () => { isAskingGuest = false; app.go(app.at("tamu")); }, "btn-lg door-back"),
  ];
}

export function mount(root, app) {
  isAskingGuest = isAskingGuest && app.route.argument === "tanya";
  if (app.route.argument === "tanya" && isAskingGuest) { root.append(...guestScreen(app)); return {}; }
  root.append(
    h("div", { class: "door-head" }, link(t("back"), "chevron-left", app.home(), "btn-sm door-back"), heading(t("walk_in_guest"))),
    guestForm(app, { askGuest() { isAskingGuest = true; app.go(app.at("tamu/tanya")); } }));
  return { focus() { root.querySelector("#name").focus(); return true; } };
}
