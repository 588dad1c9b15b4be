// Keeps a copy of each ticket that is opened, for those who have switched it on (the body then bears the session's mark).
// Where the mark is missing, where the session is dead, at signing out: everything is forgotten.
import { begin, empty, forget, keep } from "./offline-store.js";

const { liveKeeps: mark, liveWorker: worker, liveCopy: copy } = document.body.dataset;
const SCOPE = "/desk/";
const MARK = "X-Offline-Mark";

async function stop() {
  const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
  if (!registration) return;
  await empty();
  await registration.unregister();
}

async function start() {
  await begin(mark);
  await navigator.serviceWorker.register(worker, { scope: SCOPE });
  await keepOpen();
}

// The ticket that is open now, as text; what the answer says about the session counts more than the ticket.
async function keepOpen() {
  const number = document.getElementById("ticket")?.dataset.ticket;
  if (!number || number === keepOpen.last) return;
  keepOpen.last = number;
  const answer = await fetch(copy.replace("NUMBER", encodeURIComponent(number)), { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer) return;
  if (answer.status === 401) return empty();
  if (answer.status === 404) return forget(number);
  if (!answer.ok) return;
  if (answer.headers.get(MARK) !== mark) return empty();
  const html = await answer.text();
  const { title, number: shown } = new DOMParser().parseFromString(html, "text/html").querySelector("article").dataset;
  await keep({ number, shown, title, html });
}

const whenIdle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200));

if (window.indexedDB && window.isSecureContext) {
  if (mark) {
    whenIdle(() => start().catch(() => {}));
    document.addEventListener("htmx:afterSettle", () => whenIdle(() => keepOpen().catch(() => {})));
    document.addEventListener("htmx:responseError", (event) => {
      if (event.detail.xhr.status === 401) empty();
    });
    document.addEventListener("submit", (event) => {
      if (event.target.action?.endsWith("/sign-out/")) empty();
    });
  } else {
    whenIdle(() => stop().catch(() => {}));
  }
}
