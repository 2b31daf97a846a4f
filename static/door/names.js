/* Finding a guest by a few letters, on the phone itself. The folding is that of partners/search.py, so that the door
   forgives what the registry forgives; a word of the list is compared once, however many guests bear it. */

const APOSTROPHES = /['’‘`´ʼʻ′]/g;
const PLAIN = /^[\x20-\x7e]*$/;
const LETTERS = { v: "f", q: "k", z: "s" };
// Two letters for one sound: old spelling, and Arabic names as people write them.
const SOUNDS = [
  ["pengi", "pegi"], ["oe", "u"], ["dj", "j"], ["tj", "c"], ["nj", "ny"], ["sj", "s"], ["sy", "s"], ["sh", "s"],
  ["kh", "h"], ["dh", "d"], ["th", "t"], ["ph", "f"], ["ck", "k"], ["ie", "i"], ["iya", "ia"], ["uwa", "ua"],
];
const MOST_WORDS = 6, LETTERS_TO_FORGIVE = 4, MOST_LETTERS = 80;
// Smaller is better: what a word of the list costs for one that was typed.
const EXACT = 0, BEGINNING = 1, ROUGH = 2.5, INSIDE = 3, ROUGH_BEGINNING = 3.5, OF_ORGANISATION = 1.25, LATER_WORD = 0.25;
// Spelled as typed goes before spelled as it sounds.
const AS_IT_SOUNDS = 0.25;

const single = (text) => text.replace(/([^ ])\1+/g, "$1");

function plain(text) {
  const low = text.toLowerCase();
  const bare = PLAIN.test(low) ? low : low.normalize("NFKD").replace(/\p{M}/gu, "");
  const words = bare.replace(APOSTROPHES, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return single(words.replace(/[vqz]/g, (letter) => LETTERS[letter]));
}

function folded(word) {
  let sound = word.replace(/([aiueo])ch(?=[lmnrstdb])/g, "$1h");
  for (const [variant, written] of SOUNDS) if (sound.includes(variant)) sound = sound.replaceAll(variant, written);
  return single(sound.replace(/y/g, "i"));
}

const wordsOf = (text) => { const words = plain(text || ""); return words ? words.split(" ") : []; };

/** How many letters tell guests apart in what was typed: "zzz" is one sound, and would open half of the list. */
export function lettersIn(text) {
  const letters = text.replace(/[^\p{L}\p{N}]/gu, "").length;
  return new Set(wordsOf(text).join("")).size > 1 ? letters : Math.min(letters, 1);
}

/** Whether `word` from one place on begins what `other` has from another. */
function continues(word, at, other, from) {
  if (other.length - from < word.length - at) return false;
  for (; at < word.length; at += 1, from += 1) if (word.charCodeAt(at) !== other.charCodeAt(from)) return false;
  return true;
}

/** One letter wrong, missing, too many, or two that changed places: a whole word, or its beginning, or Infinity. */
function roughCostOf(typed, word) {
  const gap = word.length - typed.length;
  if (typed.length < LETTERS_TO_FORGIVE || gap < -1) return Infinity;
  let at = 0;
  while (at < typed.length && typed.charCodeAt(at) === word.charCodeAt(at)) at += 1;
  const isWrong = continues(typed, at + 1, word, at + 1);
  const isSwapped = !isWrong && typed[at] === word[at + 1] && typed[at + 1] === word[at] && continues(typed, at + 2, word, at + 2);
  const isTooMany = continues(typed, at + 1, word, at), isMissing = continues(typed, at, word, at + 1);
  if (((isWrong || isSwapped) && gap === 0) || (isTooMany && gap === -1) || (isMissing && gap === 1)) return ROUGH;
  return isWrong || isSwapped || isTooMany || isMissing ? ROUGH_BEGINNING : Infinity;
}

/**
 * The words of all guests, each with who bears it.
 * @param {Array} rows guests with `name` and `organisation`, or the rows of the pack as they are.
 */
export function makeIndex(rows) {
  const words = new Map();
  const keys = new Array(rows.length);
  const note = (word, row, cost) => {
    if (!words.has(word)) words.set(word, { sound: folded(word), rows: [], costs: [] });
    const entry = words.get(word);
    entry.rows.push(row);
    entry.costs.push(cost);
  };
  rows.forEach((row, at) => {
    const [name, organisation] = Array.isArray(row) ? [row[1], row[2]] : [row.name, row.organisation];
    const own = wordsOf(name);
    own.forEach((word, place) => note(word, at, place ? LATER_WORD : 0));
    // "Nur Aini" is also written Nuraini.
    if (own.length > 1) note(own.join(""), at, LATER_WORD);
    wordsOf(organisation).forEach((word) => note(word, at, OF_ORGANISATION));
    keys[at] = own.join(" ");
  });
  const order = keys.map((_key, at) => at).sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
  const rank = new Uint32Array(rows.length);
  order.forEach((at, place) => { rank[at] = place; });
  return { rows, words: [...words], rank };
}

/** What a word of the list costs for a typed one, spelled as typed or as it sounds; Infinity when it is another. */
function costOf(typed, word) {
  if (word === typed) return EXACT;
  if (word.startsWith(typed)) return BEGINNING;
  if (typed.length > 2 && word.includes(typed)) return INSIDE;
  return Infinity;
}

function costs(index, typed) {
  const sound = folded(typed);
  const found = new Float32Array(index.rows.length).fill(Infinity);
  for (const [word, { sound: heard, rows, costs: own }] of index.words) {
    let cost = costOf(typed, word);
    if (cost > AS_IT_SOUNDS) cost = Math.min(cost, costOf(sound, heard) + AS_IT_SOUNDS);
    if (cost === Infinity) cost = roughCostOf(sound, heard);
    if (cost === Infinity) continue;
    for (let at = 0; at < rows.length; at += 1) {
      const whole = cost + own[at];
      if (whole < found[rows[at]]) found[rows[at]] = whole;
    }
  }
  return found;
}

/**
 * The guests in whose name or organisation every typed word is found, in any order, best first; [] for no word.
 * One wrong letter in a word of four or more is forgiven; who is found without forgiving stands before.
 */
export function search(index, text, limit = 50) {
  const typed = [...new Set(wordsOf((text || "").slice(0, MOST_LETTERS)))].slice(0, MOST_WORDS);
  if (!typed.length) return [];
  const columns = typed.map((word) => costs(index, word));
  const found = [];
  for (let at = 0; at < index.rows.length; at += 1) {
    let sum = 0;
    for (const column of columns) sum += column[at];
    if (sum < Infinity) found.push([sum, at]);
  }
  found.sort((a, b) => a[0] - b[0] || index.rank[a[1]] - index.rank[b[1]]);
  return found.slice(0, limit).map(([, at]) => index.rows[at]);
}
