/* Other days for a task: its bar is dragged to them, or its end to make it longer; the same with the keyboard. What is
   sent is the form of the page; the server decides, and says why where it refuses. */

const DAY_MS = 86_400_000;
const BEGINS_AFTER_PX = 4; // a shorter way is a press, which opens the task
const END_PX = 10;

const dialog = document.getElementById("move");
const said = document.getElementById("moved-to");

const toDay = (text) => Math.round(Date.parse(`${text}T00:00:00Z`) / DAY_MS);
const toText = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
const toSaid = (day) => toText(day).split("-").reverse().join("/");

/* --- where the days are ------------------------------------------------------------------------------ */

function strips() {
  return [...document.querySelectorAll("[data-days]")].map((element) => {
    const box = element.getBoundingClientRect();
    return { element, box, first: toDay(element.dataset.first), width: box.width / Number(element.dataset.days) };
  });
}

function stripAt(all, x, y, own) {
  const inside = all.filter(({ box }) => y >= box.top && y < box.bottom && x >= box.left && x < box.right);
  // A row of a Gantt is a strip of its own; between them, the one that the bar lies on counts.
  return inside[0] ?? all.find(({ element }) => element === own);
}

function dayAt(strip, x) {
  return strip.first + Math.floor((x - strip.box.left) / strip.width);
}

/* --- one move ------------------------------------------------------------------------------------------- */

let move = null; // { bar, starts, due, … } while there is one

function begin(bar) {
  return {
    bar,
    wasStarts: toDay(bar.dataset.starts),
    wasDue: toDay(bar.dataset.due),
    starts: toDay(bar.dataset.starts),
    due: toDay(bar.dataset.due),
    shape: bar.querySelector("rect.whole") ?? bar,
    width: (bar.querySelector("rect.whole") ?? bar).getBoundingClientRect().width,
    strip: strips().find(({ element }) => element.contains(bar)),
  };
}

function hasChanged(one) {
  return one.starts !== one.wasStarts || one.due !== one.wasDue;
}

function words(one) {
  const pattern = one.starts === one.due ? dialog.dataset.saidDay : dialog.dataset.said;
  return pattern.replace("%(first)s", toSaid(one.starts)).replace("%(last)s", toSaid(one.due));
}

function show(one) {
  const days = one.starts - one.wasStarts;
  const longer = one.due - one.wasDue - days;
  const { width, first } = one.strip;
  // In a month a bar goes up and down as well: from the strip it lies on to the one of its new first day.
  const to = strips().find((strip) => one.starts >= strip.first && one.starts < strip.first + 7);
  const isMonth = one.bar.closest(".weeks.month") && to && one.wasStarts >= first;
  const x = isMonth ? (one.starts - to.first - (one.wasStarts - first)) * width : days * width;
  const y = isMonth ? to.box.top - one.strip.box.top : 0;
  one.bar.style.translate = `${x}px ${y}px`;
  if (longer) one.shape.style.width = `${Math.max(width / 2, one.width + longer * width)}px`;
  else one.shape.style.width = "";
  one.bar.classList.add("moving");
  if (said.textContent !== words(one)) said.textContent = words(one);
}

function giveUp() {
  if (!move) return;
  move.bar.style.translate = "";
  move.shape.style.width = "";
  move.bar.classList.remove("moving");
  move = null;
}

function send() {
  const one = move;
  if (!one || !hasChanged(one)) return giveUp();
  const form = dialog.querySelector("form");
  form.action = one.bar.dataset.move;
  form.elements.starts_on.value = toText(one.starts);
  form.elements.due_on.value = toText(one.due);
  form.elements.edition.value = one.bar.dataset.edition;
  const asksWhy = one.bar.dataset.why === "with_reason";
  dialog.querySelector("[data-reason]").hidden = !asksWhy;
  form.elements.reason.required = asksWhy;
  if (!asksWhy) {
    form.requestSubmit();
    return;
  }
  dialog.querySelector("[data-task]").textContent = one.bar.dataset.title ?? one.bar.querySelector(".words")?.textContent;
  dialog.querySelector("[data-days]").textContent = words(one);
  dialog.showModal();
}

/* --- by pointer --------------------------------------------------------------------------------------------- */

let held = null; // the pointer is down on a bar, and has perhaps not moved yet

function onDown(event) {
  const bar = event.target.closest("[data-move]");
  if (!bar || event.button !== 0) return;
  giveUp();
  const one = begin(bar);
  const edge = one.shape.getBoundingClientRect().right;
  const isEnd = edge - event.clientX <= END_PX && !bar.classList.contains("goes-on") && one.width > 2 * END_PX;
  held = { one, x: event.clientX, y: event.clientY, day: dayAt(one.strip, event.clientX), isEnd, strips: strips() };
}

function onMove(event) {
  if (!held) return;
  const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
  if (!move && far < BEGINS_AFTER_PX) return;
  event.preventDefault();
  if (!move) {
    move = held.one;
    move.bar.setPointerCapture?.(event.pointerId);
  }
  const strip = move.bar.closest(".gantt") ? move.strip : stripAt(held.strips, event.clientX, event.clientY, move.strip.element);
  if (!strip) return;
  const days = dayAt(strip, event.clientX) - held.day;
  move.due = held.isEnd ? Math.max(move.wasStarts, move.wasDue + days) : move.wasDue + days;
  move.starts = held.isEnd ? move.wasStarts : move.wasStarts + days;
  show(move);
}

let justMoved = false;

function onUp() {
  if (held && move) {
    justMoved = true; // the click that follows opens nothing
    setTimeout(() => (justMoved = false));
    send();
  }
  held = null;
}

/* --- by keyboard ---------------------------------------------------------------------------------------------- */

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

function onKey(event) {
  if (dialog.open || event.ctrlKey || event.altKey || event.metaKey) return;
  const bar = event.target.closest?.("[data-move]");
  if (event.key === "Escape" && move) {
    event.preventDefault();
    giveUp();
    said.textContent = dialog.dataset.givenUp;
    return;
  }
  if (!bar) return;
  if (event.key === "Enter" && move?.bar === bar) {
    event.preventDefault();
    send();
    return;
  }
  const step = STEPS[event.key];
  if (!step || (Math.abs(step) === 7 && bar.closest(".gantt"))) return;
  event.preventDefault();
  if (move?.bar !== bar) {
    giveUp();
    move = begin(bar);
  }
  if (event.shiftKey) move.due = Math.max(move.starts, move.due + step);
  else {
    move.starts += step;
    move.due += step;
  }
  show(move);
}

if (dialog) {
  for (const bar of document.querySelectorAll("[data-move]")) bar.classList.add("ready");
  document.addEventListener("pointerdown", onDown);
  document.addEventListener("pointermove", onMove);
  document.addEventListener("pointerup", onUp);
  document.addEventListener("pointercancel", () => {
    held = null;
    giveUp();
  });
  document.addEventListener("dragstart", (event) => event.target.closest?.("[data-move]") && event.preventDefault());
  document.addEventListener("click", (event) => justMoved && event.preventDefault(), true);
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusout", (event) => {
    if (move && !held && event.target === move.bar && !dialog.open) giveUp();
  });
  dialog.addEventListener("close", giveUp);
}
