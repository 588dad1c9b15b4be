// The rows of a <live-list>, brought up to date when the stream tells that tickets changed: each in its place. A row whose
// ticket has left the view says so, and goes as soon as nobody points at the list and nobody is in it.
import { touched } from "./live-stream.js";

const GATHER = 300;
// Counts are the dear part: on a busy desk they are asked for at most so often.
const COUNTS_EVERY = 5_000;
const AWAY_AFTER = 30 * 60_000;
const AT_ONCE = 100;
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

export class LiveRows {
  constructor(element, on) {
    this.element = element;
    this.changed = new Set();
    this.isStale = false;
    this.counted = 0;
    this.timers = [];
    on(document, "live:ticket", (event) => event.detail.topics.includes("ticket") && this.note([event.detail.number]));
    for (const name of ["live:lists", "live:reload"]) on(document, name, () => this.note(element.rows.map((row) => row.dataset.number)));
    on(document, "visibilitychange", () => this.isStale && this.soon());
    on(element.list, "pointerleave", () => this.sweep());
    on(element.list, "focusout", () => queueMicrotask(() => this.sweep()));
  }

  end() {
    this.timers.forEach(clearTimeout);
  }

  get isAway() {
    return document.hidden || touched() > AWAY_AFTER;
  }

  note(numbers) {
    for (const number of numbers) this.changed.add(number);
    this.soon();
  }

  soon() {
    this.isStale = true;
    if (this.isAway) return;
    clearTimeout(this.timers[0]);
    this.timers[0] = setTimeout(() => this.refresh(), GATHER);
  }

  async refresh() {
    this.isStale = false;
    const shown = this.element.rows.map((row) => row.dataset.number).filter((number) => this.changed.has(number));
    this.changed.clear();
    for (let from = 0; from < shown.length; from += AT_ONCE) await this.renew(shown.slice(from, from + AT_ONCE));
    this.catchUp();
  }

  async renew(numbers) {
    const address = new URL(document.body.dataset.liveRows, location);
    address.search = new URL(this.element.dataset.news, location).search;
    for (const number of numbers) address.searchParams.append("n", number);
    const answer = await this.element.fetched(address);
    if (answer === null) return;
    const fresh = new Map([...parsed(answer).querySelectorAll("li.row")].map((row) => [row.dataset.number, row]));
    for (const number of numbers) {
      const old = this.element.row(number);
      if (old && fresh.has(number)) this.element.replace(old, fresh.get(number));
      else if (old) this.leaves(old);
    }
    this.sweep();
  }

  leaves(row) {
    if (row.classList.contains("left")) return;
    row.classList.add("left");
    const said = document.createElement("b");
    said.className = "left-note";
    said.textContent = document.body.dataset.liveLeft;
    row.querySelector(".last")?.prepend(said, " ");
  }

  // Rows that have left the view go, unless that would move something under a pointer, or one works in it.
  sweep() {
    const { list } = this.element;
    if (list.querySelector(".rows:hover")) return;
    for (const row of list.querySelectorAll("li.row.left:not([aria-current])")) {
      if (!row.contains(document.activeElement)) row.remove();
    }
  }

  // The counts of all views, what is new, the mark in the rail; once in a while, however much happens.
  catchUp() {
    const wait = this.counted + COUNTS_EVERY - Date.now();
    clearTimeout(this.timers[1]);
    if (wait > 0) this.timers[1] = setTimeout(() => this.catchUp(), wait);
    else if (!this.isAway) this.count();
  }

  async count() {
    this.counted = Date.now();
    const { news, since } = this.element.dataset;
    const answer = await this.element.fetched(`${news}&since=${encodeURIComponent(since)}`);
    if (answer && this.element.isConnected) this.element.show(JSON.parse(answer));
  }
}
