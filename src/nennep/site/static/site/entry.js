/* Writing a report: saves by itself, redraws what the checks say, keeps what a broken line could not send.
   Without scripts the same form is saved and handed in with its buttons. */

const QUIET_MS = 1500;
const RETRY_MS = [3000, 6000, 12000, 30000];
const SHUT_OUT = [401, 403, 404];

const form = document.querySelector("[data-autosave]");

/* --- sending and keeping --------------------------------------------------------------------------- */

let changedAt = 0; // counts changes; what was sent remembers its count
let savedUpTo = 0;
let sending = null;
let unsent = null; // a body that the line swallowed: it is sent again as it was, so that nothing clashes with itself
let tries = 0;
let timer = 0;
let stopped = false;

function show(id, shown, text) {
  const element = document.getElementById(id);
  element.hidden = !shown;
  if (text !== undefined) element.querySelector("span").textContent = text;
}

function noteChange() {
  changedAt += 1;
  clearTimeout(timer);
  timer = setTimeout(save, QUIET_MS);
}

function isDirty() {
  return changedAt > savedUpTo || unsent !== null;
}

async function save() {
  clearTimeout(timer);
  if (stopped || sending || !isDirty()) return sending;
  const upTo = unsent ? unsent.upTo : changedAt;
  const body = unsent ? unsent.body : new FormData(form);
  sending = send(body, upTo);
  await sending;
  sending = null;
  if (!stopped && isDirty()) timer = setTimeout(save, unsent ? RETRY_MS[Math.min(tries, RETRY_MS.length) - 1] : 0);
}

async function send(body, upTo) {
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    unsent = { body, upTo };
    tries += 1;
    show("offline", true);
    return;
  }
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (answer.status >= 502 && answer.status <= 504) {
    unsent = { body, upTo };
    tries += 1;
    show("offline", true);
    return;
  }
  unsent = null;
  tries = 0;
  show("offline", false);
  if (answer.ok && isJson) {
    savedUpTo = upTo;
    redraw(await answer.json());
  } else if (answer.status === 409 && isJson) {
    clash(await answer.json());
  } else if (SHUT_OUT.includes(answer.status) || answer.redirected) {
    stopped = true;
    show("shut-out", true);
  } else {
    savedUpTo = upTo; // sending the same again would be refused again; the next change tries anew
    const told = isJson ? await answer.json() : {};
    show("refused", true, told.problem || `${answer.status}`);
  }
}

function clash(told) {
  stopped = true;
  const place = document.getElementById("clash");
  place.innerHTML = told.clash;
  form.inert = true;
  for (const button of document.querySelectorAll('button[form="draft"]')) button.disabled = true;
  savedUpTo = changedAt;
  place.scrollIntoView({ block: "start" });
  place.querySelector("button")?.focus();
}

/* --- drawing what the server says ------------------------------------------------------------------- */

const LOOKS = ["returned", "error", "warning", "expected"];

function typedWords() {
  return new Map([...form.querySelectorAll('input[name^="word."]')].map((input) => [input.name, input.value]));
}

function redraw(told) {
  form.elements.revision.value = told.revision;
  show("refused", false);
  const words = typedWords();
  const focused = document.activeElement?.name;
  const caret = document.activeElement?.selectionStart;
  for (const place of form.querySelectorAll("[data-notes]")) drawPlace(place, told.places[place.dataset.notes]);
  for (const [name, value] of words) {
    const input = form.elements[name];
    if (input && input.value !== value) input.value = value;
  }
  for (const [code, html] of Object.entries(told.computed)) {
    const output = form.querySelector(`[data-computed="${CSS.escape(code)}"]`);
    if (output) output.innerHTML = html;
  }
  document.getElementById("remaining").innerHTML = told.remaining;
  document.getElementById("saved").innerHTML = told.saved;
  document.querySelector("[data-chips]").innerHTML = told.chips;
  if (focused?.startsWith("word.") && form.elements[focused]) {
    form.elements[focused].focus();
    form.elements[focused].setSelectionRange?.(caret, caret);
  }
  placeNotes();
}

