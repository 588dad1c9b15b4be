// <theme-switch> around radio buttons or a select named "theme": the page shows the choice before it is saved.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      const theme = event.target.value;
      if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
    });
  }
}

customElements.define("theme-switch", ThemeSwitch);
