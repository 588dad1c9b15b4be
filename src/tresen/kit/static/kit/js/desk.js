// What every page of the desk and the settings loads.
import "./announce.js";
import "./command-palette.js";
import "./key-map.js";
import "./menus.js";
import "./requests.js";
import "./resize-pane.js";
import "./theme-switch.js";
import "./tick-time.js";
