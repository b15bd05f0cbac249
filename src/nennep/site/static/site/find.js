/* The search field of the bar offers the first hits while somebody types: a combobox with a list of links. Without
   this the field is a plain form that leads to the page of hits. */

const PAUSE = 150;

export function startFind() {
  const form = document.querySelector("form.find[data-suggest]");
  if (form) new Suggestions(form);
}

class Suggestions {
  constructor(form) {
    this.form = form;
    this.field = form.querySelector("[data-find]");
    this.list = document.createElement("div");
    this.list.className = "menu suggestions";
    this.list.id = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.field.getAttribute("aria-label"));
    form.append(this.list);
    this.field.setAttribute("role", "combobox");
    this.field.setAttribute("aria-autocomplete", "list");
    this.field.setAttribute("aria-controls", this.list.id);
    this.field.setAttribute("autocomplete", "off");
    this.close();
    this.field.addEventListener("input", () => this.soon());
    this.field.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) this.close();
    });
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    this.asked?.abort();
    const typed = this.field.value;
    if (!typed.trim()) return this.close();
    this.asked = new AbortController();
    try {
      const address = `${this.form.dataset.suggest}?${new URLSearchParams({ q: typed })}`;
      const answer = await fetch(address, { signal: this.asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || answer.redirected) return this.close();
      this.list.innerHTML = await answer.text();
    } catch {
      return this.close();
    }
    if (document.activeElement !== this.field) return this.close();
    this.list.hidden = !this.list.firstElementChild;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.choose(-1);
  }

  close() {
    clearTimeout(this.waiting);
    this.asked?.abort();
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.choose(-1);
  }

  choose(place) {
    const options = this.options;
    this.chosen = options.length ? Math.max(-1, Math.min(place, options.length - 1)) : -1;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.chosen)));
    const option = options[this.chosen];
    if (option) {
      this.field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  key(event) {
    if (event.isComposing || this.list.hidden) return;
    if (event.key === "ArrowDown") this.choose(this.chosen + 1);
    else if (event.key === "ArrowUp") this.choose(this.chosen - 1);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Enter" && this.chosen >= 0) this.options[this.chosen].click();
    else return;
    event.preventDefault();
  }
}
