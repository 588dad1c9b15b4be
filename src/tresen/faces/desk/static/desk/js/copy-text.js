// <copy-text data-text data-done>: its button copies the text and says so.
class CopyText extends HTMLElement {
  connectedCallback() {
    this.querySelector("button").addEventListener("click", () => this.copy());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.dataset.text);
    } catch {
      if (!this.copyTheOldWay()) return;
    }
    document.dispatchEvent(new CustomEvent("tresen:toast", { detail: { text: this.dataset.done } }));
  }

  // Where the page is served without TLS, browsers keep the clipboard to selections.
  copyTheOldWay() {
    const field = document.createElement("textarea");
    field.value = this.dataset.text;
    this.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

customElements.define("copy-text", CopyText);
