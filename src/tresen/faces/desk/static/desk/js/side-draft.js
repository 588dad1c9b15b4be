// <side-draft> around the form to a partner: what is typed is kept on the server as one types and when the page is left.
const PAUSE = 1200;

class SideDraft extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.said = this.querySelector("[data-said]");
    this.addEventListener("input", () => this.soon());
    this.form.addEventListener("submit", () => this.stop());
    this.hide = () => document.visibilityState === "hidden" && this.waits && this.keep();
    document.addEventListener("visibilitychange", this.hide);
  }

  disconnectedCallback() {
    this.stop();
    document.removeEventListener("visibilitychange", this.hide);
  }

  soon() {
    clearTimeout(this.timer);
    this.waits = true;
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  stop() {
    clearTimeout(this.timer);
    this.waits = false;
  }

  async keep() {
    this.stop();
    const { turn, version } = this.form.elements;
    turn.value = String(Number(turn.value) + 1);
    const body = new FormData(this.form);
    body.delete("files");
    body.set("keep", "1");
    const headers = { "HX-Request": "true" };
    const answer = await fetch(this.form.action, { method: "POST", body, headers, keepalive: true }).catch(() => null);
    if (!answer || !answer.headers.get("Content-Type")?.includes("json")) return;
    const told = await answer.json();
    if (answer.ok) version.value = told.version;
    this.said.textContent = told.said;
  }
}

customElements.define("side-draft", SideDraft);