function drawPlace(place, drawn) {
  const html = drawn ? drawn.notes : "";
  const look = drawn ? drawn.look : "";
  const target = place.matches("tr") ? place.firstElementChild : place;
  if (target.innerHTML.trim() !== html.trim()) target.innerHTML = html;
  if (place.matches("tr")) {
    place.hidden = !html;
    const cell = place.previousElementSibling.querySelector(".cell:not(.computed)");
    if (cell) {
      cell.classList.remove(...LOOKS);
      if (look) cell.classList.add(look);
      const input = cell.querySelector("input");
      input.setAttribute("aria-invalid", look === "error" ? "true" : "false");
      if (html) input.setAttribute("aria-describedby", place.id);
      else input.removeAttribute("aria-describedby");
    }
  } else {
    const statement = place.closest(".statement");
    if (statement) {
      statement.classList.remove(...LOOKS);
      if (look) statement.classList.add(look);
    }
  }
}

/* --- notes in the margin: beside their cells, sliding down where two collide ------------------------- */

const BESIDE_FROM = 860;
const GAP = 10;

function placeNotes() {
  for (const area of document.querySelectorAll("[data-margin]")) {
    const beside = area.clientWidth >= BESIDE_FROM;
    area.classList.toggle("in-margin", beside);
    area.querySelector(".entry-lines")?.remove();
    area.parentElement.style.minHeight = "";
    if (beside) slide(area);
  }
}

function slide(area) {
  const top = area.getBoundingClientRect().top;
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lines.setAttribute("class", "entry-lines");
  lines.setAttribute("aria-hidden", "true");
  let free = 0;
  for (const note of area.querySelectorAll(".note-row:not([hidden])")) {
    const row = note.previousElementSibling.getBoundingClientRect();
    const wished = row.top - top;
    const placed = Math.max(wished, free);
    note.style.top = `${placed}px`;
    free = placed + note.offsetHeight + GAP;
    const from = wished + row.height / 2;
    const to = placed + 14;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
    line.setAttribute("points", Math.abs(from - to) < 12 ? `0,${from} 16,${from}` : `0,${from} 8,${from} 8,${to} 16,${to}`);
    line.setAttribute("class", note.querySelector(".note-in-margin").classList[1] || "");
    lines.append(line);
  }
  area.append(lines);
  // the margin may reach down beside the words, but not past the page
  area.parentElement.style.minHeight = `${free}px`;
}

/* --- cells: sums of parts, readings to choose, blocks from a workbook --------------------------------- */

function cellInput(code) {
  return form.elements[`cell.${code}`];
}

/* Only what reads one way for sure; the server asks about the rest. */
function plainNumber(text) {
  const tidy = text.trim();
  return /^\d{1,15}$/.test(tidy) ? Number(tidy) : null;
}

function sumParts() {
  for (const whole of form.querySelectorAll("[data-sum-of]")) {
    const parts = whole.dataset.sumOf.split(" ").map(cellInput);
    const figures = parts.map((part) => (part ? plainNumber(part.value) : null));
    const isOurs = whole.dataset.summed !== undefined && whole.value === whole.dataset.summed;
    if (figures.includes(null) || (whole.value.trim() && !isOurs)) {
      if (!isOurs || figures.includes(null)) markSummed(whole, null);
      continue;
    }
    const total = String(figures.reduce((sum, figure) => sum + figure, 0));
    whole.value = total;
    markSummed(whole, total);
  }
}

function markSummed(whole, total) {
  const word = whole.closest(".cell").querySelector("[data-summed]");
  if (total === null) delete whole.dataset.summed;
  else whole.dataset.summed = total;
  if (word) word.hidden = total === null;
}

function take(button) {
  const input = cellInput(button.dataset.takes);
  input.value = button.dataset.figure;
  input.focus();
  noteChange();
  save();
}

function column(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  const rows = lines.map((line) => line.split("\t"));
  if (rows.length === 1) return rows[0];
  const hasFigure = (value) => /\d/.test(value ?? "");
  const width = Math.max(...rows.map((row) => row.length));
  const figures = [...Array(width).keys()].map((place) => rows.filter((row) => hasFigure(row[place])).length);
  const best = figures.indexOf(Math.max(...figures));
  return rows.map((row) => row[best] ?? "");
}

function pasteBlock(event) {
  const input = event.target.closest(".form-table .own input");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!input || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
  event.preventDefault();
  const cells = [...form.querySelectorAll(".form-table .own input")];
  const first = cells.indexOf(input);
  const filled = [];
  column(text).forEach((value, offset) => {
    const cell = cells[first + offset];
    if (!cell || !value.trim()) return;
    filled.push([cell, cell.value]);
    cell.value = value.trim();
    cell.closest("td").classList.add("just-changed");
    setTimeout(() => cell.closest("td").classList.remove("just-changed"), 4000);
  });
  if (!filled.length) return;
  tellFilled(filled);
  sumParts();
  noteChange();
}

