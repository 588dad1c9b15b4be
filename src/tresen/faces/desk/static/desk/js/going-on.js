// After an action: to the next ticket of the list or back to it, as the server says. The list on the screen knows best
// what stands below the ticket; only where it ends, or the ticket is not in it, the server's answer counts.
document.addEventListener("desk:go-on", ({ detail }) => {
  const list = document.querySelector("live-list");
  if (!list) return location.assign(detail.url);
  const below = list.row(detail.from)?.nextElementSibling?.closest("li.row[data-number]");
  const row = detail.then === "next" && (below ?? list.row(detail.number));
  if (row) list.open(row, true);
  else if (detail.number) location.assign(detail.url);
  else list.back();
});
