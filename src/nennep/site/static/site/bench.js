/* The bench by keys: j and k move from sentence to sentence, Enter accepts, s splits, r rewrites, x leaves out, m marks
   and Shift+m puts what is marked together. Every act is a form of the page; the keys only press its buttons. */

const ITEM = "article[data-item]";

function current() {
  return document.activeElement?.closest(ITEM);
}

function go(step) {
  const items = [...document.querySelectorAll(ITEM)];
  const here = items.indexOf(current());
  const next = items[here < 0 ? 0 : Math.min(Math.max(here + step, 0), items.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function open(item, name) {
  const part = item.querySelector(`details[data-${name}]`);
  if (!part) return;
  part.open = true;
  part.querySelector("textarea, input:not([type=hidden])")?.focus();
}

function mark(item) {
  const box = item.querySelector(".mark input");
  if (box) box.checked = !box.checked;
}

const ACTS = {
  j: () => go(1),
  k: () => go(-1),
  Enter: (item) => item?.querySelector("[data-accept]")?.click(),
  s: (item) => item && open(item, "split"),
  r: (item) => item && open(item, "rewrite"),
  x: (item) => item && open(item, "leave-out"),
  m: (item) => item && mark(item),
  M: () => document.querySelector("#join button")?.click(),
};

function isTyping(target) {
  return target.closest("input, textarea, select, button, a, summary, dialog, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const act = ACTS[event.key];
  if (!act || (event.key === "Enter" && !current())) return;
  event.preventDefault();
  act(current());
});

/* Escape closes what a key opened and goes back to its sentence. */
document.addEventListener("keydown", (event) => {
  const part = event.key === "Escape" && event.target.closest?.(`${ITEM} details[open]`);
  if (!part) return;
  part.open = false;
  part.closest(ITEM).focus({ preventScroll: true });
});

if (location.hash.startsWith("#item-")) document.querySelector(location.hash)?.focus({ preventScroll: true });

/* the chosen line of a long outline is in sight */
const outline = document.querySelector(".outline");
const chosen = outline?.querySelector("[aria-current]");
if (chosen && outline.scrollHeight > outline.clientHeight) outline.scrollTop = chosen.offsetTop - outline.clientHeight / 2;
