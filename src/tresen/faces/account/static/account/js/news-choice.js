// <news-choice> on the page about notifications: lets this browser show news itself, or no longer.
class NewsChoice extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.said = this.querySelector("[role=status]");
    if (!("Notification" in window)) return;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.change());
    this.say();
  }

  get isOn() {
    return Notification.permission === "granted" && localStorage.getItem("tresen:news:show") === "yes";
  }

  async change() {
    if (this.isOn) localStorage.removeItem("tresen:news:show");
    else if ((await Notification.requestPermission()) === "granted") localStorage.setItem("tresen:news:show", "yes");
    this.say();
  }

  say() {
    this.button.textContent = this.isOn ? this.dataset.stop : this.dataset.start;
    this.said.textContent = Notification.permission === "denied" ? this.dataset.denied : this.isOn ? this.dataset.on : this.dataset.off;
  }
}

customElements.define("news-choice", NewsChoice);
