/* Komitmen bersama, at the closing: the text, and who asks to join it. Found by name, one at a time: there is no list
   of those who are here, so there is none of those who did not join. Who turns away leaves no trace. */

import { announce, button, h, head, heading, t } from "./dom.js";
import { tell } from "./feedback.js";
import { lettersIn, makeIndex, search } from "./names.js";
import { UNDO_MS, settledId } from "./presence.js";

const LETTERS = 3, MOST = 5;
const ASKED = new Set(["guest", "delegate", "walk_in"]);

/** This phone's pledges that still stand, by whose they are. */
export function standing(facts) {
  const away = new Set(facts.filter((fact) => fact.kind === "undo" && fact.status !== "rejected").map((fact) => fact.undoes));
  return new Map(facts
    .filter((fact) => fact.kind === "pledge" && fact.status !== "rejected" && !away.has(fact.uuid))
    .map((fact) => [fact.participant || settledId(facts, `f:${fact.of}`), fact]));
}

/** Whoever is here and may be asked: never Rekan media, never officials and personnel. */
const askable = (people) => [...people.values()].filter((guest) => guest.presentAt && guest.name && ASKED.has(guest.kind));

export function mount(root, app) {
  const pledge = app.event.pledge;
  if (!pledge) {
    root.append(head(t("pledge_title"), app.home()), h("p", { class: "alert alert-info" }, t("pledge_none")));
    return {};
  }
  const body = h("div", { class: "pledge" });
  const wording = () => [
    pledge.preamble && h("p", {}, pledge.preamble),
    h("ol", { class: "pledge-points" }, pledge.points.map((point) => h("li", {}, point))),
  ];
  root.append(body);
  let typed = "", isSearching = true, index = null, indexed = null;

  function find() {
    isSearching = true;
    const found = h("div", { class: "pledge-found", "aria-live": "polite" });
    const field = h("input", {
      class: "form-control form-control-lg", id: "pledge-name", type: "search", maxlength: "80", autocomplete: "off", value: typed,
      oninput() { typed = field.value; look(found); },
    });
    body.replaceChildren(
      head(pledge.title || t("pledge_title"), app.home()),
      h("p", { class: "text-secondary" }, t("pledge_closing")),
      h("label", { class: "form-label", for: "pledge-name" }, t("pledge_name")), field, found,
      h("section", { class: "card pledge-text" }, h("div", { class: "card-body" }, wording())));
    look(found);
  }

  function look(found) {
    const say = (words) => { found.dataset.shown = ""; found.replaceChildren(h("p", { class: "text-secondary" }, words)); };
    if (lettersIn(typed) < LETTERS) { say(t("pledge_letters")); return; }
    const given = standing(app.facts);
    if (indexed !== app.people) [index, indexed] = [makeIndex(askable(app.people)), app.people];
    const hits = search(index, typed, MOST);
    if (!hits.length) { say(t("pledge_nobody")); return; }
    const mark = hits.map((guest) => `${guest.id}${given.has(guest.id)}`).join();
    if (found.dataset.shown === mark) return; // drawn again, a button would slip from under the finger
    const place = [...found.querySelectorAll("button")].indexOf(document.activeElement);
    found.replaceChildren(h("ul", { class: "row-list card" }, hits.map((guest) => row(guest, given.get(guest.id)))));
    found.dataset.shown = mark;
    if (place >= 0) (found.querySelectorAll("button")[place] || body.querySelector("#pledge-name")).focus({ preventScroll: true });
  }

  const row = (guest, fact) => h("li", { class: "row-item" },
    h("div", { class: "row-main" }, h("div", { class: "row-title" }, guest.name), guest.organisation && h("div", { class: "row-note" }, guest.organisation)),
    h("div", { class: "row-side" }, fact ? [h("span", { class: "state state-good" }, t("pledge_done")), undo(fact)] : button(t("pledge_read"), "heart-handshake", () => ask(guest), "btn-primary")));

  const undo = (fact) => Date.now() - Date.parse(fact.at) < UNDO_MS && button(t("pledge_undo"), "arrow-back-up", async () => {
    if (!(await app.record({ kind: "undo", undoes: fact.uuid, shown: fact.shown }))) return;
    announce(t("pledge_undone"));
    find();
    body.querySelector("#pledge-name").focus();
  });

  /** The guest reads and taps; or has signed the sheet, and the officer says so. */
  function ask(guest) {
    isSearching = false;
    const agree = (channel) => async () => {
      // Who was added here and not sent yet is named by the fact that added them.
      const id = settledId(app.facts, guest.id);
      const who = id.startsWith("f:") ? { participant: null, of: id.slice(2) } : { participant: id };
      const fact = await app.record({ kind: "pledge", ...who, pledge_text: pledge.id, channel, shown: guest.name });
      if (fact) thank(guest, fact);
    };
    body.replaceChildren(
      heading(pledge.title || t("pledge_title")),
      h("p", { class: "pledge-who" }, t("pledge_for", { name: guest.name })),
      h("section", { class: "card pledge-text" }, h("div", { class: "card-body" }, wording())),
      h("div", { class: "pledge-acts" },
        button(t("pledge_agree"), "check", agree("screen"), "btn-primary btn-lg"),
        button(t("pledge_paper"), "file", agree("paper"), "btn-lg"),
        button(t("pledge_leave"), "chevron-left", back, "btn-lg door-back")));
    body.querySelector("h1").focus();
  }

  function back() {
    typed = "";
    find();
    body.querySelector("#pledge-name").focus();
  }

  function thank(guest, fact) {
    tell("green");
    announce(t("pledge_thanks", { name: guest.name }));
    body.replaceChildren(h("section", { class: "door-answer is-green pledge-thanks" },
      heading(t("pledge_thanks", { name: guest.name })),
      h("p", { class: "answer-detail" }, t("pledge_thanks_detail")),
      h("div", { class: "answer-acts" }, button(t("pledge_next"), "chevron-right", back, "btn-lg door-back"), undo(fact))));
    body.querySelector("h1").focus();
  }

  find();
  return { update() { if (isSearching) look(body.querySelector(".pledge-found")); } };
}
