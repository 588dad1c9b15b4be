// An article: its code can be copied, and the list of its parts shows where one reads.
import { announce } from "../../kit/js/announce.js";

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
