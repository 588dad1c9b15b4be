// Brings a part of the page up to date without replacing it: what has the focus, is open or was typed into stays as it
// is, frames are not loaded again, and only what differs is touched.
const OWN = "message-frame, undo-seconds, reply-composer, [data-live-own]";
const isOpenMenu = (node) => node.matches("details[data-menu][open]");

/** Makes `old` like `fresh` (two elements of the same kind). Returns the elements that are new. */
export function merge(old, fresh, added = []) {
  if (old.isEqualNode(fresh) || old.matches(OWN)) return added;
  if (needsNew(old, fresh)) {
    if (!old.contains(document.activeElement)) put(old, fresh, added);
    return added;
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  if (isOpenMenu(old)) merge(old.querySelector("summary"), fresh.querySelector("summary"), added);
  else mergeChildren(old, fresh, added);
  return added;
}

// htmx has read its attributes when the element came; another address or trigger needs another element.
function needsNew(old, fresh) {
  const hx = (node) => [...node.attributes].filter(({ name }) => name.startsWith("hx-")).map((a) => a.name + a.value).join();
  return old.nodeName !== fresh.nodeName || hx(old) !== hx(fresh);
}

function put(old, fresh, added) {
  const node = document.importNode(fresh, true);
  old.replaceWith(node);
  added.push(node);
}

const isText = (node) => node.nodeType === Node.TEXT_NODE;
const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");

function mergeChildren(old, fresh, added) {
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  let at = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    // What stands here and is not wanted any more makes room for what has its place further down.
    if (node.id && [...old.children].some((child) => child.id === node.id)) {
      while (at && at.id !== node.id && !wanted.has(at.id)) at = remove(at);
    }
    if (at && isAlike(at, node)) {
      const next = at.nextSibling;
      if (!isText(at)) merge(at, node, added);
      else if (at.data !== node.data) at.data = node.data;
      at = next;
    } else {
      const copy = document.importNode(node, true);
      old.insertBefore(copy, at);
      if (!isText(copy)) added.push(copy);
    }
  }
  while (at) at = remove(at);
}

function remove(node) {
  const next = node.nextSibling;
  if (!node.contains(document.activeElement)) node.remove();
  return next;
}
