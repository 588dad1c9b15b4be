// <search-box> in a search form: a combobox over its field. It shows how the line could go on and what it finds already;
// arrow keys choose, Enter takes, Esc closes. Without it the field is a field and Enter searches.
const WAIT = 120;
const letters = (text) => [...text];
const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

class SearchBox extends HTMLElement {
  connectedCallback() {
    this.input = this.closest("form").querySelector("input[type=search]");
    this.list = this.querySelector("[role=listbox]");
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    for (const [name, value] of Object.entries({
      "role": "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
      "aria-haspopup": "listbox",
    })) this.input.setAttribute(name, value);
    on(this.input, "input", () => this.later());
    on(this.input, "keydown", (event) => this.pressed(event));
    on(this.input, "blur", () => this.close());
    on(this.list, "pointerdown", (event) => event.preventDefault());
    on(this.list, "click", (event) => this.take(event.target.closest("[role=option]")));
  }

  disconnectedCallback() {
    this.ends.abort();
    this.asking?.abort();
    clearTimeout(this.timer);
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  get active() {
    return this.list.querySelector("[aria-selected=true]");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask(asked = false) {
    this.asking?.abort();
    this.asking = new AbortController();
    const at = letters(this.input.value.slice(0, this.input.selectionStart ?? undefined)).length;
    const query = new URLSearchParams({ q: this.input.value, at: String(at), ...(asked && { asked: "1" }) });
    try {
      const answer = await fetch(`${this.dataset.url}?${query}`, {
        headers: { "HX-Request": "true" }, signal: this.asking.signal,
      });
      if (answer.ok && document.activeElement === this.input) this.show(parsed(await answer.text()));
    } catch {
      this.close();
    }
  }

  show(found) {
    this.list.replaceChildren(...found.childNodes);
    const any = this.options.length > 0;
    this.list.hidden = !any;
    this.input.setAttribute("aria-expanded", String(any));
    this.choose(null);
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(null);
  }

  pressed(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (open) this.step(event.key === "ArrowDown" ? 1 : -1);
      else this.ask(true);
    } else if (event.key === "Enter" && open && this.active) {
      event.preventDefault();
      this.take(this.active);
    } else if (event.key === "Enter") {
      this.close();
    }
  }

  // Round and round, with the field itself as one of the places.
  step(by) {
    const places = [null, ...this.options];
    const at = places.indexOf(this.active);
    this.choose(places[(at + by + places.length) % places.length]);
  }

  choose(option) {
    for (const other of this.options) other.setAttribute("aria-selected", String(other === option));
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  take(option) {
    if (!option) return;
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    const { text, start, end, whole } = option.dataset;
    const line = letters(this.input.value);
    const rest = line.slice(Number(end)).join("");
    const before = line.slice(0, Number(start)).join("") + text + (whole === undefined || rest.startsWith(" ") ? "" : " ");
    this.input.value = before + rest;
    this.input.setSelectionRange(before.length, before.length);
    this.ask();
  }
}

customElements.define("search-box", SearchBox);
