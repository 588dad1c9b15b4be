// <row-quick>: the row one points at, or has the focus in, gets a few buttons for what is done most. They come after its
// link, so Tab leads to them.
class RowQuick extends HTMLElement {
  connectedCallback() {
    this.list = this.closest("section");
    this.ends = new AbortController();
    const on = (name, act) => this.list.addEventListener(name, act, { signal: this.ends.signal });
    on("pointerover", (event) => this.offer(event));
    on("focusin", (event) => this.offer(event));
    on("click", (event) => this.clicked(event));
  }

  disconnectedCallback() {
    this.ends.abort();
  }

  offer(event) {
    const row = event.target.closest?.("li.row");
    if (!row || row.querySelector(".quick")) return;
    for (const other of this.list.querySelectorAll(".quick")) {
      if (!other.contains(document.activeElement)) other.remove();
    }
    row.append(this.querySelector("template").content.cloneNode(true));
  }

  clicked(event) {
    const button = event.target.closest?.(".quick button");
    if (!button) return;
    const { number } = button.closest("li.row").dataset;
    const { field, value } = button.dataset;
    button.closest("li.row").querySelector("a.subject").focus({ preventScroll: true });
    window.htmx.ajax("POST", this.dataset.change.replace("NUMBER", encodeURIComponent(number)), {
      source: this, swap: "none", values: { field, value, csrfmiddlewaretoken: this.dataset.token },
    });
  }
}

customElements.define("row-quick", RowQuick);
