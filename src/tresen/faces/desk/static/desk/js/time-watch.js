// <time-watch data-key> around the form for minutes: a clock that fills the field; it goes on while other tickets are
// read, and knows when it was begun after a reload. Without it minutes are typed.
class TimeWatch extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector(".watch");
    this.place = `tresen:watch:${this.dataset.key}`;
    this.button.hidden = false;
    this.button.addEventListener("click", () => (this.since ? this.halt() : this.begin()));
    this.querySelector("form").addEventListener("submit", () => sessionStorage.removeItem(this.place));
    this.draw();
    this.timer = setInterval(() => this.since && this.draw(), 5000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  get since() {
    return Number(sessionStorage.getItem(this.place)) || 0;
  }

  begin() {
    sessionStorage.setItem(this.place, String(Date.now()));
    this.draw();
  }

  halt() {
    this.draw();
    sessionStorage.removeItem(this.place);
    this.say();
  }

  draw() {
    if (this.since) this.querySelector("[name=minutes]").value = Math.max(1, Math.round((Date.now() - this.since) / 60000));
    this.say();
  }

  say() {
    const runs = Boolean(this.since);
    this.button.setAttribute("aria-pressed", String(runs));
    this.button.querySelector("span").textContent = runs ? this.button.dataset.stop : this.button.dataset.start;
  }
}

customElements.define("time-watch", TimeWatch);
