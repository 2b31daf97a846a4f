// Planning: what makes the forms quicker; all of it works without.

/** The zone beside the hour follows the province. */
const zones = JSON.parse(document.getElementById("zones")?.textContent || "{}");
document.addEventListener("change", (event) => {
  const zone = zones[event.target.value];
  const place = document.querySelector("[data-zone]");
  if (event.target.name === "region_province" && zone && place) place.textContent = zone;
});

/** "s.d. selesai" and an hour of the end exclude each other: what is touched last counts. */
document.addEventListener("input", (event) => {
  const box = event.target.closest("[data-open-end]");
  if (!box) return;
  const open = box.querySelector("[name=open_end]");
  const ends = box.querySelector("[name=ends]");
  if (event.target === open && open.checked) ends.value = "";
  if (event.target === ends && ends.value) open.checked = false;
});

/** The way an answer came stands folded beside the buttons: its name follows the choice. */
document.addEventListener("change", (event) => {
  const how = event.target.closest(".answer-how");
  if (how && event.target.name === "channel") how.querySelector("[data-channel]").textContent = event.target.selectedOptions[0].text;
});

/** The row that an answer replaced keeps the keyboard's place. */
document.addEventListener("htmx:load", (event) => {
  const lost = document.activeElement === null || document.activeElement === document.body;
  if (lost && event.detail.elt.matches?.(".guest")) event.detail.elt.querySelector("[aria-pressed=true]")?.focus({ preventScroll: true });
});

/** The button of the pick list says how many are ticked. */
function count(form) {
  const boxes = [...form.querySelectorAll("input[name=partners]:not(:disabled)")];
  const ticked = boxes.filter((box) => box.checked).length;
  const send = form.querySelector("[data-pick-send]");
  send.dataset.plain ??= send.textContent;
  send.textContent = ticked === 0 ? send.dataset.plain : ticked === 1 ? form.dataset.one : form.dataset.many.replace("#", ticked);
  const all = form.querySelector("[data-pick-all]");
  all.closest("label").hidden = boxes.length < 2;
  all.checked = boxes.length > 0 && ticked === boxes.length;
}
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-pick]");
  if (!form) return;
  if (event.target.matches("[data-pick-all]")) {
    for (const box of form.querySelectorAll("input[name=partners]:not(:disabled)")) box.checked = event.target.checked;
  }
  count(form);
});
const countAll = () => document.querySelectorAll("form[data-pick]").forEach(count);
document.addEventListener("htmx:afterSwap", countAll);
countAll();
