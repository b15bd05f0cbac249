/* Dropping files, following how they are read, and seeing a figure's place in the text. Works without: the form sends
   the files itself and the page waits. */

const POLL_MS = 700;

function startDropping(form) {
  const input = form.querySelector('input[type="file"]');

  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => form.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}

/* XMLHttpRequest tells how much was sent, which a weak line makes worth knowing. */
function send(form) {
  const button = form.querySelector("button");
  const request = new XMLHttpRequest();
  const data = new FormData(form);
  let polling = 0;
  button.disabled = true;
  button.setAttribute("aria-busy", "true");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) form.style.setProperty("--sent", `${Math.round((100 * event.loaded) / event.total)}%`);
  });
  request.upload.addEventListener("load", () => {
    polling = window.setInterval(() => showProgress(form.dataset.progress), POLL_MS);
  });
  request.addEventListener("loadend", () => {
    window.clearInterval(polling);
    button.disabled = false;
    button.removeAttribute("aria-busy");
    answered(request);
  });
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(data);
}

function answered(request) {
  let answer = {};
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    answer = {};
  }
  if (answer.goes_to) {
    window.location.assign(answer.goes_to);
    return;
  }
  const strip = document.getElementById("not-received");
  const words = strip.querySelector("[data-problem]");
  words.textContent = answer.problem || strip.dataset.unanswered;
  strip.hidden = false;
  strip.scrollIntoView({ block: "nearest" });
}

async function showProgress(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const place = document.getElementById("progress");
  if (place) place.innerHTML = await answer.text();
}

/* A row that is pointed at or typed in shows its place in the text, and the other way round. */
function startMarks(bench) {
  const show = (row) => {
    for (const shown of bench.querySelectorAll(".asked")) shown.classList.remove("asked");
    const mark = row && document.getElementById(row.dataset.mark);
    if (!mark) return;
    row.classList.add("asked");
    mark.classList.add("asked");
    const pane = mark.closest(".kept-text");
    const above = mark.offsetTop - pane.offsetTop;
    if (pane.scrollHeight > pane.clientHeight) pane.scrollTo({ top: above - pane.clientHeight / 3 });
  };
  bench.addEventListener("focusin", (event) => show(event.target.closest(".found-cell")));
  bench.addEventListener("pointerover", (event) => {
    const row = event.target.closest(".found-cell");
    if (row) show(row);
  });
}

for (const form of document.querySelectorAll("form[data-drop]")) startDropping(form);
for (const bench of document.querySelectorAll(".intake-bench")) startMarks(bench);
