// <undo-seconds data-until="ISO time" data-words="leaves in {n} s"> counts down the seconds in which a reply can still
// be taken back. Without it the words in the page say the same without a number.
class UndoSeconds extends HTMLElement {
  connectedCallback() {
    this.until = Date.parse(this.dataset.until);
    this.said = this.querySelector("span span");
    this.tick();
    this.timer = setInterval(() => this.tick(), 500);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  tick() {
    const left = Math.max(0, Math.ceil((this.until - Date.now()) / 1000));
    const text = this.dataset.words.replace("{n}", String(left));
    if (this.said.textContent !== text) this.said.textContent = text;
    if (!left) clearInterval(this.timer);
  }
}

customElements.define("undo-seconds", UndoSeconds);
