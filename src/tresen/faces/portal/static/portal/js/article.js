// An article: its code can be copied, the list of its parts shows where one reads, a vote needs no new page; and the
// portal learns how often it is read, without learning by whom.
import { announce } from "../../kit/js/announce.js";

const READ_AFTER = 4000;
const AGAIN_AFTER = 30 * 60000;
const LATELY = 60 * 60000;
const KEY = "tresen-read";

/** What this tab has read within the hour: "12.en" to the time. */
function lately() {
  try {
    const all = Object.entries(JSON.parse(sessionStorage.getItem(KEY) || "{}"));
    return new Map(all.filter(([, at]) => Date.now() - at < LATELY));
  } catch {
    return new Map();
  }
}

/** <article-read data-url data-article>: tells once that somebody reads, after a moment in sight. */
class ArticleRead extends HTMLElement {
  connectedCallback() {
    this.begin = () => {
      clearTimeout(this.timer);
      if (!document.hidden) this.timer = setTimeout(() => this.tell(), READ_AFTER);
    };
    document.addEventListener("visibilitychange", this.begin);
    this.begin();
  }

  tell() {
    document.removeEventListener("visibilitychange", this.begin);
    const read = lately();
    const before = read.get(this.dataset.article) ?? 0;
    read.set(this.dataset.article, Date.now());
    try {
      sessionStorage.setItem(KEY, JSON.stringify(Object.fromEntries(read)));
    } catch {
      // Where nothing can be kept, a page that is opened again counts again.
    }
    if (Date.now() - before < AGAIN_AFTER) return;
    navigator.sendBeacon(this.dataset.url, new URLSearchParams({ q: this.searched() }));
  }

  /** What was searched for, if the search led here. */
  searched() {
    if (!document.referrer.startsWith(`${location.origin}/help/search?`)) return "";
    return new URL(document.referrer).searchParams.get("q") ?? "";
  }
}

/** <read-before> around a hidden field: what was read before one asks goes along. */
class ReadBefore extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    if (field) field.value = [...lately().keys()].slice(-5).join(" ");
  }
}

/** <article-vote>: its forms are answered in their place. */
class ArticleVote extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.send(event));
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const body = new URLSearchParams(new FormData(form, event.submitter));
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      const found = document.createElement("template");
      found.innerHTML = await answer.text();
      this.replaceChildren(found.content);
      const said = this.querySelector("strong");
      if (said) announce(said.textContent);
      (this.querySelector("textarea") ?? this).focus();
    } catch {
      form.submit();
    }
  }
}

customElements.define("article-read", ArticleRead);
customElements.define("read-before", ReadBefore);
customElements.define("article-vote", ArticleVote);

/** <copy-code data-done>: a button copies what stands in its <pre>. */
class CopyCode extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.querySelector("pre").textContent.trimEnd());
      announce(this.dataset.done);
      const label = button.lastChild;
      const said = label.textContent;
      label.textContent = this.dataset.done;
      setTimeout(() => { label.textContent = said; }, 2000);
    });
  }
}

customElements.define("copy-code", CopyCode);

const links = new Map([...document.querySelectorAll(".toc a")].map((link) => [link.hash.slice(1), link]));
if (links.size) {
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
    const here = [...links.keys()].find((id) => seen.has(id));
    if (!here) return;
    for (const [id, link] of links) link.toggleAttribute("aria-current", id === here);
    links.get(here).setAttribute("aria-current", "true");
  }, { rootMargin: "0px 0px -60% 0px" });
  for (const id of links.keys()) {
    const part = document.getElementById(id);
    if (part) watch.observe(part);
  }
}
