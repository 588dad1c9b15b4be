// <subject-answers data-url data-field>: articles that may answer a request, fetched while its subject is typed.
const PAUSE = 350;
const SHORTEST = 3;

class SubjectAnswers extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.dataset.field);
    this.field?.addEventListener("input", () => this.later());
    if (this.field?.value) this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const subject = this.field.value.trim();
    if (subject === this.asked) return;
    this.asked = subject;
    this.asking?.abort();
    this.asking = new AbortController();
    if (subject.length < SHORTEST) {
      this.replaceChildren();
      return;
    }
    const url = new URL(this.dataset.url, location.href);
    url.searchParams.set("subject", this.field.value.trimStart());
    try {
      const answer = await fetch(url, { signal: this.asking.signal });
      if (!answer.ok) return;
      const found = document.createElement("template");
      found.innerHTML = await answer.text();
      this.replaceChildren(found.content);
    } catch {
      // It is only an offer: without an answer there is none.
    }
  }
}

customElements.define("subject-answers", SubjectAnswers);
