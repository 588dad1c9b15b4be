// <text-picker> in the composer: a stroke where a word begins, or a button, opens the saved replies; m or a button the
// macros. What is chosen stands in the text where the caret was, its changes beside it, each with its way out.
// The list is fetched when it is opened; without this module the buttons lead to the same lists as pages.
import { announce, faultText, toast } from "../../kit/js/announce.js";

const folded = (text) => text.toLowerCase().replaceAll("ł", "l").replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "");

class TextPicker extends HTMLElement {
  connectedCallback() {
    this.composer = this.closest("reply-composer");
    this.composer.trigger?.("/");
    this.ends = new AbortController();
    this.touched = new Set();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    // Where the pane is narrow the buttons stand in a menu; their keys are heard all the same.
    for (const [name, kind] of [["saved-replies", "replies"], ["macro", "macros"]]) {
      on(document, `key:${name}`, (event) => { event.preventDefault(); this.open(kind, ""); });
    }
    on(this, "click", (event) => this.clicked(event));
    on(this.composer, "focusin", ({ target }) => this.touched.add(target.closest("rich-text")?.area ?? target));
    on(this.composer, "composer:trigger", (event) => this.stroke(event.detail));
    on(document, "pointerdown", (event) => this.panel && !this.contains(event.target) && this.leave(false));
    on(this, "focusout", (event) => this.panel && event.relatedTarget && !this.contains(event.relatedTarget) && this.leave(false));
  }

  disconnectedCallback() {
    this.ends.abort();
  }

  get input() {
    return this.panel.querySelector("[role=combobox]");
  }

  get options() {
    return [...this.panel.querySelectorAll("[role=option]")].filter((option) => !option.hidden);
  }

  clicked(event) {
    const button = event.target.closest("button[data-kind]");
    const option = event.target.closest("[role=option]");
    if (button) {
      event.preventDefault();
      if (this.panel && this.kind === button.dataset.kind) this.leave();
      else this.open(button.dataset.kind, "");
    } else if (option) {
      this.choose(option);
    }
  }

  // The stroke leaves the text; it comes back with what was typed when nothing is chosen.
  stroke({ sign, query, replace }) {
    if (sign !== "/" || query || this.panel || this.quiet) return;
    replace("");
    this.open("replies", "/");
  }

  open(kind, stroke) {
    this.panel?.remove();
    this.kind = kind;
    this.typed = stroke;
    const button = this.querySelector(`button[data-kind="${kind}"]`);
    this.append(this.querySelector("template").content.cloneNode(true));
    this.panel = this.querySelector(".picker-panel");
    this.panel.setAttribute("aria-label", button.textContent.trim());
    this.panel.querySelector("[data-own]").href = button.dataset.own;
    this.input.setAttribute("aria-label", button.textContent.trim());
    this.panel.querySelector("select").value = this.dataset.language;
    this.panel.addEventListener("keydown", (event) => this.pressed(event));
    // A press on an entry leaves the focus where it is, or the panel would be gone before the click.
    this.panel.addEventListener("mousedown", (event) => event.target.closest("input, select, a") || event.preventDefault());
    this.panel.addEventListener("input", (event) => this.changed(event));
    this.url = button.dataset.list;
    this.input.focus();
    this.load();
  }

  async load() {
    const panel = this.panel;
    const url = new URL(this.url, location.href);
    url.searchParams.set("language", panel.querySelector("select").value);
    if (this.long) url.searchParams.set("find", this.input.value);
    const answer = await this.fetched(url);
    if (!answer || !panel.isConnected) return;
    panel.querySelector(".found-texts").innerHTML = await answer.text();
    this.long = panel.querySelector("[data-more]") !== null || url.searchParams.has("find");
    this.input.setAttribute("aria-controls", panel.querySelector("[role=listbox]").id);
    this.narrow();
  }

  async fetched(url) {
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.ends.signal });
      if (answer.ok) return answer;
      toast(faultText(answer.status === 401 ? "signedOut" : "failed"), { stays: true });
    } catch (fault) {
      if (fault.name !== "AbortError") toast(faultText("offline"), { stays: true });
    }
    return null;
  }

  changed(event) {
    event.stopPropagation();
    if (event.target !== this.input || this.long) this.load();
    else this.narrow();
  }

  // Every word must be there; the reply whose short word was typed stands first.
  narrow() {
    const line = folded(this.input.value.trim());
    const words = line.split(/\s+/);
    const list = this.panel.querySelector("[role=listbox]");
    if (!list) return;
    for (const option of list.children) {
      option.hidden = !words.every((word) => option.dataset.words.includes(word));
      if (line && option.dataset.short === line) list.prepend(option);
    }
    this.panel.querySelector("[data-none]").hidden = this.options.length > 0;
    this.point(this.options[0]);
  }

  point(option) {
    for (const other of this.panel.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (event.isComposing) return;
    const options = this.options;
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "Escape") this.leave();
    else if (event.key === "ArrowDown") this.point(options[Math.min(at + 1, options.length - 1)]);
    else if (event.key === "ArrowUp") this.point(options[Math.max(at - 1, 0)]);
    else if (event.key === "Enter" && event.target === this.input) this.choose(options[at]);
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  }

  async choose(option) {
    if (!option) return;
    const answer = await this.fetched(option.dataset.url);
    if (!answer) return;
    const { text, kind, chips, said, files } = await answer.json();
    this.close();
    if (kind) this.composer.show(kind);
    this.write(text);
    this.composer.stage(chips);
    if (files) this.composer.files.bring(files);
    announce(said);
  }

  // Where the caret was, below what stands in a text that nobody has been in yet; not glued to the words around it.
  write(text) {
    const area = this.composer.area();
    const isNew = !this.touched.has(area);
    if (isNew) area.setSelectionRange(area.value.length, area.value.length);
    // A rich text keeps its caret by itself, and its focus() would lead to the end.
    if (isNew || !text || !area.rich) area.focus();
    const before = /\S$/.test(area.rich?.before() ?? area.value.slice(0, area.selectionStart)) ? "\n\n" : "";
    const after = !area.rich && /^\S/.test(area.value.slice(area.selectionEnd)) ? "\n\n" : "";
    if (text) this.composer.insert(before + text + after);
  }

  // Nothing was chosen: what was typed is not lost, and a pointer that went elsewhere stays there.
  leave(back = true) {
    const typed = this.typed && this.typed + this.input.value;
    this.close();
    this.quiet = true;
    if (typed) this.composer.insert(typed);
    this.quiet = false;
    if (back && !(typed && this.composer.area().rich)) this.composer.area().focus();
  }

  close() {
    this.panel?.remove();
    this.panel = null;
    this.long = false;
  }
}

customElements.define("text-picker", TextPicker);
