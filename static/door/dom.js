/* The words of the page, and how its elements are made: no screen writes markup as text, so no name can become markup. */

const read = (id) => JSON.parse(document.getElementById(id)?.textContent || "{}");

export const config = read("door-config");
export const words = read("door-words");

/** A sentence, with what stands in its braces. A word that is missing shows its key: better than an empty button. */
export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** h("button", {class: "btn", onclick: act}, icon("check"), "Save"): falsy children and attributes are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon says nothing to a screen reader: a word stands beside it. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("class", "icon");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${config.sprite}#${name}`);
  picture.append(use);
  return picture;
}

/** A heading that takes the focus when its screen opens. */
export const heading = (text, ...more) => h("h1", { tabindex: "-1", class: "door-title" }, text, ...more);

export const button = (label, sign, act, more = "") =>
  h("button", { type: "button", class: `btn ${more}`.trim(), onclick: act }, sign && icon(sign), h("span", {}, label));

export const link = (label, sign, hash, more = "", acts = {}) =>
  h("a", { href: hash, class: `btn ${more}`.trim(), ...acts }, sign && icon(sign), h("span", {}, label));

/** The heading of a screen, with the way back beside it: an installed page has no button of the browser. */
export const head = (title, hash) =>
  h("div", { class: "door-head" }, link(t("back"), "chevron-left", hash, "btn-sm door-back"), heading(title));

const live = () => document.getElementById("live");

/** Said politely; the same sentence twice is said twice. */
export function announce(text) {
  const region = live();
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 50);
}

/** Random name of a fact. `crypto.randomUUID` exists on https only. */
export function newUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const OWN_ZONES = { "-420": "WIB", "-480": "WITA", "-540": "WIT" };

/** "19.42 WITA" at the place of the event; without an event, where the phone is. */
export function clock(instant, event = null) {
  if (!instant) return "";
  const when = new Date(instant);
  if (Number.isNaN(when.getTime())) return "";
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  if (event?.timezone) options.timeZone = event.timezone;
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", options).formatToParts(when).map(({ type, value }) => [type, value]));
  const zone = event?.zone || (event?.timezone ? "" : OWN_ZONES[when.getTimezoneOffset()] || "");
  return `${parts.hour}.${parts.minute} ${zone}`.trim();
}

/** "Senin, 21 Oktober 2024" at the place of the event. */
export function day(instant, event = null) {
  if (!instant) return "";
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  if (event?.timezone) options.timeZone = event.timezone;
  return new Intl.DateTimeFormat(document.documentElement.lang || "id", options).format(new Date(instant));
}

/** "41 kB" */
export const weight = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
