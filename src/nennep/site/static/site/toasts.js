/* Toasts say what succeeded. They leave after a while, but never while they are pointed at or hold the focus. */

const STAYS_MS = 8000;

function dismiss(toast) {
  toast.remove();
}

function start(toast) {
  const button = toast.querySelector("[data-dismiss]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => dismiss(toast));
  }
  const leave = () => {
    if (toast.matches(":hover") || toast.contains(document.activeElement)) setTimeout(leave, STAYS_MS);
    else dismiss(toast);
  };
  setTimeout(leave, STAYS_MS);
}

export function startToasts() {
  const toasts = document.getElementById("toasts");
  if (!toasts) return;
  for (const toast of toasts.querySelectorAll(".toast")) start(toast);
  new MutationObserver((records) => {
    for (const record of records) {
      for (const node of record.addedNodes) {
        if (node instanceof HTMLElement && node.classList.contains("toast")) start(node);
      }
    }
  }).observe(toasts, { childList: true });
}
