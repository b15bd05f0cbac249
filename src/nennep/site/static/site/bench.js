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

/* The outline and the draft show what is worked on, each within its own frame. */
function show(frame, part) {
  if (!frame || !part || frame.scrollHeight <= frame.clientHeight) return;
  const above = part.getBoundingClientRect().top - frame.getBoundingClientRect().top;
  frame.scrollTop += above - frame.clientHeight / 3;
}

const draft = document.querySelector(".draft");
show(document.querySelector(".outline"), document.querySelector(".outline [aria-current]"));
show(draft, draft?.querySelector("[data-chosen]"));

document.addEventListener("focusin", (event) => {
  const item = event.target.closest(ITEM);
  const sentence = item && document.getElementById(item.id.replace("item", "draft"));
  for (const other of document.querySelectorAll(".paper .current")) other.classList.remove("current");
  sentence?.classList.add("current");
  show(draft, sentence);
});

if (location.hash.startsWith("#item-")) document.getElementById(location.hash.slice(1))?.focus({ preventScroll: true });
