// <reply-composer> around the form: keeps what is typed until it is sent, takes files by paste and drop, and leads
// the keys r and n into their text areas. Without it the form works all the same.
const size = new Intl.NumberFormat(document.documentElement.lang || "en", {
  style: "unit", unit: "kilobyte", unitDisplay: "short", maximumFractionDigits: 0,
});

class ReplyComposer extends HTMLElement {
  connectedCallback() {
    this.areas = [...this.querySelectorAll("textarea[data-kind]")];
    this.input = this.querySelector("input[type=file]");
    this.chosen = this.querySelector(".chosen");
    this.bag = new DataTransfer();
    if (this.dataset.sent) this.forget(this.dataset.sent);
    for (const area of this.areas) this.restore(area);
    this.addEventListener("input", (event) => {
      this.takeBack();
      if (event.target.dataset?.kind) this.keep(event.target);
    });
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.areas.includes(event.target)) this.leave(event.target);
    });
    this.input.addEventListener("change", () => this.take(this.input.files));
    this.addEventListener("paste", (event) => this.dropped(event, event.clipboardData));
    this.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => this.dropped(event, event.dataTransfer));
    const wrong = this.querySelector("[aria-invalid]") ?? this.querySelector(".banner .btn");
    if (wrong) wrong.focus({ preventScroll: true });
  }

  // Out of the text, but not to nowhere: the keys of the desk work from here, and Tab goes on from here.
  leave(area) {
    (this.closest("#ticket") ?? document.getElementById("main"))?.focus({ preventScroll: true });
    if (document.activeElement === area) area.blur();
  }

  // Who goes on writing has read what was wrong; the next sending looks again.
  takeBack() {
    for (const old of this.querySelectorAll(".banner.bad")) old.remove();
    for (const area of this.areas) area.removeAttribute("aria-invalid");
  }

  place(kind) {
    return `tresen:draft:${this.dataset.key}:${kind}`;
  }

  restore(area) {
    const kept = sessionStorage.getItem(this.place(area.dataset.kind));
    if (!kept || area.value) return;
    area.value = kept;
    this.say();
  }

  keep(area) {
    if (area.value) sessionStorage.setItem(this.place(area.dataset.kind), area.value);
    else this.forget(area.dataset.kind);
    this.say(area.value);
  }

  forget(kind) {
    sessionStorage.removeItem(this.place(kind));
  }

  say(text = true) {
    const saved = this.querySelector(".saved");
    saved.textContent = text ? saved.dataset.saved : "";
  }

  // A key or a pointer on a tab leads into its text; walking the tabs with the arrow keys does not.
  clicked(event) {
    const tab = event.target.closest("input[name=kind]");
    if (!tab || (event.isTrusted && event.detail === 0)) return;
    this.areas.find((area) => area.dataset.kind === tab.value)?.focus();
  }

  dropped(event, transfer) {
    if (!transfer?.files.length) return;
    event.preventDefault();
    const area = this.areas.find((one) => one === event.target);
    this.take(area && event.type === "paste" ? [...transfer.files].map((file) => this.stand(area, file)) : transfer.files);
  }

  // A pasted picture stands where the cursor is: as its name in brackets, so each needs a name of its own.
  stand(area, file) {
    if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return file;
    const taken = new Set([...this.chosen.querySelectorAll(".file")].map((chip) => chip.dataset.name));
    const [, base, end] = /^(.*?)(\.[a-z]+)?$/i.exec(file.name.replace(/[^\w.-]/g, "-") || "image.png");
    let name = `${base}${end ?? ".png"}`;
    for (let n = 2; taken.has(name) || area.value.includes(`[${name}]`); n += 1) name = `${base}-${n}${end ?? ".png"}`;
    area.setRangeText(`[${name}]`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    return new File([file], name, { type: file.type });
  }

  take(files) {
    for (const file of files) this.bag.items.add(file);
    this.show();
  }

  show() {
    this.input.files = this.bag.files;
    for (const old of this.chosen.querySelectorAll("[data-fresh]")) old.remove();
    const pattern = this.chosen.querySelector("template");
    [...this.bag.files].forEach((file, index) => {
      const chip = pattern.content.firstElementChild.cloneNode(true);
      chip.dataset.fresh = "";
      chip.dataset.name = file.name;
      chip.querySelector("b").textContent = file.name;
      chip.querySelector("span").textContent = size.format(Math.max(1, Math.round(file.size / 1024)));
      chip.addEventListener("click", () => {
        this.bag.items.remove(index);
        this.show();
      });
      this.chosen.append(chip);
    });
  }
}

customElements.define("reply-composer", ReplyComposer);
