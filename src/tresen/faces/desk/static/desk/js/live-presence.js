// Who else is on the open ticket, and telling them that one is there oneself: looking, writing a reply or a note, away.
import { announce } from "../../kit/js/announce.js";
import { touched } from "./live-stream.js";

const { livePresence, liveLeave } = document.body.dataset;
const SAY_EVERY = 60_000;
const AWAY_AFTER = 3 * 60_000;
const GONE_AFTER = 30 * 60_000;
const TYPING_FOR = 8_000;
const tab = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const ticket = () => document.querySelector("#ticket[data-ticket]")?.dataset.ticket ?? "";
let typed = { at: 0, kind: "" };
let said = { number: "", state: "", at: 0 };
let typing = "";
let last = { number: "", html: "" };

function state() {
  if (Date.now() - typed.at < TYPING_FOR) return typed.kind === "note" ? "noting" : "replying";
  return document.hidden || touched() > AWAY_AFTER ? "away" : "looking";
}

function request(url, body, more = {}) {
  const headers = { "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers") ?? "{}") };
  return fetch(url, { headers, ...(body && { method: "POST", body: new URLSearchParams(body) }), ...more });
}

const place = (number) => livePresence.replace("NUMBER", encodeURIComponent(number));

// Says what one does where that is news, and once a minute that one is still there.
async function say() {
  // Nobody at the desk: a tab that goes on saying something would keep the session alive for ever.
  const number = touched() > GONE_AFTER ? "" : ticket();
  const now = { number, state: state(), at: Date.now() };
  if (!number) return said.number && leave();
  if (number === said.number && now.state === said.state && now.at - said.at < SAY_EVERY) return;
  if (document.hidden && number !== said.number) return;
  said = now;
  await show(number, { tab, state: now.state });
}

async function show(number, body) {
  try {
    const answer = await request(place(number), body);
    if (!answer.ok || number !== ticket()) return;
    last = { number, html: (await answer.text()).trim() };
    draw();
  } catch { /* Without a connection nobody is seen; the line says so. */ }
}

function draw() {
  const group = document.querySelector("#ticket .presence");
  if (!group || last.number !== ticket()) return;
  if (last.html !== (group.shown ?? "")) group.innerHTML = group.shown = last.html;
  group.hidden = !group.childElementCount;
  const writing = group.querySelector(".replying .does")?.textContent ?? group.querySelector(".noting .does")?.textContent ?? "";
  if (writing && writing !== typing) announce(writing);
  typing = writing;
  const flag = document.querySelector("#composer .typing");
  if (flag) flag.textContent = writing;
}

function leave() {
  said = { number: "", state: "", at: 0 };
  request(liveLeave, { tab }, { keepalive: true }).catch(() => {});
}

if (livePresence) {
  document.addEventListener("input", (event) => {
    const kind = event.target.closest?.("reply-composer [data-kind]")?.dataset.kind;
    if (!kind) return;
    typed = { at: Date.now(), kind };
    say();
  });
  document.addEventListener("live:ticket", ({ detail }) => {
    if (detail.topics.includes("presence") && detail.number === ticket() && !document.hidden) show(ticket());
  });
  document.addEventListener("live:reload", () => !document.hidden && ticket() && show(ticket()));
  document.addEventListener("visibilitychange", say);
  // Another ticket in the pane, or one whose head was drawn anew.
  document.addEventListener("htmx:afterSettle", () => (ticket() === said.number ? draw() : say()));
  addEventListener("pagehide", () => said.number && leave());
  addEventListener("pageshow", (event) => event.persisted && say());
  setInterval(say, 2_000);
  say();
}
