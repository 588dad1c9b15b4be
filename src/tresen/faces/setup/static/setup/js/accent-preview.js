// <accent-preview data-enough data-weak>: shows buttons in the chosen accent, in light and dark, and measures how
// well their words stand out. Colours are read back from the browser, so what is measured is what is seen.
const ENOUGH = 4.5;

function luminance(colour, context) {
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((part) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first, second) {
  const [bright, dim] = [first, second].sort((a, b) => b - a);
  return (bright + 0.05) / (dim + 0.05);
}

class AccentPreview extends HTMLElement {
  connectedCallback() {
    this.hue = this.querySelector("[name=accent_hue]");
    this.chroma = this.querySelector("[name=accent_chroma]");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 1;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    if (!this.hue || !this.chroma || !this.context) return;
    this.querySelector(".accent-shown").hidden = false;
    this.addEventListener("input", () => this.show());
    this.show();
  }

  show() {
    const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
    for (const sample of this.querySelectorAll("[data-accent-scope]")) {
      sample.style.setProperty("--brand-h", this.hue.value);
      sample.style.setProperty("--brand-c", this.chroma.value);
      const look = getComputedStyle(sample.querySelector("[data-button]"));
      const ratio = contrast(luminance(look.backgroundColor, this.context), luminance(look.color, this.context));
      const word = ratio >= ENOUGH ? this.dataset.enough : this.dataset.weak;
      sample.querySelector("[data-verdict]").textContent = `${number.format(ratio)} : 1, ${word}`;
    }
  }
}

customElements.define("accent-preview", AccentPreview);
