// <list-pick> in the bar of a list: what is selected outlives rows that are drawn anew. `x` selects the current row, `X`
// all rows from the last one on, so does a click with Shift. Without a script the boxes and the bar do their work alone.
const picked = new Map();

class ListPick extends HTMLElement {
  connectedCallback() {
    this.list = this.closest("section");
    this.form = this.closest("form");
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    if (!picked.has(this.dataset.list)) picked.set(this.dataset.list, new Set());
    on(this.list, "click", (event) => this.clicked(event));
    on(this.list, "change", (event) => this.changed(event));
    on(this.form, "reset", () => this.clear());
    on(this.form, "submit", () => this.carry());
    on(document, "key:select", (event) => this.byKey(event, false));
    on(document, "key:select-range", (event) => this.byKey(event, true));
    this.rows = this.list.querySelector(".rows");
    this.watch = new MutationObserver(() => this.show());
    if (this.rows) this.watch.observe(this.rows, { childList: true });
    const head = this.head;
    if (head) head.closest("label").hidden = false;
    this.show();
  }

  disconnectedCallback() {
    this.ends.abort();
    this.watch.disconnect();
  }

  get numbers() {
    return picked.get(this.dataset.list);
  }

  get head() {
    return this.list.querySelector(".cols .check input");
  }

  get boxes() {
    return [...this.list.querySelectorAll(".rows input[name=ticket]")];
  }

  // Shift takes all from the last one on; the box under the pointer has its new state by now.
  clicked(event) {
    const box = event.target.closest?.(".rows input[name=ticket]");
    if (!box) return;
    if (event.shiftKey && this.last) this.range(box, box.checked);
    this.last = box.value;
  }

  changed(event) {
    const box = event.target;
    if (box === this.head) for (const one of this.boxes) this.pick(one, box.checked);
    else if (box.name === "ticket") this.pick(box, box.checked);
    else return;
    this.show();
  }

  byKey(event, isRange) {
    const row = document.activeElement?.closest("li.row") ?? this.list.querySelector("li.row[aria-current]")
      ?? this.list.querySelector("li.row");
    const box = row?.querySelector("input[name=ticket]");
    if (!box) return;
    event.preventDefault();
    if (isRange && this.last) this.range(box, true);
    else this.pick(box, !box.checked);
    this.last = box.value;
    row.querySelector("a.subject").focus({ preventScroll: true });
    this.show();
  }

  range(box, on) {
    const boxes = this.boxes;
    const [from, to] = [boxes.findIndex((one) => one.value === this.last), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const one of boxes.slice(Math.max(from, 0), to + 1)) this.pick(one, on);
    this.show();
  }

  pick(box, on) {
    box.checked = on;
    if (on) this.numbers.add(box.value);
    else this.numbers.delete(box.value);
  }

  clear() {
    this.numbers.clear();
    this.last = null;
    const inside = this.form.contains(document.activeElement);
    for (const box of this.boxes) box.checked = false;
    this.show();
    if (inside) (this.list.querySelector("li.row[aria-current] a.subject") ?? this.rows)?.focus({ preventScroll: true });
  }

  show() {
    const boxes = this.boxes;
    for (const box of boxes) if (this.numbers.has(box.value) !== box.checked) box.checked = this.numbers.has(box.value);
    this.querySelector("output").textContent = this.numbers.size;
    this.form.classList.toggle("is-open", this.numbers.size > 0);
    const count = boxes.filter((box) => box.checked).length;
    if (this.head) {
      this.head.checked = count > 0 && count === boxes.length;
      this.head.indeterminate = count > 0 && count < boxes.length;
    }
  }

  // Selected on other pages of the list, or drawn away since: they go along all the same.
  carry() {
    const shown = new Set(this.boxes.map((box) => box.value));
    for (const old of this.form.querySelectorAll("input[data-carried]")) old.remove();
    for (const number of this.numbers) {
      if (shown.has(number)) continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "ticket", value: number });
      input.dataset.carried = "";
      this.form.append(input);
    }
  }
}

customElements.define("list-pick", ListPick);
