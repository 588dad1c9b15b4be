// The bell in the rail: its count is kept true, and what one wants so is shown by the browser itself, where one has let
// it (a choice of this browser, on the page about notifications). Asked twice a minute, and at once when a live line
// of the desk says that something changed.
const bell = document.querySelector('.rail [data-action="go-notifications"]');
const EVERY = 30000;
const LAST = "tresen:news:last";
let asking = false;

async function ask() {
  if (asking || document.hidden && !allowed()) return;
  asking = true;
  try {
    const last = localStorage.getItem(LAST);
    const answer = await fetch(`${bell.href}fresh/${last ? `?after=${last}` : ""}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const news = await answer.json();
    draw(news.unread);
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

function draw(count) {
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

if (bell) {
  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  document.addEventListener("tresen:live", ask);
  ask();
}
