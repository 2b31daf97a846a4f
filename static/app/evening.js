// The row that a tap replaced keeps the keyboard's place: without this, the focus would fall back to the top of the page.
document.addEventListener("htmx:load", (event) => {
  const row = event.detail.elt;
  const lost = document.activeElement === null || document.activeElement === document.body;
  if (lost && row.matches?.(".roll-row")) row.focus({ preventScroll: true });
});
