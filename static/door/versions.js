/* The page keeps itself on the phone. A new version waits: it takes over at an opening, when nothing is typed yet, or when
   the officer asks for it. Facts lie elsewhere, and no version touches them. */

/** The browser lets the old worker finish first what it has begun, for minutes on a line that does not answer. */
const PATIENCE_MS = 3000;

/** @param isFree whether the screen may go: nothing is written on it.
 *  @returns what the start screen shows: isKept (opens without network), isNew (a version waits), isTaking (it was asked
 *  for), takeOver(). */
export function watchVersions(address, { changed, isFree }) {
  const versions = { isKept: false, isNew: false, isTaking: false, isPossible: "serviceWorker" in navigator, takeOver() {} };
  if (!versions.isPossible) return versions;
  const { serviceWorker } = navigator;
  // The worker that comes after the one from which this page came is newer than the page; the very first is not.
  let wasKept = Boolean(serviceWorker.controller);
  let isAsked = false, isTouched = false, isOld = false, isOpening = true;
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => { isTouched = true; }, { once: true, capture: true });

  function take(worker) {
    isAsked = true;
    worker.postMessage("take-over");
  }

  /** Not under somebody's hands: who has gone on to write is asked again at the start screen. */
  function reload() {
    if (!isTouched || isFree()) location.reload();
    else versions.isTaking = isAsked = false;
  }

  /** Opened anew, the page asks once more by itself, and no request of its own holds the old worker up any longer. */
  function takeOver({ waiting }) {
    if (versions.isTaking) return;
    if (!waiting) { location.reload(); return; }
    versions.isTaking = true;
    take(waiting);
    setTimeout(() => { if (versions.isTaking) reload(); changed(); }, PATIENCE_MS);
    changed();
  }

  function found(registration) {
    const { waiting, active } = registration;
    versions.isKept = Boolean(active);
    versions.isNew = isOld || Boolean(waiting && active);
    versions.takeOver = () => takeOver(registration);
    changed();
  }

  function follow(registration) {
    registration.installing?.addEventListener("statechange", () => found(registration));
  }

  function watch(registration) {
    serviceWorker.addEventListener("controllerchange", () => found(registration));
    found(registration);
    if (registration.waiting && registration.active && !isTouched) take(registration.waiting);
    isOpening = false;
    follow(registration); // begun before this page was opened
    registration.addEventListener("updatefound", () => follow(registration));
    const ask = () => registration.update().catch(() => {});
    addEventListener("online", ask);
    setInterval(ask, 3600 * 1000);
  }

  serviceWorker.addEventListener("controllerchange", () => {
    const isNewer = wasKept || isAsked;
    isOld ||= isNewer;
    wasKept = true;
    if (isAsked || (isOpening && isNewer)) reload();
  });
  serviceWorker.register(address, { updateViaCache: "none" }).then(watch, () => {});
  serviceWorker.ready.then((registration) => found(registration));
  return versions;
}
