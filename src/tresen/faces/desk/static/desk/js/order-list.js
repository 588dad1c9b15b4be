// <order-list> around a form with a list of [data-slug]: rows are dragged by their grip, and the whole order is sent.
// The buttons in the rows do the same step by step, without a script.
class OrderList extends HTMLElement {
  connectedCallback() {
    for (const row of this.rows) {
      row.draggable = true;
      row.querySelector(".grip").hidden = false;
    }
    this.addEventListener("dragstart", (event) => this.take(event));
    this.addEventListener("dragover", (event) => this.over(event));
    this.addEventListener("dragend", () => this.drop());
  }

  get rows() {
    return [...this.querySelectorAll("[data-slug]")];
  }

  take(event) {
    this.row = event.target.closest("[data-slug]");
    this.before = this.order();
    this.row?.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
  }

  over(event) {
    const other = event.target.closest?.("[data-slug]");
    if (!this.row || !other || !this.contains(other)) return;
    event.preventDefault();
    const { top, height } = other.getBoundingClientRect();
    other[event.clientY < top + height / 2 ? "before" : "after"](this.row);
  }

  drop() {
    this.row?.classList.remove("is-dragged");
    this.row = null;
    if (this.order() === this.before) return;
    const form = this.querySelector("form");
    for (const { dataset } of this.rows) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "slug", value: dataset.slug });
      form.append(input);
    }
    form.requestSubmit();
  }

  order() {
    return this.rows.map((row) => row.dataset.slug).join(" ");
  }
}

customElements.define("order-list", OrderList);
