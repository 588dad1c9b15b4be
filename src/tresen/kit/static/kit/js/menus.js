// Menus made of <details data-menu>: Esc and a click elsewhere close them, arrows walk through them, but not out of a field.
const open = () => document.querySelectorAll("details[data-menu][open]");

for (const name of ["pointerdown", "focusin"]) {
  document.addEventListener(name, (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.target.matches("input, select, textarea")) {
    const items = [...menu.querySelectorAll(".item:not([disabled])")];
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    items.at(at % items.length)?.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

// Browsers that do not know `command` yet still open and close dialogs and popovers.
if (!("command" in HTMLButtonElement.prototype)) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    const target = button && document.getElementById(button.getAttribute("commandfor"));
    if (!target) return;
    if (button.getAttribute("command") === "show-modal") target.showModal();
    if (button.getAttribute("command") === "close") target.close();
  });
}
