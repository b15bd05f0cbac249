/* Ctrl+K, or / outside of a field, goes to the search field. In a form table the arrows and Enter go to the next own cell. */

function toSearch(event) {
  const isCtrlK = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isCtrlK && !(isSlash && !event.target.closest?.("input, select, textarea, [contenteditable]"))) return;
  const field = document.querySelector("[data-find]");
  if (!field) return;
  if (!field.offsetParent) {
    event.preventDefault();
    window.location.assign(field.form.action);
    return;
  }
  event.preventDefault();
  field.focus();
  field.select();
}

const STEP = { ArrowDown: 1, Enter: 1, ArrowUp: -1 };

function toNextCell(event) {
  const step = STEP[event.key];
  const cell = event.target.closest?.(".form-table .cell input");
  if (!step || !cell || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  const cells = [...cell.closest("table").querySelectorAll(".cell input:not([readonly])")];
  const next = cells[cells.indexOf(cell) + step];
  event.preventDefault();
  if (next) {
    next.focus();
    next.select();
  }
}

export function startKeys() {
  document.addEventListener("keydown", toSearch);
  document.addEventListener("keydown", toNextCell);
}
