// Keeps what is typed in a <reply-composer> on the server: a second after the last key, every few seconds while one
// types on, and at once on leaving. What has not arrived there yet lies in this browser, under the agent's own key, until
// it has: a lost connection or an ended session costs no word. Words written elsewhere meanwhile stop the saving until
// somebody has chosen.
import { announce } from "../../kit/js/announce.js";

const AFTER = 900;
const AT_LATEST = 4000;
const AGAIN = 15_000;

export class DraftKeeper {
  constructor(composer) {
    this.composer = composer;
    this.form = composer.querySelector("form");
    this.dirty = new Map();
    this.waits = new Map();
    this.busy = null;
    this.stopped = false;
  }

  field(name) {
    return this.form.elements.namedItem(name);
  }

  place(kind) {
    return `tresen:draft:${this.composer.dataset.key}:${kind}`;
  }

  /** What lies in this browser and is not on the server comes back; what is there already is forgotten. */
  restore() {
    const { sent, fresh } = this.composer.dataset;
    for (const area of this.composer.areas) {
      const { kind } = area.dataset;
      if (kind === sent || fresh !== undefined) {
        sessionStorage.removeItem(this.place(kind));
        if (fresh !== undefined && kind !== sent && area.value) this.changed(kind);
        continue;
      }
      const here = JSON.parse(sessionStorage.getItem(this.place(kind)) ?? "null");
      if (!here) continue;
      if (here.text === area.value) {
        sessionStorage.removeItem(this.place(kind));
        continue;
      }
      if (here.text !== area.value && kind === "reply" && this.field("reply_html")) this.field("reply_html").value = "";
      area.value = here.text;
      this.field(`${kind}_version`).value = here.version;
      this.changed(kind);
    }
  }

  /** Something was typed or chosen in this tab. */
  changed(kind) {
    const text = this.composer.area(kind).value;
    const known = Number(this.field(`${kind}_version`).value);
    if (!text && !known) return sessionStorage.removeItem(this.place(kind));
    this.dirty.set(kind, this.dirty.get(kind) ?? Date.now());
    sessionStorage.setItem(this.place(kind), JSON.stringify({ text, version: known }));
    const longest = this.dirty.get(kind) + AT_LATEST - Date.now();
    this.later(kind, Math.max(0, Math.min(AFTER, longest)));
  }

  later(kind, wait) {
    clearTimeout(this.waits.get(kind));
    this.waits.set(kind, setTimeout(() => this.save(kind), wait));
  }

  /** All that is not on the server yet goes there now; `leaving`: the page may be gone before the answer. */
  flush(leaving = false) {
    for (const kind of this.dirty.keys()) this.save(kind, leaving);
  }

  /** The form itself is on its way: it carries everything. */
  handOver() {
    this.stopped = true;
    for (const wait of this.waits.values()) clearTimeout(wait);
  }

  /** The form did not get through. */
  takeBack() {
    this.stopped = false;
    for (const { dataset } of this.composer.areas) this.changed(dataset.kind);
  }

  body(kind) {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && (!name.endsWith("_text") || name === `${kind}_text`)) data.append(name, value);
    }
    data.set("keep", kind);
    const turn = this.field("turn");
    turn.value = Number(turn.value) + 1;
    return data;
  }

  async save(kind, leaving = false) {
    if (this.stopped || this.composer.querySelector(".settling .elsewhere") || !this.dirty.has(kind)) return;
    if (this.busy && !leaving) return this.later(kind, AFTER);
    clearTimeout(this.waits.get(kind));
    const text = this.composer.area(kind).value;
    const body = this.body(kind);
    this.dirty.delete(kind);
    try {
      this.busy = this.send(body, leaving);
      await this.judge(kind, text, await this.busy);
    } catch {
      this.failed(kind);
    } finally {
      this.busy = null;
    }
  }

  send(body, leaving = false) {
    const keepalive = leaving && String(body).length < 60_000;
    return fetch(this.composer.dataset.draft, {
      method: "POST", body, keepalive, headers: { "HX-Request": "true" }, redirect: "error",
    });
  }

  async judge(kind, text, answer) {
    if (answer.status === 409) return this.elsewhere(kind, await answer.json());
    if (!answer.ok) return this.failed(kind, answer.status === 422 ? (await answer.json()).said : undefined);
    const { version, said } = await answer.json();
    this.field(`${kind}_version`).value = version;
    if (this.composer.area(kind).value === text && !this.dirty.has(kind)) sessionStorage.removeItem(this.place(kind));
    this.composer.say(said);
  }

  failed(kind, said) {
    if (!this.dirty.has(kind)) this.dirty.set(kind, Date.now());
    this.composer.say(said ?? this.composer.querySelector(".saved").dataset.here, true);
    if (this.composer.isConnected) this.later(kind, AGAIN);
  }

  elsewhere(kind, { version, html, text, files }) {
    this.composer.querySelector(`.chosen[data-kind="${kind}"]`)?.insertAdjacentHTML("beforeend", files);
    if (!files && text === this.composer.area(kind).value) {
      this.field(`${kind}_version`).value = version;
      return;
    }
    this.dirty.set(kind, Date.now());
    this.theirs = { version };
    this.composer.querySelector(".settling").innerHTML = html;
    this.composer.show(kind);
    announce(this.composer.querySelector(".settling p").textContent, true);
  }

  /** One's own words, the other ones, or both. */
  settle(how) {
    const banner = this.composer.querySelector(".settling .elsewhere");
    const { kind } = banner.dataset;
    const area = this.composer.area(kind);
    const theirs = banner.querySelector(".theirs")?.value ?? "";
    if (how === "theirs") this.composer.write(theirs, kind);
    if (how === "both") this.composer.write(`${area.value}\n\n${theirs}`, kind);
    if (this.theirs) this.field(`${kind}_version`).value = this.theirs.version;
    banner.remove();
    area.focus();
    this.changed(kind);
  }

  /** Back at this page: what was written elsewhere is taken in where nothing was typed here since. */
  async look() {
    if (this.stopped) return;
    const place = new URL(this.composer.dataset.drafts, location.href);
    const writes = this.composer.area("reply").value.trim();
    for (const name of ["seen", "seen_event"]) if (writes) place.searchParams.set(name, this.field(name).value);
    const answer = await fetch(place, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || !this.composer.isConnected) return;
    const { drafts, news } = await answer.json();
    if (!this.composer.querySelector(".news[role=alert]")) this.composer.querySelector(".newsline").innerHTML = news;
    if (this.dirty.size || this.busy || this.stopped) return;
    for (const [kind, { text, version, said }] of Object.entries(drafts)) {
      const known = this.field(`${kind}_version`);
      if (!this.composer.area(kind) || Number(known.value) >= version) continue;
      known.value = version;
      this.composer.write(text, kind);
      this.composer.say(said);
    }
  }

  async discard(kind) {
    this.handOver();
    const body = this.body(kind);
    body.set("discard", "1");
    const answer = await this.send(body).catch(() => null);
    this.stopped = false;
    if (answer?.status === 409) return this.elsewhere(kind, await answer.json());
    if (!answer?.ok) return this.failed(kind);
    const { version, said } = await answer.json();
    this.composer.write("", kind);
    this.field(`${kind}_version`).value = version;
    this.composer.querySelector(`.chosen[data-kind="${kind}"]`)?.replaceChildren();
    this.dirty.delete(kind);
    sessionStorage.removeItem(this.place(kind));
    this.composer.say("");
    announce(said);
  }
}
