/* Scanning invitations: the camera, the frame, and what is done with a code that the phone does not know. */

import * as answer from "./answer.js";
import * as camera from "./camera.js";
import { button, config, h, head, icon, link, t } from "./dom.js";
import { isMuted, setMuted, tell, unlock } from "./feedback.js";

/**
 * The camera with its frame and messages. `onToken("")` means a code that is none of ours.
 * @param {object} ways `blind`: what is said to a guest when there is no picture.
 * @returns {{element, stop}}
 */
export function viewfinder(onToken, { blind = "" } = {}) {
  const video = h("video", { class: "scan-video", playsinline: true, muted: true, autoplay: true, tabindex: "-1", "aria-hidden": "true" });
  video.muted = true;
  const say = h("p", { class: "scan-say", role: "status" }, t("scan_starting"));
  const tools = h("div", { class: "scan-tools" });
  const element = h("div", { class: "scan" }, h("div", { class: "scan-picture" }, video, h("div", { class: "scan-frame", "aria-hidden": "true" })), say, tools);
  let eye = null, isLeft = false;

  async function open() {
    tools.replaceChildren();
    element.classList.remove("is-blind");
    say.textContent = t("scan_starting");
    try {
      const opened = await camera.start(video, config.zxing, (text) => onToken(camera.tokenIn(text)));
      if (isLeft) { opened.stop(); return; }
      eye = opened;
      element.dataset.reader = eye.reader;
      say.textContent = t("scan_hold");
      if (eye.hasTorch) tools.append(torch());
    } catch (error) {
      if (isLeft) return;
      element.classList.add("is-blind");
      say.textContent = blind || t(`scan_${error.reason || "none"}`);
      if (error.reason !== "insecure") tools.append(button(t("scan_again"), "refresh", open));
    }
  }

  function torch() {
    let isLit = false;
    const lamp = button(t("scan_torch_on"), "bulb", async () => {
      await eye.torch(!isLit).catch(() => {});
      isLit = !isLit;
      lamp.setAttribute("aria-pressed", String(isLit));
      lamp.querySelector("span").textContent = t(isLit ? "scan_torch_off" : "scan_torch_on");
    });
    lamp.setAttribute("aria-pressed", "false");
    return lamp;
  }

  open();
  return { element, stop() { isLeft = true; eye?.stop(); } };
}

/** Silence is kept on the phone; the answer is always seen, too. */
export function muteButton() {
  const label = () => t(isMuted() ? "scan_unmute" : "scan_mute");
  const sign = h("span", { class: "scan-sign" }, icon(isMuted() ? "volume-off" : "volume"));
  const words = h("span", {}, label());
  return h("button", {
    type: "button", class: "btn", onclick() {
      setMuted(!isMuted());
      unlock();
      words.textContent = label();
      sign.replaceChildren(icon(isMuted() ? "volume-off" : "volume"));
      if (!isMuted()) tell("green");
    },
  }, sign, words);
}

const GREEN_MS = 3000;

async function known(app, token) {
  const code = await camera.digest(token);
  return [...app.people.values()].some((guest) => guest.qr === code);
}

export function mount(root, app) {
  const over = h("div", { class: "scan-over", hidden: true });
  let timer = 0, turn = 0;

  function close() {
    clearTimeout(timer);
    const hadFocus = over.contains(document.activeElement);
    over.hidden = true;
    over.replaceChildren();
    if (hadFocus) root.querySelector("h1").focus({ preventScroll: true });
  }

  /** A code without an answer that the phone could give: what it is, and the ways on. */
  function ask(kind, title, detail, ...acts) {
    app.say(kind, title, detail, { word: "" });
    over.querySelector(".answer-acts")?.prepend(...acts, link(t("scan_by_name"), "search", app.home(), "btn-lg"));
  }

  async function read(token) {
    const mine = (turn += 1);
    const isKnown = token && (await known(app, token));
    if (mine !== turn) return;
    if (isKnown) await app.admitByCode(token);
    else if (token) ask("amber", t("scan_unknown"), t("scan_unknown_detail"), button(t("scan_record"), "clipboard", () => app.admitByCode(token), "btn-lg"));
    else ask("red", t("scan_foreign"), t("scan_foreign_detail"));
  }

  const finder = viewfinder(read);
  root.append(head(t("scan_title"), app.home()), h("div", { class: "scan-stage" }, finder.element, over),
    h("div", { class: "scan-acts" }, muteButton(), link(t("scan_by_name"), "search", app.home(), "btn-primary")));
  return {
    unmount() {
      clearTimeout(timer);
      finder.stop();
    },
    /** The shared answer over the picture: the camera goes on below it, so that the next guest need not wait. */
    answer(answered) {
      clearTimeout(timer);
      answered.back = app.at("pindai");
      over.replaceChildren();
      answer.mount(over, app);
      over.querySelector(".answer-next").addEventListener("click", (event) => { event.preventDefault(); close(); });
      over.hidden = false;
      over.querySelector(".answer-next").focus({ preventScroll: true });
      if (answered.kind === "green") timer = setTimeout(close, GREEN_MS);
      return true;
    },
  };
}
