/* The drawer beside the page. Whatever is put into #drawer opens it; its close button or Escape empties it. */

export function startDrawer() {
  const drawer = document.getElementById("drawer");
  if (!drawer) return;
  let askedFrom = null;

  function isOpen() {
    return drawer.childElementCount > 0;
  }

  function close() {
    drawer.replaceChildren();
    for (const asked of document.querySelectorAll(".askable.asked")) asked.classList.remove("asked");
    askedFrom?.focus();
    askedFrom = null;
  }

  new MutationObserver(() => {
    document.body.classList.toggle("has-drawer", isOpen());
    if (isOpen()) drawer.querySelector("[data-drawer-close]")?.removeAttribute("hidden");
  }).observe(drawer, { childList: true });
  document.body.classList.toggle("has-drawer", isOpen());

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-drawer-close]")) {
      event.preventDefault();
      close();
      return;
    }
    const asked = event.target.closest('[hx-target="#drawer"]');
    if (!asked || drawer.contains(asked)) return;
    askedFrom = asked;
    for (const other of document.querySelectorAll(".askable.asked")) other.classList.remove("asked");
    if (asked.classList.contains("askable")) asked.classList.add("asked");
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen() && !document.querySelector("dialog[open]")) close();
  });
}
