// <filter-list> in a menu: typing narrows its entries, Enter takes the first. Any menu that opens takes the focus, and
// gives it back to its button when the part of the page around it was drawn anew.
const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").replaceAll("Ł", "L").toLowerCase();

class FilterList extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("[data-filter]");
    this.addEventListener("input", (event) => event.target === this.input && this.narrow());
    this.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== this.input || this.input.name) return;
      event.preventDefault();
      if (this.input.value) this.querySelector("button.item:not([hidden])")?.click();
    });
    enter(this.closest("details[data-menu][open]"));
  }

  narrow() {
    const wanted = folded(this.input.value.split(",").at(-1).trim());
    let any = false;
    for (const item of this.querySelectorAll(".item")) {
      item.hidden = !folded(item.dataset.name).includes(wanted);
      if ("disabled" in item) item.disabled = item.hidden;
      any ||= !item.hidden;
    }
    this.querySelector("[data-none]").hidden = any;
  }
}

customElements.define("filter-list", FilterList);

function enter(menu) {
  const inside = menu?.querySelector(".menu");
  (inside?.querySelector("input:not([type=hidden])") ?? inside?.querySelector("[aria-pressed=true]") ?? inside?.querySelector(".item"))?.focus();
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-menu][open]")) enter(event.target);
}, true);

let opener = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  const from = event.target.closest?.("details[data-menu]")?.querySelector("summary") ?? event.target.closest?.("[id]");
  opener = event.target.contains(document.activeElement) ? from?.id : null;
});
document.addEventListener("htmx:afterSettle", () => {
  if (opener && document.activeElement === document.body) document.getElementById(opener)?.focus({ preventScroll: true });
});

document.addEventListener("key:back", (event) => {
  const back = document.querySelector("#ticket .back");
  if (!back || event.defaultPrevented) return;
  event.preventDefault();
  back.click();
});