function nameOf(cell) {
  const row = cell.closest("tr");
  return row.querySelector(".order").textContent.trim() || row.querySelector(".what").textContent.trim();
}

function tellFilled(filled) {
  const toast = document.getElementById("filled-toast").content.cloneNode(true).firstElementChild;
  const said = toast.querySelector("[data-said]");
  said.textContent = said.dataset.said
    .replace("{count}", filled.length)
    .replace("{first}", nameOf(filled[0][0]))
    .replace("{last}", nameOf(filled[filled.length - 1][0]));
  toast.querySelector("[data-undo]").addEventListener("click", () => {
    for (const [cell, before] of filled) cell.value = before;
    sumParts();
    noteChange();
    toast.remove();
  });
  document.getElementById("toasts").append(toast);
}

/* --- points in words ------------------------------------------------------------------------------------ */

function freshId() {
  return [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function rename(line, id) {
  const old = line.dataset.statement;
  line.dataset.statement = id;
  line.id = `statement-${id}`;
  line.querySelector('input[name="statement"]').value = id;
  for (const field of line.querySelectorAll("[name]")) field.name = field.name.replace(`.${old}`, `.${id}`);
  for (const notes of line.querySelectorAll("[data-notes]")) notes.dataset.notes = `statement:${id}`;
}

/* The empty line at the end becomes a point as soon as something is written in it, and a new empty line follows. */
function growLines(textarea) {
  const line = textarea.closest(".statement");
  if (!line.dataset.statement.startsWith("new-") || !textarea.value) return;
  const next = line.cloneNode(true);
  next.querySelector("textarea").value = "";
  rename(line, freshId());
  textarea.removeAttribute("placeholder");
  line.querySelector(".moves").hidden = false;
  line.after(next);
}

function splitLines(event) {
  const textarea = event.target.closest(".statement textarea");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  const points = text.split(/\r?\n/).map((point) => point.trim()).filter(Boolean);
  if (!textarea || textarea.value.trim() || points.length < 2) return;
  event.preventDefault();
  const section = textarea.closest("[data-section]");
  const kind = textarea.closest(".statement").querySelector("select")?.value;
  for (const point of points) {
    const blank = section.lastElementChild;
    const field = blank.querySelector("textarea");
    if (kind) blank.querySelector("select").value = kind;
    field.value = point.replace(/^[-+•–]\s*/, "");
    growLines(field);
  }
  noteChange();
}

function move(button) {
  const line = button.closest(".statement");
  const isBlank = (other) => other?.dataset.statement.startsWith("new-");
  const before = line.previousElementSibling;
  const after = line.nextElementSibling;
  if (button.dataset.moves === "remove") {
    (after ?? before)?.querySelector("textarea")?.focus();
    line.remove();
  } else if (button.dataset.moves === "up" && before) {
    before.before(line);
    button.focus();
  } else if (button.dataset.moves === "down" && after && !isBlank(after)) {
    after.after(line);
    button.focus();
  }
  noteChange();
}

/* --- starting --------------------------------------------------------------------------------------------- */

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.form !== form) return;
  if (button.dataset.takes) {
    event.preventDefault();
    take(button);
  } else if (button.dataset.moves) {
    event.preventDefault();
    move(button);
  }
}

/* Handing in waits for what is being saved, so that it never clashes with itself. */
async function onSubmit(event) {
  clearTimeout(timer);
  if (sending) {
    event.preventDefault();
    await sending;
    if (!stopped) form.requestSubmit(event.submitter);
    return;
  }
  savedUpTo = changedAt;
  unsent = null;
  stopped = true;
}

function onInput(event) {
  if (event.target.matches(".statement textarea")) growLines(event.target);
  if (event.target.matches(".own input")) sumParts();
  noteChange();
}

function start() {
  form.addEventListener("input", onInput);
  form.addEventListener("change", () => save());
  form.addEventListener("focusout", () => save());
  form.addEventListener("paste", pasteBlock);
  form.addEventListener("paste", splitLines);
  form.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  window.addEventListener("online", () => save());
  window.addEventListener("resize", placeNotes);
  window.addEventListener("pagehide", () => clearTimeout(timer));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && !stopped) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  placeNotes();
  document.fonts?.ready.then(placeNotes);
  document.getElementById("problem")?.scrollIntoView({ block: "nearest" });
}

if (form) start();
