/* Reading QR codes with the camera: the browser's own reader where it has one, else zxing-wasm, fetched only then.
   The camera is off whenever nobody looks at it. */

const EVERY_MS = 90, FORGET_MS = 2500, SIDE = 640;

/** Why there is no picture; `reason` is a key of the words: insecure, denied, none, busy, reader. */
export class CameraError extends Error {
  constructor(reason) { super(reason); this.reason = reason; }
}

const REASONS = {
  NotAllowedError: "denied", SecurityError: "denied", PermissionDeniedError: "denied",
  NotFoundError: "none", DevicesNotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", TrackStartError: "busy", AbortError: "busy",
};

async function nativeReader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats?.().catch(() => []);
  if (!formats?.includes("qr_code")) return null;
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  return { name: "native", read: async (video) => (await detector.detect(video))[0]?.rawValue || "" };
}

let fetched = null;

/** The script once for the page; a failed fetch may be tried again. */
function zxing({ script, wasm }) {
  fetched ||= new Promise((done, failed) => {
    const tag = Object.assign(document.createElement("script"), { src: script });
    tag.onload = () => done(globalThis.ZXingWASM);
    tag.onerror = () => { tag.remove(); failed(new CameraError("reader")); };
    document.head.append(tag);
  }).then(async (reader) => {
    // Without this the reader would ask a content network for its other half.
    await reader.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    return reader;
  }).catch((error) => { fetched = null; throw new CameraError("reader", { cause: error }); });
  return fetched;
}

async function wasmReader(files) {
  const reader = await zxing(files);
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const options = { formats: ["QRCode"], tryHarder: true, tryInvert: false, maxNumberOfSymbols: 1 };
  return {
    name: "zxing",
    /** The square in the middle, which is what the frame on the screen shows. */
    async read(video) {
      const side = Math.min(video.videoWidth, video.videoHeight);
      if (!side) return "";
      canvas.width = canvas.height = Math.min(side, SIDE);
      const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
      brush.drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
      const found = await reader.readBarcodes(brush.getImageData(0, 0, canvas.width, canvas.height), options);
      return found.find((code) => code.isValid)?.text || "";
    },
  };
}

/**
 * Start the camera in a video element and call `onCode(text)` for each code held before it, once while it is held.
 * @param {{script: string, wasm: string}} files the hashed addresses of zxing-wasm.
 * @returns what stops it and lights the torch.
 * @throws {CameraError}
 */
export async function start(video, files, onCode) {
  if (!globalThis.isSecureContext || !navigator.mediaDevices?.getUserMedia) throw new CameraError("insecure");
  let isStopped = false, timer = 0, stream = null, reader = null;
  let last = "", lastSeen = 0;

  async function look() {
    const ideal = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: ideal, audio: false });
    } catch (error) { throw new CameraError(REASONS[error.name] || "none"); }
    if (isStopped) { dark(); return; }
    video.srcObject = stream;
    await video.play().catch(() => {});
  }

  function dark() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  }

  async function turn() {
    if (isStopped) return;
    try {
      if (stream && video.readyState >= 2) note(await reader.read(video));
    } catch {
      // Some phones offer a reader of their own that does not work.
      if (reader.name === "native") reader = await wasmReader(files).catch(() => reader);
    }
    timer = setTimeout(turn, EVERY_MS);
  }

  function note(text) {
    const now = performance.now();
    if (!text || isStopped) return;
    const isHeld = text === last && now - lastSeen < FORGET_MS;
    [last, lastSeen] = [text, now];
    if (!isHeld) onCode(text);
  }

  async function seen() {
    if (document.hidden) dark();
    else if (!stream && !isStopped) await look().catch(() => {});
  }

  function stop() {
    isStopped = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
    dark();
  }

  try {
    [reader] = await Promise.all([nativeReader().then((own) => own || wasmReader(files)), look()]);
  } catch (error) { stop(); throw error; }
  if (isStopped) return { stop };
  document.addEventListener("visibilitychange", seen);
  turn();
  const track = () => stream?.getVideoTracks()[0];
  return {
    stop,
    reader: reader.name,
    get hasTorch() { return Boolean(track()?.getCapabilities?.().torch); },
    torch: (on) => track()?.applyConstraints({ advanced: [{ torch: on }] }),
  };
}

const TOKEN = /\/q\/([A-Za-z0-9_-]{43})(?:[/?#]|$)/;

/** The token of an invitation in what a code says, on whatever host the code was made; "" for any other code. */
export const tokenIn = (text) => TOKEN.exec(text)?.[1] || "";

/** What the list of the phone knows a token by. */
export async function digest(token) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
