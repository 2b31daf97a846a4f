/* Laporan cepat without network: the lines of reports/quick_report.py that the phone can know, and how final they are. */

import { announce, button, clock, h, head, t, words } from "./dom.js";
import { standing } from "./pledge.js";
import { counts } from "./presence.js";
import { GONE } from "./store.js";

const fill = (line, values) => line.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);
const plain = (text) => String(text ?? "").replaceAll("*", "").split(/\s+/).filter(Boolean).join(" ");

/** "Senin, 21 Oktober 2024" and "20.00" where the event takes place, whatever zone the phone is in. */
function moments(event, paper) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", {
    timeZone: event.timezone, year: "numeric", month: "numeric", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).formatToParts(new Date(event.starts_at)).map(({ type, value }) => [type, value]));
  const weekday = paper.days[["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday)];
  return { day: `${weekday}, ${parts.day} ${paper.months[parts.month - 1]} ${parts.year}`, time: `${parts.hour}.${parts.minute}` };
}

/** What the list of the phone says, with what waits here, sent or not; who was asked, as the server knows it. */
export function figuresOf(people, event, pledges) {
  const { present, walkIns, officials, personnel, invited } = counts(people);
  const press = [...people.values()].filter((guest) => guest.kind === "press" && guest.presentAt).length;
  return { present, walkIns, press, apart: officials + personnel, invited: event.counts?.invited ?? invited, pledged: (event.counts?.pledged ?? 0) + pledges };
}

/**
 * @param paper the words of the paper: always Indonesian, as the office writes it.
 * @param note what the last line says while the figures may still change; "" when they are final.
 */
export function compose(event, figures, paper, note) {
  const sections = [[paper.head, `*${plain(event.title)}*`]];
  if (paper.states[event.state]) sections[0].push(`*${paper.states[event.state]}*`);
  const when = event.starts_at ? moments(event, paper) : null;
  sections.push(when
    ? [fill(paper.day, { day: when.day }), fill(paper.time, { time: when.time, zone: event.zone })]
    : [paper.undated]);
  if (event.venue) sections[1].push(fill(paper.venue, { venue: plain(event.venue) }));
  const counted = [fill(paper.present, { n: figures.present, invited: figures.present - figures.walkIns, walk_in: figures.walkIns })];
  if (figures.invited) counted.push(fill(paper.invited, { n: figures.invited }));
  if (figures.press) counted.push(fill(paper.press, { n: figures.press }));
  if (figures.apart) counted.push(fill(paper.apart, { n: figures.apart }));
  if (figures.pledged) counted.push(fill(paper.pledged, { n: figures.pledged }));
  sections.push(counted);
  if (note) sections.push([`_${note}_`]);
  return sections.map((lines) => lines.join("\n")).join("\n\n");
}

/** What is said of figures that may still change; "" when every phone has reported or the list is closed: what waits
 *  here then counts only once somebody has looked. */
export function noteOn(event, waitingHere, isOnline, paper) {
  if (event.closed) return waitingHere ? fill(paper.late, { n: waitingHere }) : "";
  const phones = (event.devices_waiting ?? 0) + (waitingHere ? 1 : 0);
  if (phones) return fill(paper.unsent, { n: phones });
  return isOnline && event.devices_waiting !== undefined ? "" : fill(paper.stale, { time: clock(event.synced, event) });
}

export function mount(root, app) {
  const text = h("textarea", { class: "form-control report-text", id: "report-text", rows: "16", readonly: true });
  const note = h("p", { class: "report-note", role: "status" });
  const label = button(t("report_copy"), "copy", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      said(t("report_copied"));
    } catch {
      text.focus();
      text.select();
      said(t("report_by_hand"));
    }
  }, "btn-primary btn-lg report-copy");
  const said = (words) => { label.querySelector("span").textContent = words; announce(words); };

  function update() {
    const paper = words.paper;
    // Names noted without a list may be of this event: nobody has said yet.
    const waiting = app.store.waiting().filter((fact) => fact.event === app.event.id).length + app.store.notes().length;
    const pledges = [...standing(app.facts).values()].filter((fact) => fact.status === "waiting").length;
    const open = noteOn(app.event, waiting, app.sync.state.isOnline && !GONE.has(app.device?.status), paper);
    const written = compose(app.event, figuresOf(app.people, app.event, pledges), paper, open);
    if (text.value !== written) text.value = written;
    note.textContent = open || t("report_final");
    note.className = `report-note alert ${open ? "alert-warning" : "alert-success"}`;
  }

  root.append(head(t("report_title"), app.home()), note, label,
    h("label", { class: "form-label", for: "report-text" }, t("report_label")), text,
    h("p", { class: "text-secondary" }, t("report_more")));
  update();
  return { update, sent: update };
}
