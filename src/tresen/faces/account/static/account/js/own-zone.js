// <own-zone data-fresh> around a select of time zones: begins with the browser's own, until somebody has chosen.
class OwnZone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select");
    if (!select || !("fresh" in this.dataset)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

customElements.define("own-zone", OwnZone);
