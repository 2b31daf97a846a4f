// Typing in a filled sheet with the keyboard alone. Without this script the form works as it stands.
const form = document.querySelector("form[data-key-in]");
const box = form.elements.numbers;
const wrong = form.querySelector("[data-wrong-numbers]");
const counter = form.querySelector("[data-count]");
const ticks = [...form.querySelectorAll("[data-present]")];
const names = [...form.querySelectorAll("[data-blank] input[name^=name-]")];
const last = Math.max(0, ...[...form.querySelectorAll("[data-row]")].map((row) => Number(row.dataset.row)));
const before = Number(counter.textContent);
const RANGE = /(\d{1,5})(?:\s*(?:-|–|—|s\.?d\.?|sampai)\s*(\d{1,5}))?/gi;

/** The numbers of "1-5, 8 12", and what in it is none: as the server reads them. */
function numbersIn(text) {
  const found = new Set();
  const bad = text.replace(RANGE, " ").split(/[\s,;.]+/).filter(Boolean);
  for (const [all, first, second] of text.matchAll(RANGE)) {
    const [low, high] = [Number(first), Number(second ?? first)].sort((a, b) => a - b);
    if (low < 1 || high > last) bad.push(all);
    else for (let number = low; number <= high; number += 1) found.add(number);
  }
  return [found, bad];
}

/** Rows follow the box: what was ticked by hand stays, what the box ticked goes when its number goes. */
function follow() {
  const [found, bad] = numbersIn(box.value);
  for (const tick of ticks) {
    const isTyped = found.has(Number(tick.value));
    if (isTyped && !tick.checked) { tick.checked = true; tick.dataset.typed = "1"; }
    else if (!isTyped && tick.dataset.typed) { tick.checked = false; delete tick.dataset.typed; }
  }
  wrong.hidden = bad.length === 0;
  wrong.textContent = form.dataset.wrong.replace("#", bad.join(", "));
  count();
}

function count() {
  const guests = [...form.querySelectorAll("[data-blank]")].filter((row) =>
    row.querySelector("[name^=name-]").value.trim() || row.querySelector("select").value === "anonymous");
  counter.textContent = before + ticks.filter((tick) => tick.checked).length + guests.length;
}

function move(from, step) {
  const place = ticks.indexOf(from) + step;
  if (place < 0) box.focus();
  else if (place < ticks.length) ticks[place].focus();
  else (names[0] || form.querySelector("[type=submit]")).focus();
}

function set(tick, isOn) {
  tick.checked = isOn;
  delete tick.dataset.typed;
  count();
}

function onTick(event, tick) {
  const key = event.key.toLowerCase();
  const pledge = tick.closest("[data-row]").querySelector("[data-pledged]");
  if (key === "arrowdown" || key === "enter") move(tick, 1);
  else if (key === "arrowup") move(tick, -1);
  else if (key === "h") { set(tick, !tick.checked); move(tick, 1); }
  else if (key === "k" && pledge) { pledge.checked = !pledge.checked; if (pledge.checked) set(tick, true); }
  else return;
  event.preventDefault();
}

function onName(event, name) {
  const place = names.indexOf(name);
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = names[place + step];
  if (next) next.focus();
  else if (step > 0) form.querySelector("[type=submit]").focus();
  else (ticks.at(-1) || box).focus();
}

form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.altKey || event.ctrlKey || event.metaKey) return;
  else if (event.target === box && (event.key === "Enter" || event.key === "ArrowDown")) {
    event.preventDefault();
    if (event.key === "Enter") (names[0] || form.querySelector("[type=submit]")).focus();
    else if (ticks.length) ticks[0].focus();
  } else if (ticks.includes(event.target)) onTick(event, event.target);
  else if (names.includes(event.target)) onName(event, event.target);
});
form.addEventListener("input", (event) => { if (event.target === box) follow(); else count(); });
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-present]")) set(event.target, event.target.checked);
  if (event.target.matches("[data-pledged]") && event.target.checked) {
    const tick = event.target.closest("[data-row]").querySelector("[data-present]");
    if (tick) set(tick, true);
  }
});
follow();
if (!form.querySelector("[role=alert]")) box.focus();
