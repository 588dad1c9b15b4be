// <article-editor> around the form of an article: a toolbar that writes Markdown or formats rich text, a preview that
// follows, pictures by paste and drop, and what is typed kept on the server a moment after the last key. Without a
// script the text area and the button do.
import { announce } from "../../kit/js/announce.js";

const AFTER = 900;
const FAST = 350;
const EDGES = { bold: ["**", "**"], italic: ["*", "*"] };
const LINES = { heading: "## ", bullets: "- ", numbers: "1. ", quote: "> " };
let bundle = null;

class ArticleEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.area = this.form.elements.namedItem("source");
    this.sheet = this.querySelector(".sheet");
    this.saved = this.querySelector(".saved");
    this.bar = this.querySelector(".look");
    this.link = this.querySelector(".link-to");
    this.preview = document.querySelector(".as-read");
    this.ends = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.ends.signal });
    this.bar.hidden = false;
    on(this.bar, "mousedown", (event) => event.target.closest("[data-do]") && event.preventDefault());
    on(this.bar, "click", (event) => this.pressed(event.target.closest("[data-do]")?.dataset.do));
    on(this.form, "input", () => this.typed());
    on(this.form, "keydown", (event) => this.key(event));
    on(this.form, "submit", () => this.leave());
    for (const one of this.form.querySelectorAll("[name=format]")) on(one, "change", () => this.change(one.value));
    for (const name of ["paste", "drop"]) on(this.querySelector(".paper"), name, (event) => this.dropped(event));
    on(this.querySelector(".paper"), "dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
    if (this.format === "html") this.open();
  }

  disconnectedCallback() {
    this.ends.abort();
    this.editor?.destroy();
    clearTimeout(this.keeps);
    clearTimeout(this.looks);
  }

  get format() {
    return this.form.querySelector("[name=format]:checked")?.value ?? "markdown";
  }

  body() {
    const data = new URLSearchParams();
    for (const name of ["csrfmiddlewaretoken", "title", "summary", "source", "newest"]) data.set(name, this.form.elements.namedItem(name).value);
    data.set("format", this.format);
    return data;
  }

  ask(url, body) {
    return fetch(url, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "error" }).catch(() => null);
  }

  typed() {
    clearTimeout(this.keeps);
    clearTimeout(this.looks);
    this.keeps = setTimeout(() => this.keep(), AFTER);
    this.looks = setTimeout(() => this.look(), FAST);
  }

  async keep() {
    const answer = await this.ask(this.dataset.draft, this.body());
    if (!this.isConnected || this.gone) return;
    if (!answer?.ok) {
      this.saved.textContent = this.dataset.lost;
      this.keeps = setTimeout(() => this.keep(), 15_000);
      return;
    }
    this.saved.textContent = (await answer.json()).said;
    delete this.form.dataset.unsaved;
  }

  async look() {
    const answer = await this.ask(this.dataset.preview, this.body());
    // What comes back was cleaned on the server like everything that readers see.
    if (answer?.ok && this.isConnected) this.preview.innerHTML = await answer.text();
  }

  leave() {
    this.gone = true;
    clearTimeout(this.keeps);
    clearTimeout(this.looks);
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.form.requestSubmit();
    } else if (event.target === this.area && ["b", "i"].includes(event.key.toLowerCase())) {
      event.preventDefault();
      this.pressed(event.key.toLowerCase() === "b" ? "bold" : "italic");
    }
  }

  pressed(act) {
    if (!act) return;
    if (act === "picture") this.choose();
    else if (act === "link") this.askLink();
    else if (this.editor) this.rich(act);
    else this.mark(act);
  }

  // Markdown: the text area keeps its own undo.
  put(text, from = this.area.selectionStart, to = this.area.selectionEnd) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) this.area.setRangeText(text, from, to, "end");
    this.typed();
  }

  mark(act) {
    const { value, selectionStart: from, selectionEnd: to } = this.area;
    const chosen = value.slice(from, to);
    if (act === "table") return this.put(`\n\n| ${this.dataset.column} 1 | ${this.dataset.column} 2 |\n| --- | --- |\n|  |  |\n\n`);
    if (act === "code") {
      const [before, after] = chosen.includes("\n") ? ["```\n", "\n```"] : ["`", "`"];
      return this.around(before, chosen, after, from, to);
    }
    if (EDGES[act]) return this.around(EDGES[act][0], chosen, EDGES[act][1], from, to);
    const begin = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(begin, to).split("\n");
    const sign = LINES[act];
    const off = lines.every((line) => line.startsWith(sign));
    return this.put(lines.map((line) => (off ? line.slice(sign.length) : sign + line)).join("\n"), begin, to);
  }

  around(before, chosen, after, from, to) {
    this.put(before + chosen + after, from, to);
    this.area.setSelectionRange(from + before.length, from + before.length + chosen.length);
  }

  askLink() {
    this.link.hidden = false;
    this.link.focus();
    this.link.onkeydown = (event) => {
      if (event.key !== "Enter" && event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      const href = this.link.value.trim();
      this.link.hidden = true;
      this.link.value = "";
      const good = event.key === "Enter" && /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)\S*$/i.test(href);
      if (this.editor) {
        this.editor.commands.focus();
        if (good) this.linked(href);
        return;
      }
      this.area.focus();
      if (!good) return;
      const { value, selectionStart: from, selectionEnd: to } = this.area;
      this.put(`[${value.slice(from, to) || href}](${href})`, from, to);
    };
  }

  linked(href) {
    const chain = this.editor.chain().focus();
    if (this.editor.state.selection.empty) chain.insertContent([{ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }]).run();
    else chain.setMark("link", { href }).run();
  }

  // Pictures and files.
  choose() {
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
    input.addEventListener("change", () => this.upload(input.files));
    input.click();
  }

  dropped(event) {
    const { files } = event.clipboardData ?? event.dataTransfer ?? {};
    if (!files?.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.upload(files);
  }

  async upload(files) {
    for (const file of files) {
      const body = new FormData();
      body.set("csrfmiddlewaretoken", this.form.elements.namedItem("csrfmiddlewaretoken").value);
      body.set("files", file, file.name || "picture.png");
      const answer = await this.ask(this.dataset.files, body);
      const told = answer && [200, 422].includes(answer.status) ? await answer.json() : { files: [], said: this.dataset.refused };
      if (told.said) {
        announce(told.said, true);
        this.saved.textContent = told.said;
      }
      for (const one of told.files) this.show(one);
    }
  }

  show({ name, path, picture }) {
    const said = name.replace(/[[\]]/g, "").replace(/\.[a-z0-9]+$/i, "");
    if (!this.editor && picture) {
      // On a line of its own, so that it tears no word apart.
      const end = this.area.value.indexOf("\n", this.area.selectionEnd);
      const at = end < 0 ? this.area.value.length : end;
      return this.put(`\n\n![${said}](${path})\n`, at, at);
    }
    if (!this.editor) return this.put(`[${name.replace(/[[\]]/g, "")}](${path})`);
    const content = picture ? { type: "picture", attrs: { src: path, alt: said } } : { type: "text", text: name, marks: [{ type: "link", attrs: { href: path } }] };
    return this.editor.chain().focus().insertContent([content]).run();
  }

  // Rich text.
  async change(format) {
    if (format === "html") {
      const answer = await this.ask(this.dataset.preview, this.asMarkdown());
      if (answer?.ok) this.area.value = await answer.text();
      await this.open();
    } else {
      this.close();
    }
    this.typed();
  }

  asMarkdown() {
    const body = this.body();
    body.set("format", "markdown");
    return body;
  }

  async open() {
    bundle ??= import(this.dataset.editor);
    const tools = await bundle.catch(() => (bundle = null));
    if (!this.isConnected || this.editor) return;
    if (!tools) {
      this.saved.textContent = this.dataset.missing;
      return;
    }
    const { Blockquote, Bold, BulletList, Code, CodeBlock, Document, Editor, HardBreak, Heading, History, HorizontalRule, Italic, Link, ListItem, OrderedList, Paragraph, Strike, Table, TableCell, TableHeader, TableRow, Text } = tools;
    this.sheet.hidden = false;
    this.area.hidden = true;
    this.editor = new Editor({
      element: this.sheet, injectCSS: false, content: this.area.value,
      extensions: [
        Document, Paragraph, Text, HardBreak, Bold, Italic, Strike, Code, CodeBlock, BulletList, OrderedList, ListItem, Blockquote, History, HorizontalRule,
        Heading.configure({ levels: [2, 3, 4] }), Table, TableRow, TableHeader, TableCell, picture(tools),
        Link.configure({ openOnClick: false, autolink: true, protocols: ["http", "https", "mailto", "tel"], isAllowedUri: (url) => /^(https?:|mailto:|tel:|\/(?!\/)|#)/i.test(url) }),
      ],
      editorProps: {
        attributes: { class: "area prose", role: "textbox", "aria-multiline": "true", "aria-label": this.sheet.dataset.label, lang: this.area.lang },
        handlePaste: (_view, event) => Boolean(event.clipboardData?.files.length),
        handleDrop: (_view, event) => Boolean(event.dataTransfer?.files.length),
      },
      onUpdate: () => {
        this.area.value = this.editor.getHTML();
        this.area.dispatchEvent(new Event("input", { bubbles: true }));
      },
      onSelectionUpdate: () => this.shown(),
    });
  }

  // Back to Markdown: the words as they stand, a paragraph each, since rich text says more than Markdown can.
  close() {
    if (!this.editor) return;
    this.area.value = this.editor.getText({ blockSeparator: "\n\n" });
    this.editor.destroy();
    this.editor = null;
    this.sheet.hidden = true;
    this.area.hidden = false;
    this.shown();
  }

  rich(act) {
    // The editor's own way into it waits for the next frame, and forgets by then what was switched on.
    this.editor.view.focus();
    const chain = this.editor.chain();
    const does = {
      heading: () => chain.toggleHeading({ level: 2 }), bold: () => chain.toggleBold(), italic: () => chain.toggleItalic(),
      bullets: () => chain.toggleBulletList(), numbers: () => chain.toggleOrderedList(), quote: () => chain.toggleBlockquote(),
      code: () => chain.toggleCodeBlock(), table: () => chain.insertTable({ rows: 3, cols: 2, withHeaderRow: true }),
    };
    does[act]().run();
    this.shown();
  }

  shown() {
    const names = { heading: "heading", bold: "bold", italic: "italic", bullets: "bulletList", numbers: "orderedList", quote: "blockquote", code: "codeBlock", link: "link" };
    for (const button of this.bar.querySelectorAll("[data-do]")) {
      if (names[button.dataset.do]) button.setAttribute("aria-pressed", String(Boolean(this.editor?.isActive(names[button.dataset.do]))));
    }
  }
}

const picture = ({ Node, mergeAttributes }) => Node.create({
  name: "picture", group: "block", draggable: true,
  addAttributes: () => ({ src: { default: "" }, alt: { default: "" } }),
  parseHTML: () => [{ tag: 'img[src^="/help/files/"]' }],
  renderHTML: ({ HTMLAttributes }) => ["img", mergeAttributes(HTMLAttributes)],
});

customElements.define("article-editor", ArticleEditor);
