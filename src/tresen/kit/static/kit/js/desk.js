// What the desk and the settings load.
import "./announce.js";
import "./key-map.js";
import "./menus.js";
import "./requests.js";
import "./resize-pane.js";
import "./theme-switch.js";
import "./tick-time.js";

// A column, or on a phone a strip, of places begins where the present one is to be seen.
document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// In a quiet moment, or when asked for.
const palette = () => import("./command-palette.js");
(window.requestIdleCallback ?? setTimeout)(palette);
document.addEventListener("key:palette", (event) => {
  event.preventDefault();
  palette().then(() => document.querySelector("command-palette")?.open());
});
