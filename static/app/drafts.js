// A form marked data-draft="name" survives a line that breaks: what is typed is kept on this phone, for this officer and
// this page, and the form is sent by this script, so that a failure leaves everything in place and says "not sent".
// docs/adr/drafts-on-the-phone.md says what is kept, for how long, and what never is.

const words = document.getElementById("draft-words")?.dataset;
const officer = words?.officer || "";
const PREFIX = "draft:";
const DAY = 24 * 3600 * 1000;
const PATIENCE = Number(words?.patience || 20000);
const NEVER = new Set(["hidden", "password", "file", "submit", "button", "reset", "image"]);

/** What the phone keeps; a phone that refuses to keep anything goes on without drafts. */
const shelf = {
  names() {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)); } catch { return []; }
  },
  read(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
  },
  isShut: false,
  write(name, draft) {
    if (shelf.isShut) return false;
    try { localStorage.setItem(name, JSON.stringify(draft)); return true; } catch { return false; }
  },
  drop(name) {
    try { localStorage.removeItem(name); } catch { /* nothing was kept */ }
  },
};

/** Whatever is older than a day, or another officer's, leaves the phone as soon as a page opens. */
function tidy() {
  for (const name of shelf.names()) {
    const draft = shelf.read(name);
    const isStale = !draft || Date.now() - draft.at > DAY || draft.at > Date.now() + DAY;
    const isForeign = officer && !name.startsWith(`${PREFIX}${officer}:`);
    if (isStale || isForeign) shelf.drop(name);
  }
}

const isKept = (form) => officer && form?.matches?.("form[data-draft]") && !form.querySelector("input[type=password]");
const nameOf = (form) => `${PREFIX}${officer}:${location.pathname}:${form.dataset.draft}`;
const fieldsOf = (form) => [...form.elements].filter((field) => field.name && !NEVER.has(field.type) && !field.disabled);

/** The fields in their order: name, what was typed or ticked, and for a list the words of the choice too. */
function valuesOf(form) {
  return fieldsOf(form).map((field) => {
    if (field.type === "checkbox" || field.type === "radio") return [field.name, field.value, field.checked];
    if (field.multiple) return [field.name, [...field.selectedOptions].map((option) => option.value)];
    return field.tagName === "SELECT" ? [field.name, field.value, field.selectedOptions[0]?.text || ""] : [field.name, field.value];
  });
}

/** Put a draft back. A list that is filled by another choice gets the kept choice as its own. */
function fill(form, values) {
  const fields = fieldsOf(form);
  const taken = new Set();
  for (const [name, value, more] of values) {
    const field = fields.find((one) => one.name === name && !taken.has(one) && (typeof more !== "boolean" || one.value === value));
    if (!field) continue;
    taken.add(field);
    if (typeof more === "boolean") field.checked = more;
    else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
    else if (field.tagName === "SELECT") {
      if (value && ![...field.options].some((option) => option.value === value)) field.add(new Option(more, value));
      field.value = value;
    } else field.value = value;
  }
}

/** A file is never kept, but it belongs to what is sent: it needs its time on a slow line (here 16 kB a second), and
 * the same words with another photograph are another sending. */
const filesOf = (form) => [...form.elements].flatMap((field) => (field.type === "file" ? [...field.files] : []));
const patienceFor = (form) => Math.round(PATIENCE + filesOf(form).reduce((sum, file) => sum + file.size, 0) / 16);
const marks = new WeakMap();

function isOtherFile(form) {
  const mark = filesOf(form).map((file) => `${file.name}/${file.size}/${file.lastModified}`).join();
  const isOther = (marks.get(form) || "") !== mark;
  marks.set(form, mark);
  return isOther;
}

const timers = new WeakMap();
// The last draft of each form on this page: a phone that keeps nothing still sends the same under the same key.
const held = new WeakMap();

/** Keep the form now. The key goes with what was typed: sent again unchanged, it counts as the same. */
function keep(form, { unsent = false } = {}) {
  clearTimeout(timers.get(form));
  const values = valuesOf(form);
  const before = held.get(form) || shelf.read(nameOf(form));
  const isSame = !isOtherFile(form) && before && JSON.stringify(before.values) === JSON.stringify(values);
  const draft = { at: Date.now(), values, key: isSame && before.key ? before.key : newKey(), unsent: unsent || Boolean(isSame && before.unsent) };
  draft.isKept = shelf.write(nameOf(form), draft);
  held.set(form, draft);
  return draft;
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function clock(instant) {
  const zone = { "-420": "WIB", "-480": "WITA", "-540": "WIT" }[new Date(instant).getTimezoneOffset()] || "";
  const time = new Date(instant);
  return `${String(time.getHours()).padStart(2, "0")}.${String(time.getMinutes()).padStart(2, "0")} ${zone}`.trim();
}

/** The note above the form, with its buttons; one at a time. */
function note(form, { text, buttons = [], kind = "info" }) {
  clearNote(form);
  const box = document.createElement("div");
  box.className = `alert draft-note draft-${kind}`;
  box.setAttribute("role", kind === "unsent" ? "alert" : "status");
  box.append(Object.assign(document.createElement("p"), { className: "mb-2", textContent: text }));
  const row = Object.assign(document.createElement("div"), { className: "draft-acts" });
  for (const [label, act, primary] of buttons) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: primary ? "btn btn-primary" : "btn", textContent: label });
    button.addEventListener("click", act);
    row.append(button);
  }
  box.append(row);
  form.prepend(box);
  return box;
}

