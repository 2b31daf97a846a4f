/* The answer to a tap or a code, so large that it is read at arm's length in bad light. */

import { button, clock, h, heading, icon, link, t } from "./dom.js";
import { OFFICIALS, settledId, undoable } from "./presence.js";

const SIGNS = { green: "circle-check", amber: "alert-triangle", red: "circle-x" };

function when(app, answer) {
  if (!answer.at) return "";
  const time = clock(answer.at, app.event);
  return answer.by ? t("in_at_by", { time, by: answer.by }) : answer.kind === "green" || answer.isKept ? time : t("in_at", { time });
}

export function mount(root, app) {
  const answer = app.answered;
  // A reload forgets the answer, never what was written.
  if (!answer || answer.event !== app.event.id) { location.replace(app.home()); return {}; }
  const canUndo = answer.guest && !answer.isUndone && undoable(app.facts, settledId(app.facts, answer.guest), app.event.offset).length > 0;
  const back = answer.back || app.home();
  /** Off the list and back to it: the back button does not lead through every guest of the evening. */
  let isLeft = false;
  function onward(press) {
    if (press.ctrlKey || press.metaKey || answer.back) return;
    press.preventDefault();
    if (isLeft) return; // tapped twice
    isLeft = true;
    if (answer.isOnTop) history.back(); else app.instead(back);
  }
  const leave = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault(); // not out of the screen below it as well
    root.querySelector(".answer-next").click();
  };
  root.append(h("section", { class: `door-answer is-${answer.kind}`, id: "answer", onkeydown: leave },
    icon(answer.isUndone ? "arrow-back-up" : SIGNS[answer.kind]),
    h("p", { class: "answer-word" }, answer.word),
    heading(answer.title),
    answer.detail && h("p", { class: "answer-detail" }, answer.detail),
    when(app, answer) && h("p", { class: "answer-when" }, when(app, answer)),
    OFFICIALS.has(answer.guestKind) && h("p", { class: "answer-detail" }, t("counted_apart")),
    h("div", { class: "answer-acts" },
      link(t("next"), "chevron-right", back, "btn-lg answer-next", { onclick: onward }),
      canUndo && button(t("undo"), "arrow-back-up", (press) => { press.currentTarget.disabled = true; app.undo(answer.guest); }, "btn-lg answer-undo"))));
  return {
    focus() {
      scrollTo({ top: 0, behavior: "instant" });
      root.querySelector(".answer-next").focus({ preventScroll: true });
      return true;
    },
  };
}
