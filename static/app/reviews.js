// Ticks all marks at once: a phone that was taken off may have sent sixty. Without this script each is ticked by itself.
const form = document.querySelector("form[data-review]");
const all = form?.querySelector("[data-tick-all]");
const boxes = form ? [...form.querySelectorAll("input[name=scan]")] : [];
const follow = () => { all.checked = boxes.every((box) => box.checked); };
if (all && boxes.length > 1) {
  all.closest("label").hidden = false;
  follow();
  form.addEventListener("change", ({ target }) => {
    if (target === all) boxes.forEach((box) => { box.checked = all.checked; });
    else follow();
  });
}
