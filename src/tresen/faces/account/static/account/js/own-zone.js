// <own-zone data-fresh> around a field for a time zone: begins with the browser's own, until somebody has chosen.
class OwnZone extends HTMLElement {
  connectedCallback() {
    const field = this.querySelector("input");
    if (!field || !("fresh" in this.dataset)) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...field.list.options].some((option) => option.value === zone)) field.value = zone;
  }
}

customElements.define("own-zone", OwnZone);
