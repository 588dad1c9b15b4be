// What the portal loads; every page works without it.
import "./announce.js";
import "./menus.js";
import "./theme-switch.js";
import "./tick-time.js";
