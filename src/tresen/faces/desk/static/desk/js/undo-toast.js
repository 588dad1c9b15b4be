import { passAfterAWhile, place } from "../../kit/js/announce.js";

// A toast that came with an answer: only the last one has a way back, and it goes once that was taken.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const list = place();
  if (!list || event.detail.target !== list) return;
  const all = [...list.querySelectorAll("[data-last]")];
  for (const old of all.slice(0, -1)) old.remove();
  const item = all.at(-1);
  if (!item) return;
  if (list.showPopover && !list.matches(":popover-open")) list.showPopover();
  item.addEventListener("htmx:afterRequest", () => item.remove());
  passAfterAWhile(item);
});
