/* Notes in the margin stand beside the cell they speak of, with a line to it. Where two would collide the lower one
   slides down and its line bends. Without scripts, and on a narrow screen, they are a list beside or under the form.

   <div class="form-and-margin"><table>…<label class="cell" id="cell-a1">…</table>
     <div class="margin"><div class="note-in-margin returned" data-for="cell-a1">…</div></div></div> */

const APART_PX = 10;
const REACH_PX = 16;
const SVG = "http://www.w3.org/2000/svg";

function isBeside(place) {
  const margin = place.querySelector(":scope > .margin");
  return margin.getBoundingClientRect().left >= place.firstElementChild.getBoundingClientRect().right;
}

function reset(margin) {
  margin.classList.remove("placed");
  margin.style.height = "";
  margin.querySelector(".margin-lines")?.remove();
  for (const note of margin.querySelectorAll(".note-in-margin")) note.style.top = "";
}

function wishes(margin) {
  const from = margin.getBoundingClientRect().top;
  return [...margin.querySelectorAll(".note-in-margin")]
    .map((note) => {
      const cell = document.getElementById(note.dataset.for ?? "");
      const box = cell?.getBoundingClientRect();
      return { note, cell, middle: box ? box.top + box.height / 2 - from : null };
    })
    .sort((one, other) => (one.middle ?? Infinity) - (other.middle ?? Infinity));
}

function line(wish, top, index) {
  const drawn = document.createElementNS(SVG, "polyline");
  const at = top + Math.min(18, wish.note.offsetHeight / 2);
  const kind = ["returned", "warning", "changed"].find((one) => wish.note.classList.contains(one));
  if (kind) drawn.classList.add(kind);
  const bend = 4 + (index % 3) * 4; // neighbours bend at different places, or their lines would lie on each other
  drawn.setAttribute("points", `0,${wish.middle} ${bend},${wish.middle} ${bend},${at} ${REACH_PX},${at}`);
  return drawn;
}

function place(place) {
  const margin = place.querySelector(":scope > .margin");
  if (!margin) return;
  reset(margin);
  if (!isBeside(place)) return;
  margin.classList.add("placed");
  const lines = document.createElementNS(SVG, "svg");
  lines.classList.add("margin-lines");
  lines.setAttribute("aria-hidden", "true");
  let free = 0;
  for (const [index, wish] of wishes(margin).entries()) {
    const top = Math.max(free, wish.middle === null ? free : wish.middle - 18);
    wish.note.style.top = `${top}px`;
    if (wish.middle !== null) lines.append(line(wish, top, index));
    free = top + wish.note.offsetHeight + APART_PX;
  }
  margin.style.height = `${free}px`;
  margin.append(lines);
}

function placeAll() {
  for (const one of document.querySelectorAll(".form-and-margin")) place(one);
}

export function startMargins() {
  if (!document.querySelector(".form-and-margin")) return;
  let asked = 0;
  const later = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(placeAll);
  };
  placeAll();
  document.fonts?.ready.then(later);
  addEventListener("resize", later);
  // Remarks and warnings come and go while a form is filled in.
  document.addEventListener("htmx:after:swap", later);
}
