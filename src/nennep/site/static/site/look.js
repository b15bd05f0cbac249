/* Theme and density: shown at once, and told to the server so that the next page comes in them. */

const DARK_WHEN = {
  auto: "screen and (prefers-color-scheme: dark)",
  dark: "screen",
  light: "not all",
};

function show(name, value) {
  document.documentElement.dataset[name] = value;
  if (name === "theme") document.getElementById("dark").media = DARK_WHEN[value];
  for (const button of document.querySelectorAll(`form[data-look] button[name="${name}"][aria-pressed]`)) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
}

async function choose(event) {
  const form = event.target.closest("form[data-look]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  show(name, value);
  const body = new FormData(form);
  body.set(name, value);
  // The page already looks as chosen; should the server not hear of it, only the next page forgets.
  await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
}

export function startLook() {
  document.addEventListener("submit", choose);
}
