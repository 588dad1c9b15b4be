// <reply-composer> around the form: keeps what is typed (draft-keeper.js), takes files (composer-files.js), leads the
// keys r and n into their text areas, and lets others write into it. Without it the form works all the same.
//
// For others (docs/components.md, "Composer"): `kind`, `area(kind)`, `insert(text, kind)`, `trigger(sign)`,
// `stage(chips)`; events `composer:trigger` and `composer:trigger-over` while a word that begins with a
// registered sign is typed.
import { ComposerFiles } from "./composer-files.js";
import { DraftKeeper } from "./draft-keeper.js";

const signs = new Set();
const field = (line) => line.split("=", 1)[0];

class ReplyComposer extends HTMLElement {
  connectedCallback() {
    this.areas = [...this.querySelectorAll("textarea[data-kind]")];
    this.form = this.querySelector("form");
    this.files = new ComposerFiles(this);
    this.keeper = new DraftKeeper(this);
    this.keeper.restore();
    this.listen();
    this.warn();
    const wrong = this.querySelector("[aria-invalid]") ?? this.querySelector(".banner .btn");
    if (wrong) wrong.focus({ preventScroll: true });
  }

  listen() {
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    on(this, "input", (event) => this.typed(event.target));
    on(this, "change", (event) => this.chose(event.target));
    on(this, "click", (event) => this.clicked(event));
    on(this, "keydown", (event) => this.pressed(event));
    on(this, "paste", (event) => this.files.dropped(event, event.clipboardData));
    on(this, "dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    on(this, "drop", (event) => this.files.dropped(event, event.dataTransfer));
    on(this, "htmx:beforeRequest", (event) => event.target === this.form && this.handOver());
    on(this, "htmx:responseError", () => this.keeper.takeBack());
    on(this, "htmx:sendError", () => this.keeper.takeBack());
    on(window, "online", () => this.keeper.flush());
    on(window, "pagehide", () => this.keeper.flush(true));
    on(document, "live:ticket", ({ detail }) => this.heard(detail));
    on(document, "visibilitychange", () => (document.hidden ? this.keeper.flush(true) : this.keeper.look()));
  }

  // Something has happened on this ticket while a reply is being written: what it is stands above the text.
  heard({ number, topics }) {
    if (document.hidden || number !== this.closest("#ticket")?.dataset.ticket || !topics.includes("ticket")) return;
    clearTimeout(this.asks);
    this.asks = setTimeout(() => this.isConnected && this.area("reply").value.trim() && this.keeper.look(), 600);
  }

  // Said beside the text while one writes; it stops nothing.
  warn() {
    const forgot = this.querySelector(".forgot");
    const files = this.querySelector('.chosen[data-kind="reply"] .file');
    const speaks = !files && new RegExp(forgot.dataset.words, "iu").test(this.area("reply").value);
    this.tellOnce(forgot, speaks);
    const strange = this.querySelector(".strange");
    if (!strange) return;
    const inside = strange.dataset.inside.split(" ");
    const typed = [...this.querySelectorAll("#add-cc, #add-bcc")].flatMap((field) => field.value.split(/[\s,;]+/));
    const outside = typed.some((word) => /@[^@]+\.[^@.]+$/.test(word) && !inside.includes(word.split("@").at(-1).toLowerCase()));
    this.tellOnce(strange, outside || this.querySelector("input[name=to]:checked ~ .outside") !== null);
  }

  tellOnce(line, isSo) {
    const text = isSo ? line.dataset.said : "";
    if (line.textContent !== text) line.textContent = text;
  }

  disconnectedCallback() {
    this.ends.abort();
    this.keeper.flush(true);
  }

  handOver() {
    this.keeper.handOver();
    this.files.handOver();
  }

  /** The open tab: "reply" or "note". */
  get kind() {
    return this.form.elements.namedItem("kind").value;
  }

  /** The text area of a tab. */
  area(kind = this.kind) {
    return this.areas.find((area) => area.dataset.kind === kind);
  }

  /** Gives a tab another text altogether. */
  write(text, kind) {
    const area = this.area(kind);
    area.value = text;
    area.rich?.take(text);
  }

  /** Opens a tab and leads into its text. */
  show(kind) {
    const tab = this.querySelector(`input[name=kind][value="${kind}"]`);
    if (tab) tab.checked = true;
  }

  /** Puts text where the cursor is, as if it had been typed. */
  insert(text, kind = this.kind) {
    this.put(this.area(kind), text);
  }

  put(area, text, from = area.selectionStart, to = area.selectionEnd) {
    if (area.rich) return area.rich.insert(text, to - from);
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** From now on words that begin with this sign are told by `composer:trigger`. */
  trigger(sign) {
    signs.add(sign);
  }

  /** Changes that go along with the message, as the server draws them: a later one of a field takes the place of an
      earlier one, a tag stands once. */
  stage(chips) {
    const list = this.querySelector(".staged");
    const fresh = new DOMParser().parseFromString(chips, "text/html").body;
    for (const input of fresh.querySelectorAll("input[name=staged]")) {
      const many = /tags$|^saved_reply$|^macro$/.test(field(input.value));
      for (const old of list.querySelectorAll("input[name=staged]")) {
        const same = many ? old.value === input.value : field(old.value) === field(input.value);
        if (same) (old.closest("label") ?? old).remove();
      }
      list.insertBefore(input.closest("label") ?? input, list.querySelector("button"));
    }
    this.keeper.changed(this.kind);
  }

  typed(target) {
    this.takeBack();
    this.warn();
    if (!target.dataset?.kind) return;
    this.keeper.changed(target.dataset.kind);
    this.lookForSign(target);
  }

  chose(target) {
    this.warn();
    if (target.dataset.kind || target.name === "kind") return;
    if (target.name === "place") {
      const [address] = target.value.split("|");
      const usual = [...target.options].findIndex((option) => option.defaultSelected) === target.selectedIndex;
      const chip = this.querySelector(`input[name=to][value="${CSS.escape(address)}"]`)?.closest(".chip");
      if (chip) chip.querySelector(".place").textContent = usual ? "" : target.selectedOptions[0].textContent;
    }
    this.keeper.changed(this.kind);
  }

  lookForSign(area) {
    const before = area.rich ? area.rich.before() : area.value.slice(0, area.selectionStart);
    const word = /(?:^|\s)([^\s\w])([^\n]{0,60})$/u.exec(before);
    const found = word && signs.has(word[1]) ? word : null;
    if (!found && !this.told) return;
    this.told = Boolean(found);
    const from = found ? before.length - word[2].length - 1 : 0;
    const detail = found && {
      sign: word[1], query: word[2], kind: area.dataset.kind, area,
      replace: (text) => this.put(area, text, from, area.rich ? before.length : area.selectionStart),
    };
    this.dispatchEvent(new CustomEvent(found ? "composer:trigger" : "composer:trigger-over", { bubbles: true, detail }));
  }

  pressed(event) {
    if (event.key !== "Escape" || !this.areas.includes(event.target) || event.defaultPrevented) return;
    this.leave(event.target);
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

  say(text, isTrouble = false) {
    const saved = this.querySelector(".saved");
    saved.textContent = saved.title = text;
    saved.classList.toggle("trouble", isTrouble);
  }

  // A key or a pointer on a tab leads into its text; walking the tabs with the arrow keys does not.
  clicked(event) {
    const settle = event.target.closest("[data-settle]");
    if (settle) return this.keeper.settle(settle.dataset.settle);
    const close = event.target.closest("[data-close-news]");
    if (close) {
      if (close.dataset.seen) {
        this.form.elements.namedItem("seen").value = close.dataset.seen;
        this.form.elements.namedItem("seen_event").value = close.dataset.seenEvent;
      }
      close.closest(".news").remove();
      return this.area().focus();
    }
    if (event.target.closest("[data-flush]")) this.keeper.flush();
    if (event.target.closest("[data-discard]")) return this.keeper.discard(this.kind);
    const tab = event.target.closest("input[name=kind]");
    if (tab && !(event.isTrusted && event.detail === 0)) this.area(tab.value)?.focus();
  }
}

customElements.define("reply-composer", ReplyComposer);
