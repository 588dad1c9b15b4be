// Saying something: in the live region for those who listen, as a toast for those who look.
const PASSES_AFTER = 7000;
export const place = () => document.getElementById("toasts");

/** Reads `text` to a screen reader; `urgent` interrupts. */
export function announce(text, urgent = false) {
  const region = document.getElementById(urgent ? "alarm" : "voice");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** Shows `text` for a while. `stays` keeps it until it is closed. Returns the element. */
export function toast(text, { stays = false } = {}) {
  const list = place();
  if (!list || !text) return null;
  const item = document.createElement("div");
  item.className = "toast";
  const words = document.createElement("span");
  words.textContent = text;
  item.append(words);
  if (stays) item.append(closer(item, list.dataset.close));
  list.append(item);
  if (list.showPopover && !list.matches(":popover-open")) list.showPopover();
  announce(text, stays);
  if (!stays) passAfterAWhile(item);
  return item;
}

/** Takes away a toast that passes, but not under a pointer or with the focus in it. */
export function passAfterAWhile(item) {
  setTimeout(() => {
    if (item.matches(":hover, :focus-within")) return passAfterAWhile(item);
    item.remove();
    const list = place();
    if (list && !list.childElementCount && list.matches(":popover-open")) list.hidePopover();
  }, PASSES_AFTER);
}

/** The text for a fault, by its name in the page (`data-failed` and so on). */
export function faultText(name) {
  return place()?.dataset[name] || "";
}

function closer(item, label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.textContent = label;
  button.addEventListener("click", () => item.remove());
  return button;
}

document.addEventListener("tresen:announce", (event) => announce(event.detail.value ?? event.detail.text));
document.addEventListener("tresen:toast", (event) => toast(event.detail.value ?? event.detail.text));
for (const item of document.querySelectorAll("[data-passing]")) passAfterAWhile(item);
