// The files of a <reply-composer>: chosen, pasted or dropped, and sent to the draft at once. One that did not get there
// stays with the form and goes along when it is sent.
import { announce } from "../../kit/js/announce.js";

const size = new Intl.NumberFormat(document.documentElement.lang || "en", {
  style: "unit", unit: "kilobyte", unitDisplay: "short", maximumFractionDigits: 0,
});

export class ComposerFiles {
  constructor(composer) {
    this.composer = composer;
    this.input = composer.querySelector("input[type=file]");
    this.waiting = [];
    this.input.addEventListener("change", () => this.take(this.input.files));
    composer.addEventListener("change", (event) => {
      if (event.target.name === "upload" && !event.target.checked) this.remove(event.target.closest(".file"));
    });
  }

  dropped(event, transfer) {
    if (!transfer?.files.length) return;
    event.preventDefault();
    const inside = event.target.closest?.(".sheet") ? this.composer.area("reply") : event.target;
    const area = this.composer.areas.find((one) => one === inside);
    this.take(area && event.type === "paste" ? [...transfer.files].map((file) => this.stand(area, file)) : transfer.files);
  }

  // A pasted picture stands where the cursor is: as its name in brackets, so each needs a name of its own.
  stand(area, file) {
    if (!/^image\/(png|jpeg|gif|webp)$/.test(file.type)) return file;
    const taken = new Set([...this.composer.querySelectorAll(".chosen .file")].map((chip) => chip.dataset.name));
    const [, base, end] = /^(.*?)(\.[a-z]+)?$/i.exec(file.name.replace(/[^\w.-]/g, "-") || "image.png");
    let name = `${base}${end ?? ".png"}`;
    for (let n = 2; taken.has(name) || area.value.includes(`[${name}]`); n += 1) name = `${base}-${n}${end ?? ".png"}`;
    this.composer.insert(`[${name}]`, area.dataset.kind);
    return new File([file], name, { type: file.type });
  }

  take(files) {
    const { kind } = this.composer;
    const fresh = [...files].map((file) => ({ file, kind, chip: this.chip(file, kind), ends: new AbortController() }));
    this.waiting.push(...fresh);
    this.carry();
    for (const one of fresh) this.upload(one);
  }

  /** Those that are not on the server go with the form. */
  carry() {
    const bag = new DataTransfer();
    for (const { file } of this.waiting) bag.items.add(file);
    this.input.files = bag.files;
    this.composer.warn?.();
  }

  chip(file, kind) {
    const chip = this.composer.querySelector("template.pattern").content.firstElementChild.cloneNode(true);
    chip.dataset.name = file.name;
    chip.querySelector("b").textContent = file.name;
    chip.querySelector("span").textContent = size.format(Math.max(1, Math.round(file.size / 1024)));
    chip.addEventListener("click", () => this.drop(chip));
    this.composer.querySelector(`.chosen[data-kind="${kind}"]`).append(chip);
    return chip;
  }

  drop(chip) {
    const one = this.waiting.find((each) => each.chip === chip);
    const seen = document.createElement("input"); // it may have arrived in the draft already
    Object.assign(seen, { type: "hidden", name: "shown_file", value: `${one.file.size}:${one.file.name}` });
    this.settled(one);
    chip.replaceWith(seen);
  }

  settled(one) {
    this.waiting = this.waiting.filter((each) => each !== one);
    this.carry();
  }

  // Asks the server to take a file, or those of a kept text, into the draft.
  send(kind, name, value, signal) {
    const body = new FormData();
    const field = (own) => this.composer.querySelector(`[name=${own}]`);
    for (const own of ["csrfmiddlewaretoken", "once", "draft"]) if (field(own)) body.set(own, field(own).value);
    body.set("kind", kind);
    body.set(name, value);
    const asked = { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error", signal };
    return fetch(this.composer.dataset.files, asked).catch(() => null);
  }

  /** The files that go along with a saved reply or a macro (`macro=7`). */
  async bring(kept) {
    const { kind } = this.composer;
    const answer = await this.send(kind, "kept", kept);
    if (!answer || ![200, 410, 413].includes(answer.status)) return;
    const { html, said, version } = await answer.json();
    if (html) this.composer.querySelector(`.chosen[data-kind="${kind}"]`).insertAdjacentHTML("beforeend", html);
    this.came(kind, said, version);
    if (answer.status !== 200) announce(said, true);
    this.composer.warn?.();
  }

  came(kind, said, version = 0) {
    const known = this.composer.querySelector(`[name="${kind}_version"]`);
    known.value = Math.max(Number(known.value), version);
    this.composer.say(said);
  }

  async upload(one) {
    const answer = await this.send(one.kind, "files", one.file, one.ends.signal);
    if (!answer || ![200, 413].includes(answer.status)) return;
    const { html, said, version } = await answer.json();
    if (!this.waiting.includes(one)) return html && this.forget(new DOMParser().parseFromString(html, "text/html").querySelector(".file"));
    this.settled(one);
    if (!html) {
      one.chip.remove();
      announce(said, true);
      this.composer.say(said);
      return;
    }
    one.chip.outerHTML = html;
    this.came(one.kind, said, version);
  }

  /** The form has left with everything: what is still on its way to the draft comes too late. */
  handOver() {
    for (const one of this.waiting) one.ends.abort();
  }

  remove(chip) {
    this.forget(chip);
    this.composer.area(this.composer.kind).focus();
    chip.replaceWith(chip.querySelector("[name=shown_file]")); // it was seen, and is not to go along
  }

  /** The server forgets the file, too; also one that was taken out while it was on its way there. */
  forget(chip) {
    const body = new URLSearchParams({
      csrfmiddlewaretoken: this.composer.querySelector("[name=csrfmiddlewaretoken]").value,
    });
    fetch(chip.dataset.remove, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true }).catch(() => null);
  }
}
