// <note-calls data-url data-field> below a note: offers colleagues and teams behind an @, and says before the note is
// kept whom it calls and who will see the ticket by that. Without it the note calls all the same.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "L").toLowerCase();
const CALL = /(?<![\p{L}\p{N}_@.+/-])@([\p{L}\p{N}.-]{0,40}(?: [\p{L}\p{N}.-]{0,40})?)$/u;
const WAIT = 350;

class NoteCalls extends HTMLElement {
  connectedCallback() {
    this.area = document.getElementById(this.dataset.field);
    this.status = this.querySelector("[role=status]");
    this.list = document.createElement("ul");
    this.list.className = "menu";
    this.list.hidden = true;
    this.list.id = `${this.dataset.field}-calls`;
    this.list.setAttribute("aria-label", this.dataset.label);
    this.prepend(this.list);
    this.stop = new AbortController();
    const signal = { signal: this.stop.signal };
    this.area.addEventListener("input", () => this.typed(), signal);
    this.area.addEventListener("keydown", (event) => this.key(event), signal);
    this.area.addEventListener("blur", () => setTimeout(() => this.offer([]), 200), signal);
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[data-name]")));
    if (this.area.value.includes("@")) this.typed();
  }

  disconnectedCallback() {
    this.stop.abort();
    this.list.remove();
  }

  async ask(fields) {
    const token = this.closest("form").querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, ...fields });
    const answer = await fetch(this.dataset.url, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    return answer.ok ? answer.json() : {};
  }

  async typed() {
    clearTimeout(this.later);
    this.later = setTimeout(() => this.tell(), WAIT);
    if (!this.begun()) return this.offer([]);
    this.asked ??= this.ask({ list: "1" });
    const people = (await this.asked).people ?? [];
    // What is typed by now counts, not what was when it asked.
    const begun = this.begun();
    if (!begun) return this.offer([]);
    const wanted = folded(begun[1]);
    const fits = (who) => folded(who.name).startsWith(wanted) || folded(who.name).includes(` ${wanted}`) || folded(who.handle).startsWith(wanted);
    this.offer(people.filter(fits).slice(0, 8), begun[1].length);
  }

  begun() {
    return this.area.value.slice(0, this.area.selectionStart).match(CALL);
  }

  async tell() {
    const text = this.area.value;
    const said = text.includes("@") ? (await this.ask({ text: text.slice(0, 20000) })).said : "";
    if (text === this.area.value) this.status.textContent = said || this.status.dataset.hint;
  }

  offer(people, length = 0) {
    this.length = length;
    this.list.replaceChildren(...people.map((who, n) => {
      const item = document.createElement("li");
      item.className = "item";
      item.setAttribute("role", "option");
      item.id = `${this.list.id}-${n}`;
      item.dataset.name = who.name;
      item.textContent = who.name;
      return item;
    }));
    this.list.setAttribute("role", "listbox");
    this.list.hidden = !people.length;
    this.choose(0);
  }

  choose(place) {
    const items = [...this.list.children];
    this.place = items.length ? (place + items.length) % items.length : 0;
    items.forEach((item, n) => item.setAttribute("aria-selected", String(n === this.place)));
    if (items.length) this.area.setAttribute("aria-activedescendant", items[this.place].id);
    else this.area.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (this.list.hidden) return;
    if (event.key === "ArrowDown") this.choose(this.place + 1);
    else if (event.key === "ArrowUp") this.choose(this.place - 1);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") this.take(this.list.children[this.place]);
    else if (event.key === "Escape") this.offer([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(item) {
    if (!item) return;
    const end = this.area.selectionStart;
    this.area.setRangeText(`${item.dataset.name} `, end - this.length, end, "end");
    this.offer([]);
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.area.focus();
  }
}

customElements.define("note-calls", NoteCalls);
