// <ticket-scroll> around a timeline: opens at the first unread message, else at the end, and stays there while frames
// and pictures grow, until somebody scrolls. After sending it goes to the end.
class TicketScroll extends HTMLElement {
  connectedCallback() {
    this.waits = true;
    this.grown = new ResizeObserver(() => this.waits && this.place());
    this.swapped = (event) => {
      if (event.detail.target?.id === "timeline") this.refreshed();
    };
    document.addEventListener("htmx:oobAfterSwap", this.swapped);
    for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.addEventListener(name, () => { this.waits = false; }, { passive: true });
    }
    this.watchTimeline();
    this.place();
  }

  disconnectedCallback() {
    this.grown.disconnect();
    document.removeEventListener("htmx:oobAfterSwap", this.swapped);
  }

  watchTimeline() {
    this.grown.disconnect();
    for (const child of this.children) this.grown.observe(child);
  }

  refreshed() {
    this.watchTimeline();
    if (document.querySelector("reply-composer[data-sent]")) {
      this.waits = true;
      this.scrollTop = this.scrollHeight;
    }
  }

  place() {
    const named = /^#m\d+$/.test(location.hash) ? this.querySelector(location.hash) : null;
    const first = named ?? this.querySelector(".is-new");
    if (first) this.scrollTop += first.getBoundingClientRect().top - this.getBoundingClientRect().top - 16;
    else this.scrollTop = this.scrollHeight;
  }
}

customElements.define("ticket-scroll", TicketScroll);
