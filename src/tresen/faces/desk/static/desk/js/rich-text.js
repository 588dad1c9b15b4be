// <rich-text> beside the text area of a reply: bold, lists, links and quotes for whoever wants them. The editor is
// fetched when it is first wanted; the text area stays the place where the words lie (drafts, undo, saved replies), and
// `reply_html` beside it says how they look. What is pasted keeps only what the editor knows.
const KEPT = "tresen:rich";
const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 1500));
let bundle = null;

const html = (text) => {
  const box = document.createElement("div");
  for (const part of text.split(/\n{2,}/)) {
    const paragraph = box.appendChild(document.createElement("p"));
    part.split("\n").forEach((line, index) => {
      if (index) paragraph.append(document.createElement("br"));
      paragraph.append(line);
    });
  }
  return box.innerHTML;
};

class RichText extends HTMLElement {
  connectedCallback() {
    this.composer = this.closest("reply-composer");
    this.area = this.composer.querySelector("#reply-text");
    this.look = this.composer.querySelector("[name=reply_html]");
    this.sheet = this.querySelector(".sheet");
    this.switches = this.composer.querySelectorAll("[data-do=rich]");
    this.ends = new AbortController();
    const on = (target, name, act, capture) => target.addEventListener(name, act, { signal: this.ends.signal, capture });
    // The pointer leaves the cursor in the text: what is typed right after it is not lost on the button.
    on(this, "mousedown", (event) => event.target.closest("[data-do]") && event.preventDefault());
    on(this, "click", (event) => this.pressed(event.target.closest("[data-do]")));
    for (const one of this.switches) on(one, "click", () => this.toggle());
    on(this, "keydown", (event) => this.sends(event), true);
    on(this.area, "input", () => !this.speaks && this.take(this.area.value));
    this.offer();
    if (this.look.value) this.open();
    else if (localStorage.getItem(KEPT) === "yes") idle(() => this.isConnected && this.open());
  }

  disconnectedCallback() {
    this.ends.abort();
    this.editor?.destroy();
  }

  load() {
    bundle ??= import(this.dataset.editor);
    return bundle;
  }

  /** The switches in the bar of the composer are for whoever has scripts. */
  offer() {
    for (const one of this.switches) one.hidden = false;
  }

  async open(wanted = false) {
    const tools = await this.load().catch(() => (bundle = null));
    if (!this.isConnected || this.editor) return;
    if (!tools) return this.composer.say(this.dataset.missing);
    const { Blockquote, Bold, BulletList, Code, Document, Editor, HardBreak, History, Italic, Link, ListItem, OrderedList, Paragraph, Text } = tools;
    this.hidden = false;
    this.editor = new Editor({
      element: this.sheet, injectCSS: false, content: this.look.value || html(this.area.value),
      extensions: [
        Document, Paragraph, Text, HardBreak, Bold, Italic, Code, BulletList, OrderedList, ListItem, Blockquote, History,
        tools.Link.extend ? Link.configure({ openOnClick: false, autolink: true, protocols: ["http", "https", "mailto", "tel"] }) : Link,
      ],
      editorProps: {
        attributes: { class: "area", role: "textbox", "aria-multiline": "true", "aria-label": this.dataset.label, lang: this.area.lang },
        handlePaste: (_view, event) => Boolean(event.clipboardData?.files.length),
        handleDrop: (_view, event) => Boolean(event.dataTransfer?.files.length),
      },
      onUpdate: () => this.say(),
      onSelectionUpdate: () => this.show(),
    });
    const had = document.activeElement === this.area;
    this.area.hidden = true;
    this.area.rich = this;
    this.area.focus = () => this.enter("end");
    this.sheet.hidden = false;
    this.look.value = this.editor.getHTML();
    if (had || wanted) this.area.focus();
    this.show();
  }

  close() {
    this.editor.destroy();
    this.editor = null;
    delete this.area.focus;
    delete this.area.rich;
    this.area.hidden = false;
    this.hidden = true;
    this.sheet.hidden = true;
    this.look.value = "";
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.area.focus();
  }

  text() {
    return this.editor.getText({ blockSeparator: "\n\n" }).replace(/\n{3,}/g, "\n\n");
  }

  // The words go to the text area, and from there wherever words go.
  say() {
    this.area.value = this.text();
    this.look.value = this.area.value.trim() ? this.editor.getHTML() : "";
    this.speaks = true;
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.speaks = false;
    this.show();
  }

  /** Somebody else wrote into the text area: its words stand here, too. */
  take(text) {
    if (!this.editor || text === this.text()) return;
    this.editor.commands.setContent(html(text), { emitUpdate: false });
    this.look.value = text.trim() ? this.editor.getHTML() : "";
  }

  // The editor's own way into it waits for the next frame, and what is typed till then would be lost.
  enter(place) {
    this.editor.view.focus();
    this.editor.commands.focus(place);
  }

  /** The text of the line before the cursor. */
  before() {
    const { $head } = this.editor.state.selection;
    return $head.parent.textBetween(0, $head.parentOffset, "\n", "\n");
  }

  /** Puts text where the cursor is, in place of the last `over` signs. */
  insert(text, over = 0) {
    const { from, to } = this.editor.state.selection;
    const content = text.includes("\n") ? html(text) : [{ type: "text", text }];
    this.enter();
    const chain = this.editor.chain().deleteRange({ from: from - over, to });
    (text ? chain.insertContent(content) : chain).run();
  }

  // The keys of the desk come before those of the editor.
  sends(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.stopPropagation();
    document.querySelector("key-map")?.pressed(event);
  }

  pressed(button) {
    if (!button) return;
    const act = button.dataset.do;
    if (act === "link") {
      this.link();
    } else {
      const does = { bold: "toggleBold", italic: "toggleItalic", bullets: "toggleBulletList", numbers: "toggleOrderedList", quote: "toggleBlockquote", code: "toggleCode" };
      this.enter();
      this.editor.chain()[does[act]]().run();
    }
    this.show();
  }

  toggle() {
    localStorage.setItem(KEPT, this.editor ? "no" : "yes");
    if (this.editor) this.close();
    else this.open(true);
    this.show();
  }

  // The address stands in a field of the bar: one more press on the button takes the link away.
  link() {
    const field = this.querySelector(".link-to");
    if (this.editor.isActive("link")) {
      this.enter();
      return this.editor.chain().extendMarkRange("link").unsetMark("link").run();
    }
    field.hidden = false;
    field.focus();
    field.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return undefined;
      event.preventDefault();
      event.stopPropagation();
      const href = field.value.trim();
      field.hidden = true;
      field.value = "";
      if (event.key === "Enter" && /^(https?:\/\/|mailto:|tel:)\S+$/i.test(href)) this.mark(href);
      return this.enter();
    };
    return undefined;
  }

  mark(href) {
    this.enter();
    const chain = this.editor.chain();
    if (this.editor.state.selection.empty) chain.insertContent([{ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }]).run();
    else chain.setMark("link", { href }).run();
  }

  show() {
    const names = { bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList", quote: "blockquote", code: "code", link: "link" };
    for (const one of this.switches) one.setAttribute("aria-pressed", String(Boolean(this.editor)));
    for (const button of this.querySelectorAll("[data-do]")) {
      button.setAttribute("aria-pressed", String(Boolean(this.editor?.isActive(names[button.dataset.do]))));
    }
  }
}

customElements.define("rich-text", RichText);
