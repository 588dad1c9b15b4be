// <live-list> in section.list: from 1200 px on a row opens beside the list, j and k walk through the rows. What the stream
// tells brings rows, counts and the "3 new" pill up to date (live-rows.js); rows stay where they are until somebody asks.
import { announce } from "../../kit/js/announce.js";
import { LiveRows } from "./live-rows.js";

const WIDE = matchMedia("(width >= 1200px)");
// How long a ticket that was fetched before it was asked for is taken as new.
const FRESH = 10_000;
const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));
const ticket = () => document.getElementById("ticket");
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

// Where one is, without the part of the page.
const place = ({ pathname, search } = location) => pathname + search;

class LiveList extends HTMLElement {
  connectedCallback() {
    this.list = this.closest("section");
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal, capture: true });
    on(this.list, "click", (event) => this.clicked(event));
    on(document, "key:next", (event) => this.step(event, 1));
    on(document, "key:previous", (event) => this.step(event, -1));
    on(document, "key:open", (event) => this.enter(event));
    on(document, "key:back", (event) => this.close(event));
    this.place = place();
    on(window, "popstate", () => this.travelled());
    on(document, "htmx:afterSwap", () => this.arrived());
    on(this.list, "htmx:afterSettle", () => this.grown());
    on(document, "htmx:responseError", (event) => this.failed(event));
    on(document, "htmx:sendError", (event) => this.failed(event));
    on(document, "ticket-changed", (event) => this.refresh(event.detail.number));
    on(this.list, "htmx:beforeRequest", (event) => this.goesOn(event));
    on(this, "htmx:afterRequest", () => queueMicrotask(() => this.loaded()));
    this.live = new LiveRows(this, on);
    this.mark(this.row(ticket()?.dataset.ticket));
    if (this.dataset.focus) this.list.querySelector(".search .input")?.focus();
    else this.current?.scrollIntoView({ block: "nearest" });
  }

  disconnectedCallback() {
    this.ends.abort();
    this.live.end();
  }

  get rows() {
    return [...this.list.querySelectorAll("li.row")];
  }

  // The row with the focus, else the one whose ticket is open.
  get current() {
    return document.activeElement?.closest("li.row") ?? this.list.querySelector("li.row[aria-current]");
  }

  row(number) {
    return number ? this.list.querySelector(`li.row[data-number="${CSS.escape(number)}"]`) : null;
  }

  mark(row) {
    for (const other of this.list.querySelectorAll("li.row[aria-current]")) other.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
    this.live?.sweep();
  }

  clicked(event) {
    const link = event.target.closest("a.subject");
    if (!link || !WIDE.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.stepped = 0;
    this.awaited = null;
    this.open(link.closest("li.row"), event.detail === 0);
  }

  step(event, by) {
    const rows = this.rows;
    if (!rows.length) return;
    event.preventDefault();
    this.stepped = by;
    this.awaited = null;
    const at = rows.indexOf(this.current);
    const next = rows[at < 0 ? 0 : Math.max(at + by, 0)];
    if (next) this.stepTo(next);
    else this.stepFurther(rows.length);
  }

  stepTo(row) {
    if (WIDE.matches) this.open(row);
    else this.go(row);
  }

  // Below the last row: on to the first of the older ones, as soon as they are there. Scrolling may have asked for them.
  stepFurther(count) {
    this.awaited = count;
    this.list.querySelector(".older a")?.click();
  }

  grown() {
    const row = this.awaited && this.rows[this.awaited];
    if (!row) return;
    this.awaited = null;
    this.stepTo(row);
  }

  enter(event) {
    const row = this.current;
    if (!row) return;
    this.stepped = 0;
    event.preventDefault();
    if (WIDE.matches) this.open(row, true);
    else location.assign(row.querySelector("a.subject").href);
  }

  // Narrow: walks the list; where the ticket hides it, to the next ticket.
  go(row) {
    const link = row.querySelector("a.subject");
    if (link.checkVisibility()) link.focus();
    else location.assign(link.href);
  }

  open(row, inside = false) {
    const link = row.querySelector("a.subject");
    this.mark(row);
    this.wanted = { number: row.dataset.number, url: link.href, inside };
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    if (!this.asked) this.ask();
  }

  // One request at a time: while it is under way, only the last wish counts.
  ask() {
    const { number, url } = this.wanted;
    if (ticket()?.dataset.ticket === number) return this.arrived();
    this.makeRoom();
    const ready = this.takeAhead(url);
    if (ready) return window.htmx.swap("#ticket", ready, { swapStyle: "outerHTML", swapDelay: 0, settleDelay: 20 }, { eventInfo: { target: ticket() } });
    this.asked = number;
    ticket().setAttribute("aria-busy", "true");
    window.htmx.ajax("GET", url, { source: this, target: "#ticket", swap: "outerHTML" });
  }

  // The ticket after the one that was stepped to is fetched in a quiet moment; what is older than some seconds is not used.
  async fetchAhead(row) {
    const next = this.rows[this.rows.indexOf(row) + this.stepped];
    if (!next || navigator.connection?.saveData) return;
    const url = next.querySelector("a.subject").href;
    if (this.ahead?.url === url && Date.now() - this.ahead.at < FRESH) return;
    this.ahead = { url, at: Date.now(), text: await this.fetched(url) };
  }

  takeAhead(url) {
    const { ahead } = this;
    this.ahead = null;
    return ahead?.url === url && Date.now() - ahead.at < FRESH ? ahead.text : null;
  }

  loaded() {
    const asked = this.asked;
    this.asked = null;
    if (this.wanted && this.wanted.number !== asked) this.ask();
  }

  // The first ticket: the list gives half of its place away, and bones stand for what comes.
  makeRoom() {
    if (ticket()) return;
    this.list.after(this.querySelector("template").content.cloneNode(true));
    this.desk.classList.remove("wide");
    this.desk.classList.add("has-ticket");
    this.isNew = true;
  }

  get desk() {
    return this.list.closest(".desk");
  }

  // The ticket that was asked for last is there: it gets its address, and its row is read.
  arrived() {
    const { number, url, inside } = this.wanted ?? {};
    if (!number || ticket()?.dataset.ticket !== number) return;
    this.wanted = null;
    if (location.href !== url) history[this.isNew ? "pushState" : "replaceState"]({}, "", url);
    this.place = place();
    this.isNew = false;
    const row = this.row(number);
    row?.classList.remove("unread");
    row?.querySelector(".subject .sr")?.remove();
    const back = ticket().querySelector(".back");
    if (back) back.href = this.dataset.url;
    if (inside) ticket().focus();
    if (this.stepped) whenIdle(() => this.fetchAhead(row));
  }

  failed(event) {
    if (event.detail.elt !== this || this.wanted?.number !== this.asked) return;
    this.wanted = null;
    if (!ticket()?.dataset.ticket) return this.leave();
    ticket().removeAttribute("aria-busy");
    this.mark(this.row(ticket().dataset.ticket));
  }

  leave() {
    const row = this.list.querySelector("li.row[aria-current]");
    ticket()?.remove();
    this.mark(null);
    this.isNew = false;
    document.title = this.dataset.title;
    this.desk.classList.remove("has-ticket");
    this.desk.classList.add("wide");
    (row?.querySelector("a.subject") ?? this.list.querySelector(".rows")).focus();
  }

  close(event) {
    if (!ticket() || !WIDE.matches) return;
    event.preventDefault();
    this.back();
  }

  // The ticket goes, the list stays.
  back() {
    history.pushState({}, "", this.dataset.url);
    this.place = place();
    this.leave();
  }

  // Back and forth in the browser's history, as far as this list knows the place.
  travelled() {
    if (this.place === place()) return; // a leap within the page, as to the text of a reply
    this.place = place();
    const link = this.rows.map((row) => row.querySelector("a.subject")).find((a) => place(a) === this.place);
    if (this.place === this.dataset.url) this.leave();
    else if (link) this.open(link.closest("li.row"));
    else location.reload();
  }

  // "Older" by key: the focus goes to the first row that came.
  goesOn(event) {
    const older = event.target.closest?.(".older");
    if (!older || document.activeElement !== event.target) return;
    const count = this.rows.length;
    this.list.addEventListener("htmx:afterSettle", () => {
      this.rows[count]?.querySelector("a.subject").focus();
    }, { once: true, signal: this.ends.signal });
  }

  // The text of an answer, or null. Leaving the page may end it after its head has come: the body is read here too.
  async fetched(url) {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.ends.signal });
      return answer.ok ? await answer.text() : null;
    } catch {
      return null;
    }
  }

  async refresh(number) {
    const old = this.row(number);
    const answer = old && await this.fetched(this.dataset.rows.replace("NUMBER", encodeURIComponent(number)));
    const row = answer && parsed(answer).querySelector("li.row");
    if (row && old.isConnected) this.replace(old, row);
    this.live.catchUp();
  }

  // The row as it is now, in its place; what had the focus has it again.
  replace(old, row) {
    const focused = old.contains(document.activeElement);
    if (old.hasAttribute("aria-current")) row.setAttribute("aria-current", "true");
    old.replaceWith(row);
    window.htmx.process(row);
    if (focused) row.querySelector("a.subject").focus({ preventScroll: true });
  }

  // What the poll for news told: counts of the views, the pill, the mark in the rail.
  show({ counts, pill, area }) {
    for (const element of document.querySelectorAll("[data-count]")) {
      const text = counts[element.dataset.count];
      if (text !== undefined && text !== element.textContent) element.textContent = text;
    }
    this.showPill(pill);
    this.showArea(parsed(area).querySelector("a"));
  }

  showPill(text) {
    const pill = this.list.querySelector(".pill-new");
    if (text && pill.hidden) announce(text);
    pill.hidden = !text;
    pill.querySelector("span").textContent = text;
  }

  // The mark in the rail; the link itself stays, it may have the focus.
  showArea(fresh) {
    const old = fresh && document.querySelector(`.rail a:not(.logo)[href="${CSS.escape(fresh.getAttribute("href"))}"]`);
    if (!old || old.getAttribute("aria-label") === fresh.getAttribute("aria-label")) return;
    old.setAttribute("aria-label", fresh.getAttribute("aria-label"));
    old.replaceChildren(...fresh.childNodes);
  }
}

customElements.define("live-list", LiveList);
