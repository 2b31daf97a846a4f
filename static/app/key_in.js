// Typing in a filled sheet with the keyboard alone. Without this script the form works as it stands. An answer with
// mistakes puts another form in the place of this one (drafts.js), so nothing is remembered of it but its "before".
const RANGE = /(\d{1,5})(?:\s*(?:-|–|—|s\.?d\.?|sampai)\s*(\d{1,5}))?/gi;
const formOf = (element) => element.closest?.("form[data-key-in]");
const boxOf = (form) => form.elements.numbers;
const ticksOf = (form) => [...form.querySelectorAll("[data-present]")];
const namesOf = (form) => [...form.querySelectorAll("[data-blank] input[name^=name-]")];
const saveOf = (form) => form.querySelector("[type=submit]");
const tickOf = (row) => row.closest("[data-row]").querySelector("[data-present]");

/** The numbers of "1-5, 8 12", and what in it is none: as the server reads them. */
function numbersIn(text, last) {
  const found = new Set();
  const bad = text.replace(RANGE, " ").split(/[\s,;.]+/).filter(Boolean);
  for (const [all, first, second] of text.matchAll(RANGE)) {
    const [low, high] = [Number(first), Number(second ?? first)].sort((a, b) => a - b);
    if (low < 1 || high > last) bad.push(all);
    else for (let number = low; number <= high; number += 1) found.add(number);
  }
  return [found, bad];
}

/** Rows follow the box: a number that comes ticks its row, one that goes takes the tick along that it brought. What was
 *  done by hand stays, so that a row in the middle of "1-40" can be taken out. */
function follow(form) {
  const [found, bad] = numbersIn(boxOf(form).value, Number(form.dataset.last));
  const was = new Set((form.dataset.was || "").split(",").filter(Boolean).map(Number));
  for (const tick of ticksOf(form)) {
    const number = Number(tick.value);
    if (found.has(number) && !was.has(number) && !tick.checked) { tick.checked = true; tick.dataset.typed = "1"; }
    else if (!found.has(number) && tick.dataset.typed) { tick.checked = false; delete tick.dataset.typed; }
  }
  form.dataset.was = [...found].join(",");
  const wrong = form.querySelector("[data-wrong-numbers]");
  wrong.hidden = bad.length === 0;
  wrong.textContent = form.dataset.wrong.replace("#", bad.join(", "));
}

function count(form) {
  const guests = [...form.querySelectorAll("[data-blank]")].filter((row) =>
    row.querySelector("[name^=name-]").value.trim() || row.querySelector("select").value === "anonymous");
  const marked = ticksOf(form).filter((tick) => tick.checked);
  form.querySelector("[data-count]").textContent = Number(form.dataset.before) + marked.length + guests.length;
}

function set(tick, isOn) {
  tick.checked = isOn;
  delete tick.dataset.typed;
  count(formOf(tick));
}

function move(form, from, step) {
  const ticks = ticksOf(form);
  const place = ticks.indexOf(from) + step;
  if (place < 0) boxOf(form).focus();
  else (ticks[place] || namesOf(form)[0] || saveOf(form)).focus();
}

function onTick(form, tick, key) {
  const pledge = tick.closest("[data-row]").querySelector("[data-pledged]");
  if (key === "arrowdown" || key === "enter") move(form, tick, 1);
  else if (key === "arrowup") move(form, tick, -1);
  else if (key === "h") { set(tick, !tick.checked); move(form, tick, 1); }
  else if (key === "k" && pledge) { pledge.checked = !pledge.checked; if (pledge.checked) set(tick, true); }
  else return false;
  return true;
}

/** From any field of an empty row: Enter goes on to the next row instead of sending a sheet that is half typed. Arrows
 *  are left to the list of choices. */
function onBlank(form, field, key) {
  const isList = field.matches("select");
  const step = isList ? { enter: 1 }[key] : { enter: 1, arrowdown: 1, arrowup: -1 }[key];
  if (!step) return false;
  const names = namesOf(form);
  const name = field.closest("[data-blank]").querySelector("input[name^=name-]");
  const other = step > 0 ? saveOf(form) : ticksOf(form).at(-1) || boxOf(form);
  (names[names.indexOf(name) + step] || other).focus();
  return true;
}

function onBox(form, key) {
  if (key === "enter") (namesOf(form)[0] || saveOf(form)).focus();
  else if (key === "arrowdown") (ticksOf(form)[0] || boxOf(form)).focus();
  else return false;
  return true;
}

document.addEventListener("keydown", (event) => {
  const [form, key] = [formOf(event.target), event.key.toLowerCase()];
  if (!form) return;
  const hasModifier = event.altKey || event.ctrlKey || event.metaKey;
  let isTaken = false;
  if (key === "enter" && (event.ctrlKey || event.metaKey)) { form.requestSubmit(saveOf(form)); isTaken = true; }
  else if (hasModifier) return;
  else if (event.target === boxOf(form)) isTaken = onBox(form, key);
  else if (event.target.matches("[data-present]")) isTaken = onTick(form, event.target, key);
  else if (event.target.matches("[data-delegate]") && key === "enter") { move(form, tickOf(event.target), 1); isTaken = true; }
  else if (event.target.matches("[data-blank] input, [data-blank] select")) isTaken = onBlank(form, event.target, key);
  if (isTaken) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  if (event.target === boxOf(form)) follow(form);
  // Who wrote a name for an organisation was there.
  if (event.target.matches("[data-delegate]") && event.target.value.trim()) set(tickOf(event.target), true);
  count(form);
});
document.addEventListener("change", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  if (event.target.matches("[data-present]")) set(event.target, event.target.checked);
  if (event.target.matches("[data-pledged]") && event.target.checked) {
    const tick = tickOf(event.target);
    if (tick) set(tick, true);
  }
});
// What is sent: with this script the ticks alone count, the box has moved them already.
document.addEventListener("formdata", (event) => {
  if (event.target.matches("form[data-key-in]")) event.formData.set("by_ticks", "1");
});
const first = document.querySelector("form[data-key-in]");
// On a phone the keyboard would cover the page before anything was read.
if (first && !first.querySelector("[role=alert]") && matchMedia("(pointer: fine)").matches) boxOf(first).focus();
