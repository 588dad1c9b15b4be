// <key-map>: keys to actions. The first visible [data-action="…"] of the page is used: a field or a region gets the focus,
// anything else a click. Where there is none, `key:<action>` is sent (preventDefault: done), else its place is opened.
// Letters do nothing while one types and can be switched off (WCAG 2.1.4).
const WAIT_FOR_SECOND = 1200;
const TYPING = "input:not([type=checkbox],[type=radio],[type=button],[type=submit]), textarea, select, [contenteditable=true], [role=textbox]";

class KeyMap extends HTMLElement {
  connectedCallback() {
    const table = JSON.parse(this.querySelector("script").textContent);
    this.single = table.single;
    this.keys = new Map(Object.entries(table.keys));
    this.places = table.places;
    this.where = Object.entries(table.screens);
    this.firsts = new Set([...this.keys.keys()].filter((key) => key.includes(" ")).map((key) => key.split(" ")[0]));
    this.first = "";
    this.listen = (event) => this.pressed(event);
    document.addEventListener("keydown", this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing || event.repeat && event.key === "Enter") return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && !event.altKey) return this.act(event, `Mod+${event.key.length === 1 ? event.key.toLowerCase() : event.key}`);
    const named = event.key.length > 1;
    if (mod || event.altKey || !(named || this.single) || event.target.closest?.(TYPING)) return;
    if (document.querySelector("dialog[open]") && event.key !== "Escape") return;
    if (event.key === "Enter" && event.target.closest?.("a, button, summary, label")) return;
    if (this.first) {
      const both = `${this.first} ${event.key}`;
      this.first = "";
      if (this.act(event, both)) return;
    }
    if (this.firsts.has(event.key) && !this.keys.has(event.key)) {
      this.first = event.key;
      setTimeout(() => { this.first = ""; }, WAIT_FOR_SECOND);
      event.preventDefault();
      return;
    }
    this.act(event, event.key);
  }

  act(event, key) {
    const action = this.keys.get(key);
    if (!action || !this.run(action, event.target)) return false;
    event.preventDefault();
    return true;
  }

  /** The names of the screens that are on this page. */
  screens() {
    return this.where.filter(([, selector]) => document.querySelector(selector)).map(([name]) => name);
  }

  /** Whether something on this page can be seen to do the action. */
  finds(name) {
    return Boolean(visible(document, name));
  }

  /** Does an action of the table; false where this page knows no way to. */
  run(action, from = document.body) {
    const target = near(from, action) ?? visible(document, action);
    if (action === "keys") document.getElementById("keys-help")?.showModal();
    else if (target) use(target);
    else if (!document.dispatchEvent(new CustomEvent(`key:${action}`, { cancelable: true }))) return true;
    else if (this.places[action]) location.assign(this.places[action]);
    else return false;
    return true;
  }
}

// "Send" means the form one is in, when there are several.
const near = (from, action) => (from.closest?.("form") ? visible(from.closest("form"), action) : null);
// A link in a closed menu does it as well.
const visible = (root, action) => {
  const all = [...root.querySelectorAll(`[data-action~="${CSS.escape(action)}"]`)];
  return all.find((found) => found.checkVisibility()) ?? all.find((found) => found.matches("[data-menu] a[href]")) ?? null;
};

function use(target) {
  if (target.matches("input:not([type=checkbox],[type=radio]), textarea, select, [tabindex='-1']")) {
    target.focus();
    target.select?.();
  } else {
    target.click();
  }
}

customElements.define("key-map", KeyMap);
