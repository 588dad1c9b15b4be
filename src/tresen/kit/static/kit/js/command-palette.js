// <command-palette>: a dialog with a combobox. The server finds (only what one may see and do); here the letters are sent,
// an option is chosen, and what was used last is remembered by its name alone.
import { announce } from "./announce.js";

const PAUSE = 60;
const KEPT = 12;
const RECENT = "tresen-recent";

class CommandPalette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.found = this.querySelector("[role=listbox]");
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    on(document, "click", (event) => this.asked(event));
    on(this.input, "input", () => this.later());
    on(this.input, "keydown", (event) => this.pressed(event));
    on(this.found, "click", (event) => this.picked(event));
    on(this.found, "pointermove", (event) => this.select(event.target.closest("[data-run], a, [data-post]"), false));
    on(this.dialog, "click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    on(this.dialog, "close", () => { this.found.replaceChildren(); this.input.value = ""; });
  }

  disconnectedCallback() {
    this.ends.abort();
  }

  // A link that leads to the search without a script opens the palette with one.
  asked(event) {
    if (!event.target.closest?.("[data-palette]") || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.open();
  }

  get keyMap() {
    return document.querySelector("key-map");
  }

  get ticket() {
    return document.getElementById("ticket")?.dataset.ticket ?? "";
  }

  open() {
    if (this.dialog.open) return this.dialog.close();
    this.from = document.activeElement;
    const chip = this.querySelector(".ask .chip");
    chip.textContent = document.querySelector("#ticket .ref")?.textContent.trim() ?? "";
    chip.hidden = !chip.textContent;
    this.dialog.showModal();
    this.input.focus();
    this.ask();
  }

  later() {
    clearTimeout(this.timer);
    this.pending = new Promise((done) => { this.timer = setTimeout(() => this.ask().then(done), PAUSE); });
  }

  ask() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = new AbortController();
    const at = this.keyMap?.screens() ?? [];
    const query = new URLSearchParams({ q: this.input.value, at: at.join(" "), ticket: this.ticket, recent: recent().join(" ") });
    this.pending = this.fetched(`${this.dataset.url}?${query}`, this.asking.signal);
    return this.pending;
  }

  async fetched(url, signal) {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
      const text = answer.ok ? await answer.text() : "";
      if (signal.aborted) return;
      this.show(text);
    } catch (fault) {
      if (fault.name !== "AbortError") this.found.replaceChildren();
    }
  }

  show(html) {
    this.found.innerHTML = html;
    for (const option of this.options) {
      const { run } = option.dataset;
      if (run && !option.href && !("heard" in option.dataset) && !this.keyMap?.finds(run)) option.remove();
    }
    for (const group of this.found.querySelectorAll("[role=group]")) {
      if (!group.querySelector("[role=option]")) group.remove();
    }
    this.select(this.options[0] ?? null);
    this.found.scrollTop = 0;
    const told = this.found.querySelector("[data-said]");
    if (told && this.input.value) announce(told.dataset.said);
  }

  get options() {
    return [...this.found.querySelectorAll("[role=option]:not([aria-disabled])")];
  }

  select(option, scroll = true) {
    if (option === undefined || option === this.selected && option?.isConnected) return;
    this.selected?.setAttribute("aria-selected", "false");
    this.selected?.classList.remove("is-active");
    this.selected = option;
    option?.setAttribute("aria-selected", "true");
    option?.classList.add("is-active");
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    if (scroll) option?.scrollIntoView({ block: "nearest" });
  }

  async pressed(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = this.options;
      const at = all.indexOf(this.selected) + step;
      if (all.length) this.select(all.at(at % all.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      await this.pending;
      this.selected?.click();
    }
  }

  picked(event) {
    const option = event.target.closest("[role=option]:not([aria-disabled])");
    if (!option) return;
    const { run, post, values } = option.dataset;
    if (run) remember(run);
    if (event.ctrlKey || event.metaKey) return;
    const isPlace = option.href && !this.keyMap?.finds(run);
    this.dialog.close();
    if (isPlace) return;
    event.preventDefault();
    if (post) window.htmx.ajax("POST", post, { values: JSON.parse(values), swap: "none", source: document.body });
    else this.keyMap?.run(run, this.from);
  }
}

customElements.define("command-palette", CommandPalette);

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT)) ?? [];
  } catch {
    return [];
  }
}

function remember(name) {
  try {
    localStorage.setItem(RECENT, JSON.stringify([name, ...recent().filter((other) => other !== name)].slice(0, KEPT)));
  } catch {
    // A browser that keeps nothing forgets what was used last.
  }
}
