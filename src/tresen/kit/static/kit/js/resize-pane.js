// <resize-pane data-property="--w-list" data-min="280" data-max="640">: drags the width of the pane it stands in.
// The width is kept on this device; the arrow keys move it too.
const STEP = 16;
const key = (name) => `tresen${name}`;

class ResizePane extends HTMLElement {
  connectedCallback() {
    this.setAttribute("role", "separator");
    this.setAttribute("aria-orientation", "vertical");
    this.setAttribute("tabindex", "0");
    this.setAttribute("aria-valuemin", this.dataset.min);
    this.setAttribute("aria-valuemax", this.dataset.max);
    const kept = Number(localStorage.getItem(key(this.dataset.property)));
    if (kept) this.set(kept);
    this.setAttribute("aria-valuenow", String(Math.round(this.width)));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.addEventListener("dblclick", () => this.reset());
    this.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!step) return;
      event.preventDefault();
      this.set(this.width + step, true);
    });
  }

  get width() {
    return this.parentElement.getBoundingClientRect().width;
  }

  grab(event) {
    const start = event.clientX - this.width;
    const move = (moved) => this.set(moved.clientX - start, true);
    this.setPointerCapture(event.pointerId);
    this.classList.add("is-moving");
    this.addEventListener("pointermove", move);
    this.addEventListener("lostpointercapture", () => {
      this.removeEventListener("pointermove", move);
      this.classList.remove("is-moving");
    }, { once: true });
  }

  set(width, keep = false) {
    const whole = Math.round(Math.min(Math.max(width, Number(this.dataset.min)), Number(this.dataset.max)));
    document.documentElement.style.setProperty(this.dataset.property, `${whole}px`);
    this.setAttribute("aria-valuenow", String(whole));
    if (keep) localStorage.setItem(key(this.dataset.property), String(whole));
  }

  reset() {
    document.documentElement.style.removeProperty(this.dataset.property);
    localStorage.removeItem(key(this.dataset.property));
    this.setAttribute("aria-valuenow", String(Math.round(this.width)));
  }
}

customElements.define("resize-pane", ResizePane);
