// Names of countries in the reader's language, as the browser knows them; without a script they stand in English.
const language = document.documentElement.lang || "en";
const names = new Intl.DisplayNames([language], { type: "region", fallback: "none" });

for (const place of document.querySelectorAll("[data-country]")) {
  place.textContent = names.of(place.dataset.country) || place.textContent;
}
for (const select of document.querySelectorAll("select[data-country-names]")) {
  const [nothing, ...options] = select.options;
  for (const option of options) {
    option.text = names.of(option.value) || option.text;
  }
  const chosen = select.value;
  options.sort((one, other) => one.text.localeCompare(other.text, language));
  select.replaceChildren(nothing, ...options);
  select.value = chosen;
}
