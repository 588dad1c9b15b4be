// The open ticket kept up to date: what others write and change appears in its place, without touching the focus, the
// scrolling or what is being written. New messages are told by a pill at the lower end of the timeline.
import { announce } from "../../kit/js/announce.js";
import { merge } from "./merge.js";
import { touched } from "./live-stream.js";

const GATHER = 250;
const AT_DESK = 60_000;
const PARTS = ["t-head", "timeline", "shared-drafts", "context"];
const ticket = () => document.querySelector("#ticket[data-ticket]");
let timer = null;
let isAsking = false;
let isStale = false;
let again = false; // something happened while it was asked
let swaps = 0; // answers to what was done here, which are newer than a look that began before them

function soon() {
  isStale = true;
  again = isAsking;
  if (document.hidden || isAsking || !ticket()) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, GATHER);
}

// The same address as the page's own: a longer or older stretch of the timeline stays what it is.
function address(number) {
  const { pathname, search } = location;
  return pathname.endsWith(`/tickets/${number}/`) ? pathname + search : ticket().dataset.liveUrl;
}

async function refresh() {
  const pane = ticket();
  if (!pane || isAsking) return;
  isAsking = true;
  isStale = again = false;
  const before = swaps;
  try {
    const answer = await fetch(address(pane.dataset.ticket), { headers: { "HX-Request": "true", "HX-Target": "ticket" } });
    const text = await answer.text();
    if (swaps !== before) again = true;
    else if (answer.ok) put(pane, new DOMParser().parseFromString(text, "text/html").body.querySelector("#ticket"));
  } catch {
    isStale = true;
  } finally {
    isAsking = false;
    if (again) soon();
  }
}

function put(pane, fresh) {
  // Another ticket was opened meanwhile, or this one is being answered for: its own answer is newer.
  if (!fresh || pane !== ticket() || fresh.dataset.ticket !== pane.dataset.ticket) return;
  if (pane.querySelector(".htmx-request")) {
    setTimeout(soon);
    return;
  }
  const known = new Set([...pane.querySelectorAll(".entry[id]")].map((entry) => entry.id));
  const scroll = pane.querySelector("ticket-scroll");
  scroll.waits = false;
  const back = pane.querySelector(".back");
  if (back) fresh.querySelector(".back").href = back.getAttribute("href");
  const added = [];
  for (const id of PARTS) {
    const [old, part] = [pane, fresh].map((one) => one.querySelector(`#${id}`));
    if (old && part) merge(old, part, added);
  }
  for (const node of added) if (node.isConnected) window.htmx.process(node);
  const news = [...pane.querySelectorAll(".entry[id]")].filter((entry) => !known.has(entry.id));
  tellOf(pane, scroll, news.filter((entry) => !entry.querySelector(".avatar.me")));
  noteSeen(pane, fresh);
}

function tellOf(pane, scroll, news) {
  if (!news.length) return;
  const name = news.at(-1).querySelector(".who strong")?.textContent ?? "";
  announce(pane.dataset.liveWrote.replace("{name}", name));
  const pill = scroll.querySelector(".live-below .pill-new");
  const below = news[0].getBoundingClientRect().top > scroll.getBoundingClientRect().bottom - 40;
  if (!below || !pill.hidden) return;
  pill.hidden = false;
  pill.onclick = () => {
    pill.hidden = true;
    news[0].scrollIntoView({ block: "start" });
    scroll.focus({ preventScroll: true });
  };
  scroll.addEventListener("scroll", () => {
    if (scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60) pill.hidden = true;
  }, { passive: true });
}

// Who is at the page has read what came. What is being written keeps its mark of what was seen when it was begun, so
// that it is held back; where nothing is written yet, the mark goes along.
function noteSeen(pane, fresh) {
  if (document.hidden || touched() > AT_DESK) return;
  const form = [...fresh.querySelectorAll("form[hx-trigger=load]")].at(-1);
  if (form) {
    pane.append(form);
    window.htmx.process(form);
  }
  if ([...pane.querySelectorAll("reply-composer textarea")].some((area) => area.value.trim())) return;
  for (const name of ["seen", "seen_event"]) {
    const [seen, now] = [pane, fresh].map((one) => one.querySelector(`reply-composer [name=${name}]`));
    if (seen && now) seen.value = now.value;
  }
}

document.addEventListener("live:ticket", (event) => {
  const { number, topics } = event.detail;
  if (topics.includes("ticket") && ticket()?.dataset.ticket === number) soon();
});
document.addEventListener("live:reload", soon);
document.addEventListener("htmx:beforeSwap", () => (swaps += 1));
document.addEventListener("visibilitychange", () => !document.hidden && isStale && soon());
