// One event stream a browser: the tab that holds the lock has the line, the others hear by a channel. Where streams do
// not get through, that tab asks every 15 seconds instead. What is told goes as events to whoever listens on `document`:
//   live:ticket  {number, topics}  something about a ticket changed: "ticket", "presence"
//   live:lists                     a ticket left one's sight: lists may show too much
//   live:reload                    look at everything again: the line was down, or rights have changed
// Nothing is told to a page at which nobody has been for half an hour, so that the session's idle time runs out as it
// should; `touched()` says how long ago that was.
import { faultText, toast } from "../../kit/js/announce.js";

const { liveStream, livePoll, liveWho, liveAfter, liveLost, liveBack } = document.body.dataset;
const AWAY_AFTER = 30 * 60_000;
const POLL_EVERY = 15_000;
const HELLO_WITHIN = 8_000;
// The server says something every 20 seconds.
const SILENT_AFTER = 50_000;
const STREAM_AGAIN_AFTER = 5 * 60_000;
const LONGEST_PAUSE = 30_000;
const LOST_AFTER = 5_000;

let lastTouch = Date.now();
let cursor = liveAfter;
let leads = false;
let isOut = false;
let polls = !liveStream;
let source = null;
let failures = 0;
let heard = Date.now();
let lostSince = 0;
let lostToast = null;
const timers = new Map();
const channel = new BroadcastChannel(`tresen-live-${liveWho}`);

/** Milliseconds since somebody was last at this page. */
export const touched = () => Date.now() - lastTouch;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const isAway = () => touched() > AWAY_AFTER;

function later(name, act, milliseconds) {
  clearTimeout(timers.get(name));
  timers.set(name, setTimeout(act, milliseconds));
}

// What was told, here and in the other tabs.
function take({ tickets = {}, lists, reload }) {
  if (reload) return tell("live:reload");
  for (const [number, topics] of Object.entries(tickets)) tell("live:ticket", { number, topics });
  if (lists) tell("live:lists");
}

function pass(news, at) {
  cursor = at;
  heard = Date.now();
  channel.postMessage({ news, cursor });
  take(news);
}

// How the line is: stream, poll, lost, out. A line that is lost for some seconds is told, and that it is back.
function show(state) {
  if (state === "out" && document.body.dataset.liveState !== "out") toast(faultText("signedOut"), { stays: true });
  document.body.dataset.liveState = state;
  if (leads) channel.postMessage({ state });
  if (state !== "lost") {
    clearTimeout(timers.get("lost"));
    if (lostToast) {
      lostToast.remove();
      lostToast = null;
      if (state !== "out") toast(liveBack);
    }
    lostSince = 0;
  } else if (!lostSince) {
    lostSince = Date.now();
    later("lost", () => { lostToast ??= toast(liveLost, { stays: true }); }, LOST_AFTER);
  }
}

function open() {
  if (!leads || isOut || source || isAway()) return;
  if (polls) return ask();
  source = new EventSource(`${liveStream}?after=${encodeURIComponent(cursor)}`);
  later("hello", () => failed(true), HELLO_WITHIN);
  source.addEventListener("hello", (event) => {
    clearTimeout(timers.get("hello"));
    failures = 0;
    show("stream");
    pass({}, event.lastEventId);
  });
  source.addEventListener("news", (event) => pass(JSON.parse(event.data), event.lastEventId));
  source.addEventListener("at", (event) => pass({}, event.lastEventId));
  source.onerror = () => failed(source?.readyState === EventSource.OPEN);
}

function close() {
  source?.close();
  source = null;
  for (const name of ["hello", "again", "poll"]) clearTimeout(timers.get(name));
}

// The line broke, or was never there. Asking once tells why: signed out, no connection, or only streams do not pass.
async function failed(isBlocked = false) {
  close();
  failures += 1;
  const answer = await asked();
  if (isOut) return;
  if (answer && (isBlocked || failures > 2)) {
    polls = true;
    later("stream", () => { polls = false; failures = 0; close(); open(); }, STREAM_AGAIN_AFTER);
    show("poll");
    return later("poll", ask, POLL_EVERY);
  }
  if (!answer) show("lost");
  again(answer ? 500 + 1500 * Math.random() : Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(failures, 5)));
}

function again(milliseconds) {
  later("again", open, milliseconds);
}

// One answer instead of a line. Null when there is no connection.
async function asked() {
  try {
    const answer = await fetch(`${livePoll}?after=${encodeURIComponent(cursor)}`, { headers: { "HX-Request": "true" } });
    if ([401, 403, 404].includes(answer.status)) return signedOut();
    if (!answer.ok) return null;
    const { cursor: at, ...news } = await answer.json();
    pass(news, at);
    return news;
  } catch {
    return null;
  }
}

async function ask() {
  if (!leads || isOut || isAway()) return;
  show((await asked()) ? "poll" : isOut ? "out" : "lost");
  if (!isOut) later("poll", ask, POLL_EVERY);
}

function signedOut() {
  isOut = true;
  close();
  show("out");
  return null;
}

function lead() {
  leads = true;
  open();
}

// Without locks (plain http from elsewhere) each tab has a line of its own while somebody can see it.
function begin() {
  if (!navigator.locks) {
    if (!document.hidden) lead();
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) close();
      else lead();
    });
    return;
  }
  request();
}

function request(options = {}) {
  navigator.locks.request(`tresen-live-${liveWho}`, options, () => new Promise(lead)).catch(() => {
    leads = false;
    close();
    request();
  });
}

function watch() {
  if (isOut) return;
  const silence = Date.now() - heard;
  if (leads && isAway()) close();
  else if (leads && source && silence > SILENT_AFTER) failed();
  // The tab with the line says nothing any more: it is frozen. Another takes the line over.
  else if (!leads && navigator.locks && silence > 3 * SILENT_AFTER && !document.hidden && !isAway()) request({ steal: true });
}

channel.onmessage = ({ data }) => {
  if (data.isTouched) return noteTouch(false);
  if (data.state && !leads) return show(data.state);
  if (!data.news || leads) return;
  heard = Date.now();
  cursor = data.cursor;
  take(data.news);
};

// Somebody is there, here or in another tab: the line is opened again where it was closed for want of anybody.
function noteTouch(isHere) {
  const was = lastTouch;
  lastTouch = Date.now();
  if (isHere && lastTouch - was > 60_000) channel.postMessage({ isTouched: true });
  if (lastTouch - was > AWAY_AFTER && leads && !isOut) open();
}

if (livePoll) {
  for (const name of ["pointerdown", "pointermove", "keydown", "wheel"]) {
    document.addEventListener(name, () => noteTouch(true), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => !document.hidden && polls && ask());
  addEventListener("online", () => leads && !source && !isOut && (failures = 0, close(), open()));
  addEventListener("offline", () => leads && !isOut && failed());
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && open());
  setInterval(watch, 10_000);
  begin();
}
