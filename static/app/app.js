// Small comforts on top of pages that work without them.

const live = () => document.getElementById("live");

/** Say something to a screen reader, and show it beside the button that caused it. */
function announce(text) {
  const region = live();
  if (region) region.textContent = text;
}

async function copyFrom(button) {
  const source = document.querySelector(button.dataset.copy);
  const text = "value" in source ? source.value : source.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS there is no clipboard API: select the text, so that the reader can copy it by hand.
    if ("select" in source) source.select();
    announce(button.dataset.copyFailed || "");
    return;
  }
  announce(button.dataset.copied || "");
  const label = button.querySelector("[data-label]") || button;
  const before = label.textContent;
  label.textContent = button.dataset.copied || before;
  setTimeout(() => { label.textContent = before; }, 2500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copyFrom(button);
  const menu = document.querySelector("details.account-menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
});

// A thumb that taps twice on a slow line sends a form once. After a while it may try again: the first may never arrive.
const AGAIN_AFTER = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, AGAIN_AFTER);
});

// A failed request must say so: the page would otherwise look as if the tap had worked.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const place = document.querySelector("[data-network-note]");
    announce(place?.dataset.networkNote || "");
    if (place) { place.hidden = false; place.textContent = place.dataset.networkNote; }
    event.detail.elt?.classList.add("request-failed");
  });
}
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  event.detail.elt?.classList.remove("request-failed");
  const place = document.querySelector("[data-network-note]");
  if (place) place.hidden = true;
});
// What the keyboard reaches is not hidden behind the bar with the buttons; the browser scrolls first, then this.
document.addEventListener("focusin", ({ target }) => requestAnimationFrame(() => {
  const bar = document.querySelector(".action-bar");
  if (!bar || bar.contains(target) || !target.matches(":focus-visible")) return;
  const place = target.getBoundingClientRect();
  const edge = bar.getBoundingClientRect();
  // The page itself takes the focus after an answer; it is taller than the window and hides behind nothing.
  if (place.height > innerHeight) return;
  if (place.bottom > edge.top && place.top < edge.bottom) target.scrollIntoView({ block: "center" });
}));
