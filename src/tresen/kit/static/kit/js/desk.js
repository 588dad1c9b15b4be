// What the desk and the settings load.
import "./announce.js";
import "./key-map.js";
import "./menus.js";
import "./requests.js";
import "./resize-pane.js";
import "./theme-switch.js";
import "./tick-time.js";

// In a quiet moment, or when asked for.
const palette = () => import("./command-palette.js");
(window.requestIdleCallback ?? setTimeout)(palette);
document.addEventListener("key:palette", (event) => {
  event.preventDefault();
  palette().then(() => document.querySelector("command-palette")?.open());
});
