// <passkey-ask> inside a form with a hidden field "credential": its button asks the browser for a passkey and sends the
// answer with the form. `data-make` names the element with the options for a new one; else the form's address gives
// the question. What is said stands in [data-said] elements: none (no passkeys here), stopped, known.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const named = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }));
const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

class PasskeyAsk extends HTMLElement {
  connectedCallback() {
    if (!("PublicKeyCredential" in window)) return;
    this.form = this.closest("form");
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.say("");
    this.button.addEventListener("click", () => this.ask());
  }

  async ask() {
    this.say("");
    this.button.disabled = true;
    try {
      const key = await ("make" in this.dataset ? this.make() : this.find());
      if (!key) return;
      this.form.elements.credential.value = JSON.stringify(this.plain(key));
      this.form.submit();
    } catch (fault) {
      this.say(fault.name === "InvalidStateError" ? "known" : "stopped");
    } finally {
      this.button.disabled = false;
    }
  }

  make() {
    const options = JSON.parse(document.getElementById(this.dataset.make).textContent);
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    };
    return navigator.credentials.create({ publicKey });
  }

  async find() {
    const answer = await fetch(this.form.action, { method: "POST", body: new FormData(this.form) });
    if (!answer.ok) {
      this.form.submit(); // the page that comes back says why
      return null;
    }
    const options = await answer.json();
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    return navigator.credentials.get({ publicKey });
  }

  plain(key) {
    const response = {};
    for (const part of PARTS) if (key.response[part]) response[part] = text(key.response[part]);
    return { id: key.id, rawId: text(key.rawId), type: key.type, response, clientExtensionResults: {} };
  }

  say(what) {
    for (const said of this.querySelectorAll("[data-said]")) said.hidden = said.dataset.said !== what;
  }
}

customElements.define("passkey-ask", PasskeyAsk);
