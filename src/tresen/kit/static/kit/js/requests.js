// Partial updates: a fault is told in words, nothing typed is lost, and the focus does not fall out of the page.
import { announce, faultText, toast } from "./announce.js";

const BY_STATUS = { 401: "signedOut", 403: "forbidden", 404: "gone", 410: "gone", 429: "tooMany" };

// What went wrong stays on the page until it is closed, or until the same request goes through.
const faults = new Map();
const place = (event) => event.detail.pathInfo?.requestPath;

function tell(event, text) {
  faults.get(place(event))?.remove();
  faults.set(place(event), toast(text, { stays: true }));
}

document.addEventListener("htmx:responseError", (event) => {
  const request = event.detail.xhr;
  const said = request.getResponseHeader("X-Notice");
  tell(event, said ? decodeURIComponent(said) : faultText(BY_STATUS[request.status] ?? "failed"));
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => tell(event, faultText("offline")));
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status >= 400) return;
  faults.get(place(event))?.remove();
  faults.delete(place(event));
});

// A swap that takes away what had the focus gives it to [data-focus] of the new part, or to the part itself.
let lost = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  lost = event.detail.target.contains(document.activeElement) ? document.activeElement.id : null;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.target?.isConnected ? event.detail.target : document.getElementById(event.detail.target?.id);
  const asked = part?.querySelector("[data-focus]");
  const said = part?.querySelector("[data-announce]");
  if (said) announce(said.dataset.announce || said.textContent);
  if (asked) asked.focus({ preventScroll: asked.matches("[tabindex='-1']") });
  else if (lost !== null && (document.activeElement === document.body || !document.activeElement)) {
    (document.getElementById(lost) ?? part)?.focus?.({ preventScroll: true });
  }
  lost = null;
});

// A form one has typed into is not left without a question.
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-unsaved]")) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-guard]");
  if (form) form.dataset.unsaved = "";
});
for (const name of ["submit", "htmx:beforeRequest"]) {
  document.addEventListener(name, (event) => event.target.closest?.("form")?.removeAttribute("data-unsaved"));
}
