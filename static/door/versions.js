/* The page keeps itself on the phone. A new version waits: it takes over at an opening, when nothing is typed yet, or when
   the officer asks for it. Facts lie elsewhere, and no version touches them. */

/** @returns what the start screen shows: isKept (opens without network), isNew (a version waits), takeOver(). */
export function watchVersions(address, changed) {
  const versions = { isKept: false, isNew: false, isPossible: "serviceWorker" in navigator, takeOver() {} };
  if (!versions.isPossible) return versions;
  const { serviceWorker } = navigator;
  let isAsked = false, isTouched = false;
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { isTouched = true; }, { once: true, capture: true });

  function take(worker) {
    isAsked = true;
    worker.postMessage("take-over");
  }

  function found(registration) {
    const { waiting } = registration;
    versions.isKept = Boolean(registration.active);
    versions.isNew = Boolean(waiting && registration.active);
    versions.takeOver = () => (registration.waiting ? take(registration.waiting) : location.reload());
    changed();
  }

  function watch(registration) {
    found(registration);
    if (versions.isNew && !isTouched) take(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const coming = registration.installing;
      coming?.addEventListener("statechange", () => found(registration));
    });
    const ask = () => registration.update().catch(() => {});
    addEventListener("online", ask);
    setInterval(ask, 3600 * 1000);
  }

  serviceWorker.addEventListener("controllerchange", () => { if (isAsked) location.reload(); });
  serviceWorker.register(address, { updateViaCache: "none" }).then(watch, () => {});
  serviceWorker.ready.then((registration) => found(registration));
  return versions;
}
