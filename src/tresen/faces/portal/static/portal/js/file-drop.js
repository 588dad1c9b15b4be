// <file-drop> around a file field: files can be dropped on it or pasted, are listed, and can be taken out again.
import { announce } from "../../kit/js/announce.js";

class FileDrop extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=file]");
    this.list = this.querySelector(".dropped");
    if (!this.field || !this.list) return;
    this.querySelector(".drop-hint")?.removeAttribute("hidden");
    this.files = [];
    const form = this.field.form;
    this.field.addEventListener("change", () => this.take([...this.field.files]));
    form.addEventListener("dragover", (event) => this.over(event));
    form.addEventListener("dragleave", () => this.classList.remove("is-over"));
    form.addEventListener("drop", (event) => this.drop(event));
    form.addEventListener("paste", (event) => this.paste(event));
  }

  over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.classList.add("is-over");
  }

  drop(event) {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    this.classList.remove("is-over");
    if (this.isMeant(event)) this.take([...event.dataTransfer.files]);
  }

  // Of several in a form the one on which it was dropped, else the first that is shown, else one that is folded away.
  isMeant(event) {
    const all = [...this.field.form.querySelectorAll("file-drop")];
    return this === (event.target.closest?.("file-drop") ?? all.find((one) => one.checkVisibility()) ?? all[0]);
  }

  paste(event) {
    const pasted = [...event.clipboardData.files];
    if (!pasted.length || !this.isMeant(event)) return;
    event.preventDefault();
    this.take(pasted);
  }

  take(more) {
    const fold = this.closest("details");
    if (fold) fold.open = true;
    const known = (file) => this.files.some((one) => one.name === file.name && one.size === file.size);
    this.put([...this.files, ...more.filter((file) => !known(file))]);
    if (more.length) announce(more.map((file) => file.name).join(", "));
  }

  put(files) {
    this.files = files;
    const bag = new DataTransfer();
    for (const file of files) bag.items.add(file);
    this.field.files = bag.files;
    this.list.replaceChildren(...files.map((file) => this.line(file)));
  }

  line(file) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.dataset.remove;
    button.setAttribute("aria-label", `${this.dataset.remove}: ${file.name}`);
    button.addEventListener("click", () => {
      this.put(this.files.filter((one) => one !== file));
      this.field.focus();
    });
    item.append(file.name, button);
    return item;
  }
}

customElements.define("file-drop", FileDrop);
