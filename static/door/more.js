/* The screens of an event beside the list: the last part of the address → the module that draws it, with the words and
   the icon of the button that leads there. A module exports `mount(root, app)`, which may return a function (called when
   the screen is left) or {update, unmount, answer}; `update` is called whenever something on the phone changed, and
   `answer(answered)` may show the shared answer on the screen itself, by returning true. */

import * as kiosk from "./kiosk.js";
import * as pledge from "./pledge.js";
import * as report from "./report.js";
import * as scan from "./scan.js";

export { lockedEvent } from "./kiosk.js";

export const SCREENS = { pindai: scan, komitmen: pledge, laporan: report, meja: kiosk };

/** Buttons on the list: [part of the address, key of the word, icon, isOffered(app)]. */
export const BUTTONS = [
  ["pindai", "scan_title", "qrcode", () => true],
  ["komitmen", "pledge_title", "heart-handshake", (app) => Boolean(app.event.pledge)],
  ["laporan", "report_title", "clipboard", () => true],
  ["meja", "kiosk_lock", "lock", (app) => app.device?.kind !== "helper"],
];
