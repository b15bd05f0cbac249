/* Confirmations. A button with data-opens="id" opens <dialog id="id">; [data-closes] closes it.
   Without scripts the same button is a link or a submit that leads to a page which asks. */

export function startDialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.opens);
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    event.target.closest("[data-closes]")?.closest("dialog")?.close();
  });
}
