/* When the server refuses or does not answer, the page says so where it is read: at its head, and not in a toast. */

function show(kind) {
  const words = document.getElementById(kind);
  const main = document.querySelector("main");
  if (!words || !main) return;
  main.querySelector(":scope > .trouble")?.remove();
  main.prepend(words.content.cloneNode(true));
  main.firstElementChild.scrollIntoView({ block: "nearest" });
}

export function startTrouble() {
  // htmx tells of statuses from 400 on; those it still puts into the page (a form with its errors) speak for themselves.
  document.addEventListener("htmx:response:error", (event) => {
    const { status } = event.detail.ctx.response;
    if (status === 403 || status === 404) show("trouble-refused");
    else if (status >= 500) show("trouble-unanswered");
  });
  document.addEventListener("htmx:error", () => show("trouble-unanswered"));
  document.addEventListener("htmx:after:swap", () => document.querySelector("main > .trouble")?.remove());
}
