/* Writing a document: it saves by itself and redraws outline, warnings and the paper; what a broken line could not send
   is kept and sent again. Without scripts the same form is saved with its button. */

const QUIET_MS = 1500;
const RETRY_MS = [3000, 6000, 12000, 30000];
const SHUT_OUT = [401, 403, 404];

const form = document.querySelector("form[data-autosave]");
const text = form?.elements.typed;

let savedText = text?.value;
let sending = null;
let timer = 0;
let tries = 0;
let stopped = false;

function show(id, shown, words) {
  const element = document.getElementById(id);
  element.hidden = !shown;
  if (words !== undefined) element.querySelector(".what").textContent = words;
}

function isDirty() {
  return text.value !== savedText;
}

function later(wait) {
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

async function save() {
  clearTimeout(timer);
  if (stopped || sending || !isDirty()) return;
  const sent = text.value;
  sending = send(sent, new FormData(form));
  await sending;
  sending = null;
  if (!stopped && tries) later(RETRY_MS[Math.min(tries, RETRY_MS.length) - 1]);
  else if (!stopped && text.value !== sent) later(QUIET_MS);
}

async function send(sent, body) {
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  } catch {
    answer = null;
  }
  if (!answer || (answer.status >= 502 && answer.status <= 504)) {
    tries += 1;
    show("offline", true);
    return;
  }
  tries = 0;
  show("offline", false);
  const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
  if (answer.redirected || SHUT_OUT.includes(answer.status)) {
    stopped = true;
    show("shut-out", true);
    return;
  }
  const told = isJson ? await answer.json() : {};
  if (answer.ok) redraw(told, sent);
  else if (told.clash) clash(told);
  else {
    savedText = sent; // the same again would be refused again; the next change tries anew
    show("refused", true, told.problem || `${answer.status}`);
  }
}

function redraw(told, sent) {
  savedText = sent;
  show("refused", false);
  // the table of clauses is saved with the same revision
  for (const input of document.querySelectorAll('input[name="revision"]')) input.value = told.revision;
  document.getElementById("saved").innerHTML = told.saved;
  document.getElementById("beside").innerHTML = told.beside;
  document.getElementById("preview").innerHTML = told.preview;
}

function clash(told) {
  stopped = true;
  savedText = text.value;
  form.inert = true;
  const place = document.getElementById("clash");
  place.innerHTML = told.clash;
  place.scrollIntoView({ block: "start" });
  place.querySelector("textarea")?.focus();
}

/* Saving with the button waits for what is on its way, so that it never clashes with itself. */
async function onSubmit(event) {
  clearTimeout(timer);
  if (sending) {
    event.preventDefault();
    await sending;
    if (!stopped) form.requestSubmit();
    return;
  }
  stopped = true;
}

if (form) {
  text.addEventListener("input", () => later(QUIET_MS));
  text.addEventListener("blur", save);
  form.addEventListener("submit", onSubmit);
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", (event) => {
    if (isDirty() && !stopped) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
}
