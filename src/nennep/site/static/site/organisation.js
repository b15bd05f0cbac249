/* The slider of days, and the bands between two trees. Without this the page has its date field, its links and its words. */

const DAY_MS = 86_400_000;

/* as the server writes days: 01/07/2025, in English 1 July 2025 */
const written =
  document.documentElement.lang === "vi"
    ? ["vi-VN", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "UTC" }]
    : ["en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }];

function startSlider(form) {
  const slider = form.querySelector("[data-slider]");
  const shown = form.querySelector("[data-slider-day]");
  const first = Date.parse(form.dataset.first);
  const dayAt = (value) => new Date(first + Number(value) * DAY_MS);
  form.querySelector("[data-knob]")?.remove();

  const say = () => {
    const day = dayAt(slider.value);
    // the word "today" stands there already
    shown.hidden = form.dataset.today === day.toISOString().slice(0, 10);
    shown.textContent = day.toLocaleDateString(...written);
    shown.style.left = `${(100 * slider.value) / slider.max}%`;
  };
  slider.addEventListener("input", () => {
    say();
    form.elements.on.value = dayAt(slider.value).toISOString().slice(0, 10);
  });
  slider.addEventListener("change", () => form.requestSubmit());
  say();
}

const isShown = (row) => !row.closest("details:not([open]) > ul");

function tied(compared) {
  const right = new Map();
  for (const row of compared.querySelectorAll('[data-side="right"] [data-unit]')) {
    if (isShown(row)) right.set(row.dataset.unit, row);
  }
  const ties = [];
  for (const row of compared.querySelectorAll('[data-side="left"] [data-into]')) {
    if (!isShown(row)) continue;
    for (const id of row.dataset.into.split(" ")) {
      if (right.has(id)) ties.push([row, right.get(id), row.dataset.band]);
    }
  }
  return ties;
}

function drawBands(compared) {
  const svg = compared.querySelector(".bands");
  const frame = compared.getBoundingClientRect();
  svg.replaceChildren();
  for (const [left, right, band] of tied(compared)) {
    const from = left.getBoundingClientRect();
    const to = right.getBoundingClientRect();
    const x1 = from.right - frame.left;
    const x2 = to.left - frame.left;
    const middle = (x1 + x2) / 2;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    if (band === "merge") {
      const [a, b] = [from.top - frame.top, from.bottom - frame.top];
      const [c, d] = [to.top - frame.top, to.bottom - frame.top];
      path.setAttribute("class", "band");
      path.setAttribute("d", `M${x1} ${a}C${middle} ${a} ${middle} ${c} ${x2} ${c}V${d}C${middle} ${d} ${middle} ${b} ${x1} ${b}Z`);
    } else {
      const y1 = (from.top + from.bottom) / 2 - frame.top;
      const y2 = (to.top + to.bottom) / 2 - frame.top;
      path.setAttribute("class", band === "rename" ? "tie rename" : "tie");
      path.setAttribute("d", `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`);
    }
    svg.append(path);
  }
}

function startBands(compared) {
  const redraw = () => drawBands(compared);
  new ResizeObserver(redraw).observe(compared);
  compared.addEventListener("toggle", redraw, true);
  document.fonts?.ready.then(redraw);
}

document.querySelectorAll("[data-timeline]").forEach(startSlider);
document.querySelectorAll("[data-compared]").forEach(startBands);
