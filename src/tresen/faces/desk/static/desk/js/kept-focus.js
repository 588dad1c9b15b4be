// A part of the page that is drawn anew by an answer takes the element with it that had the focus. It goes back to the
// same one, else to what opened its menu or form, else to the section or part it stood in.
let places = [];

document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target } }) => {
  const focus = document.activeElement;
  if (!target.contains(focus)) return;
  const opener = focus.closest("details")?.querySelector("summary");
  const inside = [focus, opener, focus.closest("section")].filter((place) => place && target.contains(place));
  places = [...inside, target].map((place) => place.id).filter(Boolean);
});

document.addEventListener("htmx:oobAfterSwap", () => {
  if (!places.length || document.activeElement !== document.body) return;
  const place = places.map((id) => document.getElementById(id)).find((one) => one?.checkVisibility());
  if (place && !place.matches("a, button, input, select, textarea, summary")) place.tabIndex = -1;
  place?.focus({ preventScroll: true });
  places = [];
});
