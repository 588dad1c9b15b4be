// <asked-fields> shows a field only when the earlier answer that it waits for is there; the server decides the same.

class AskedFields extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form") ?? this;
    this.classList.add("is-live");
    this.form.addEventListener("input", () => this.look());
    this.form.addEventListener("change", () => this.look());
    this.look();
  }

  look() {
    for (const field of this.querySelectorAll(".asked-field[data-field]")) {
      field.hidden = !this.holds(field.dataset);
    }
  }

  // In order, so that what waits for a hidden field is hidden as well.
  holds({ field, how, value }) {
    const inputs = [...this.querySelectorAll(`[name="${field}"]`)];
    if (!inputs.length || inputs[0].closest(".asked-field")?.hidden) return false;
    const several = inputs[0].type === "checkbox";
    const said = several || inputs[0].type === "radio" ? inputs.filter((one) => one.checked) : inputs;
    const values = said.map((one) => one.value.trim().replace(/\s+/g, " ").toLowerCase()).filter(Boolean);
    const wanted = value.toLowerCase();
    if (several) return how === "contains" ? values.includes(wanted) : values.length === 1 && values[0] === wanted;
    const [answer] = values;
    if (answer === undefined) return false;
    if (inputs[0].inputMode === "decimal") return number(answer) === number(wanted);
    const text = ["text", "textarea"].includes(inputs[0].type);
    return text && how === "contains" ? answer.includes(wanted) : answer === wanted;
  }
}

const number = (text) => Number(text.replace(/[\s\u00a0]/g, "").replace(",", "."));

customElements.define("asked-fields", AskedFields);
