// <key-field> around a text field: what is pressed there is written as a key, two letters in a row as "g m". Tab, Escape,
// Backspace and Delete do what they always do.
const TOGETHER = 1200;
const PLAIN = new Set(["Tab", "Escape", "Backspace", "Delete", "Shift", "Control", "Alt", "Meta", "ArrowLeft", "ArrowRight", "Dead", "Unidentified", "Process"]);

class KeyField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.last = -Infinity;
    this.input.addEventListener("keydown", (event) => this.pressed(event));
  }

  pressed(event) {
    const { key, ctrlKey, metaKey, altKey } = event;
    if (PLAIN.has(key) || altKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (ctrlKey || metaKey) this.input.value = `Ctrl+${key.length === 1 ? key.toLowerCase() : key}`;
    else if (key === " ") return;
    else if (event.timeStamp - this.last < TOGETHER && this.input.value.length === 1 && key.length === 1) this.input.value += ` ${key}`;
    else this.input.value = key;
    this.last = event.timeStamp;
    this.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

customElements.define("key-field", KeyField);
