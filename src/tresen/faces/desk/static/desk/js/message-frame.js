// <message-frame> around a mail's <iframe>: the frame is as high as what is in it, also after a quote is opened there.
// Heights are remembered, so that a refreshed timeline does not jump.
const MOST = 30_000;
const SCROLLBAR = 18;
const heights = new Map();

class MessageFrame extends HTMLElement {
  connectedCallback() {
    this.frame = this.querySelector("iframe");
    const known = heights.get(this.dataset.message);
    if (known) this.frame.height = known;
    this.frame.addEventListener("load", () => this.follow());
    this.follow();
  }

  disconnectedCallback() {
    this.watch?.disconnect();
  }

  follow() {
    const page = this.frame.contentDocument;
    if (!page?.body || page.URL === "about:blank") return;
    this.watch?.disconnect();
    this.watch = new ResizeObserver(() => this.fit(page.body));
    this.watch.observe(page.body);
    this.fit(page.body);
  }

  fit(body) {
    const wide = body.scrollWidth > body.clientWidth ? SCROLLBAR : 0;
    const height = Math.min(Math.ceil(body.getBoundingClientRect().height) + wide, MOST);
    if (!height || String(height) === this.frame.height) return;
    this.frame.height = String(height);
    heights.set(this.dataset.message, this.frame.height);
  }
}

customElements.define("message-frame", MessageFrame);