/** Thrown away by the officer: what stands in the form now is kept again only when it is touched. */
function forget(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
  held.delete(form);
  shelf.drop(nameOf(form));
  clearNote(form);
}

const clearNote = (form) => form.querySelector(":scope > .draft-note")?.remove();

function sayUnsent(form, reason, draft) {
  const text = draft.isKept ? `${words.unsent} ${reason} ${words.kept}` : `${words.unsent} ${reason}`;
  const box = note(form, { text, kind: "unsent", buttons: [[words.again, () => send(form, null), true], [words.drop, () => forget(form)]] });
  box.scrollIntoView({ block: "center" });
}

/** An answer with mistakes in it takes the place of the page, as if the browser had loaded it. */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const [next, main] = [page.querySelector("main"), document.querySelector("main")];
  if (!next || !main) return false;
  document.title = page.title;
  main.replaceWith(document.adoptNode(next));
  window.htmx?.process(next);
  const told = next.querySelector("[role=alert], [aria-invalid=true]");
  next.focus({ preventScroll: true });
  (told || next).scrollIntoView({ block: told ? "center" : "start" });
  return true;
}

async function send(form, submitter) {
  if (form.dataset.sending) return;
  form.dataset.sending = "1";
  const draft = keep(form);
  clearNote(form);
  try {
    await deliver(form, submitter, draft);
  } finally {
    delete form.dataset.sending;
    delete form.dataset.sent;
  }
}

async function deliver(form, submitter, draft) {
  const unsent = (reason) => sayUnsent(form, reason, keep(form, { unsent: true }));
  if (navigator.onLine === false) { unsent(words.offline); return; }
  const body = new FormData(form, submitter);
  const isMultipart = form.enctype === "multipart/form-data";
  let answer, html;
  try {
    answer = await fetch(submitter?.formAction || form.action || location.href, {
      method: "POST",
      body: isMultipart ? body : new URLSearchParams(body),
      headers: { "X-Form-Key": draft.key },
      signal: AbortSignal.timeout?.(patienceFor(form)),
    });
    html = await answer.text();
  } catch {
    unsent(words.offline);
    return;
  }
  const place = answer.headers.get("X-Location");
  if (answer.status === 204 && place) {
    const next = new URL(place, location.href);
    // Who was logged out on the way finds the draft again after logging in.
    if (next.pathname.startsWith(`/${words.login.split("/")[1]}/`)) keep(form, { unsent: true });
    else forget(form);
    location.assign(next);
    return;
  }
  if ((answer.ok || answer.status === 422) && html && show(html)) {
    if (document.querySelector("main [data-draft-sent]")) shelf.drop(nameOf(form));
    return;
  }
  unsent(answer.status === 409 ? words.busy : answer.status < 500 ? words.refused : words.broken);
}

/** A page that opens on a draft offers it; nothing is put over what the page says by itself. */
function offer(form) {
  const draft = shelf.read(nameOf(form));
  if (!draft || form.querySelector(":scope > .draft-note")) return;
  if (JSON.stringify(draft.values) === JSON.stringify(valuesOf(form))) return;
  const text = (draft.unsent ? words.foundUnsent : words.found).replace("#", clock(draft.at));
  note(form, {
    text,
    buttons: [
      [words.use, () => { fill(form, draft.values); clearNote(form); if (draft.unsent) sayUnsent(form, "", { ...keep(form), isKept: true }); }, true],
      [words.drop, () => forget(form)],
    ],
  });
}

if (words) {
  tidy();
  document.querySelectorAll("form[data-draft]").forEach((form) => { if (isKept(form)) offer(form); });
  const touched = ({ target }) => {
    const form = target.form;
    if (!isKept(form) || NEVER.has(target.type)) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => { if (form.isConnected && !form.dataset.sending) keep(form); }, 300));
  };
  document.addEventListener("input", touched);
  document.addEventListener("change", touched);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isKept(form) || form.method !== "post") return;
    event.preventDefault();
    send(form, event.submitter);
  });
  // A page that is left at once keeps what was typed a moment ago.
  addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach((form) => {
    if (isKept(form) && timers.has(form) && !form.dataset.sending) keep(form);
  }));
  addEventListener("online", () => { const box = document.querySelector(".draft-unsent p"); if (box) box.textContent = words.online; });
}
document.addEventListener("submit", ({ target }) => {
  if (target.action?.endsWith?.(words?.logout || "\n")) {
    shelf.isShut = true; // the page that is left must not write its draft again
    shelf.names().forEach(shelf.drop);
  }
}, true);
