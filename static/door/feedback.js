/* What the officer hears and feels without looking: three answers that cannot be taken for one another. */

const TONES = {
  green: [[660, 0, 0.09], [990, 0.1, 0.14]],
  amber: [[520, 0, 0.12], [520, 0.18, 0.12]],
  red: [[180, 0, 0.45]],
};
const BEATS = { green: [60], amber: [60, 80, 60], red: [250, 80, 250] };
const KEY = "rembuk-door-mute";
const LOUDNESS = 0.25;
let sounds = null;

/** Kept on the phone: who silenced it once is not surprised by the next reload. */
export const isMuted = () => { try { return localStorage.getItem(KEY) === "1"; } catch { return false; } };

export function setMuted(muted) {
  try { if (muted) localStorage.setItem(KEY, "1"); else localStorage.removeItem(KEY); } catch { /* Then it holds until the page is left. */ }
}

/** Browsers let a page sound only after a touch: to be called from one. */
export function unlock() {
  const Sounds = window.AudioContext || window.webkitAudioContext;
  if (!Sounds) return;
  sounds ||= new Sounds();
  if (sounds.state === "suspended") sounds.resume().catch(() => {});
}

function tone([pitch, after, length]) {
  const at = sounds.currentTime + after;
  const [source, volume] = [sounds.createOscillator(), sounds.createGain()];
  source.type = pitch < 300 ? "square" : "sine";
  source.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  volume.gain.linearRampToValueAtTime(0, at + length);
  source.connect(volume).connect(sounds.destination);
  source.start(at);
  source.stop(at + length);
}

/** @param {"green"|"amber"|"red"} kind what the screen shows. A muted phone still trembles. */
export function tell(kind) {
  try { if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(BEATS[kind]); } catch { /* Not every phone can. */ }
  if (isMuted()) return;
  try { if (sounds?.state === "running") TONES[kind].forEach(tone); } catch { /* Silence never stops the door. */ }
}

addEventListener("pointerdown", unlock);
addEventListener("keydown", unlock);
