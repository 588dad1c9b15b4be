// <tick-time data-kind="past|age"> around a <time>: keeps "5 min ago" true while the page stands. The words come from
// the page (#time-texts), with one pattern for each plural form of its language.
const EVERY = 30_000;
const source = document.getElementById("time-texts");
const { steps, texts } = source ? JSON.parse(source.textContent) : { steps: [], texts: {} };
const plural = new Intl.PluralRules(document.documentElement.lang || "en");
const FORM = { one: 0, few: 1 };
const shown = new Set();

function wording(kind, seconds) {
  const known = texts[kind === "past" && seconds < 0 ? "future" : kind];
  if (!known) return null;
  const span = Math.abs(seconds);
  const step = steps.findLast(([, first]) => span >= first);
  if (!step) return known.now;
  const number = Math.floor(span / step[2]);
  return known[step[0]][FORM[plural.select(number)] ?? 2].replace("{n}", String(number));
}

class TickTime extends HTMLElement {
  connectedCallback() {
    shown.add(this);
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  tick(now) {
    const time = this.firstElementChild;
    const text = wording(this.dataset.kind, (now - Date.parse(time.dateTime)) / 1000);
    if (text !== null && text !== time.textContent) time.textContent = text;
  }
}

customElements.define("tick-time", TickTime);
setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const element of shown) element.tick(now);
}, EVERY);
