// Whoever chooses a way in sees its fields at once; without a script every way is unfolded by hand.
document.addEventListener("change", ({ target }) => {
  for (const way of document.querySelectorAll(`details[data-way^="${target.name}:"]`)) {
    way.open = way.dataset.way === `${target.name}:${target.value}`;
  }
});
