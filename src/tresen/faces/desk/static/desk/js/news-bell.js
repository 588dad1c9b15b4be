// The bell in the rail: its count is kept true, and what one wants so is shown by the browser itself, where one has let
// it (a choice of this browser, on the page about notifications). It asks when the live line says that something has
// changed, and now and then for what it does not tell; not at a page at which nobody has been for half an hour.
import { touched } from "./live-stream.js";

const bell = document.querySelector('.rail [data-action="go-notifications"]');
const EVERY = 60_000;
const GATHERED = 800;
const AWAY_AFTER = 30 * 60_000;
const LAST = "tresen:news:last";
let asking = false;
let soon = 0;

async function ask() {
  if (asking || touched() > AWAY_AFTER || (document.hidden && !allowed())) return;
  asking = true;
  try {
    const last = localStorage.getItem(LAST);
    const answer = await fetch(`${bell.href}fresh/${last ? `?after=${last}` : ""}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const news = await answer.json();
    draw(news.unread, news.label);
    if (news.newest <= Number(last ?? 0) && last) return;
    localStorage.setItem(LAST, String(news.newest));
    if (allowed()) for (const item of news.items) show(item);
  } catch {
    // Without a line the next time tells.
  } finally {
    asking = false;
  }
}

function allowed() {
  return "Notification" in window && Notification.permission === "granted" && localStorage.getItem("tresen:news:show") === "yes";
}

function show(item) {
  const shown = new Notification(item.title, { body: item.body, tag: `tresen-${item.key}` });
  shown.addEventListener("click", () => {
    window.focus();
    location.assign(item.url);
  });
}

function draw(count, label) {
  bell.setAttribute("aria-label", label);
  let badge = bell.querySelector(".badge");
  if (!count) return badge?.remove();
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "badge accent";
    badge.setAttribute("aria-hidden", "true");
    bell.append(badge);
  }
  badge.textContent = String(count);
}

function gather() {
  clearTimeout(soon);
  soon = setTimeout(ask, GATHERED);
}

if (bell) {
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  for (const name of ["live:ticket", "live:reload"]) document.addEventListener(name, gather);
  ask();
}
