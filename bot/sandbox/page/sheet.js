// A small form over the page: asks, says what is wrong, and goes.

import { make } from "./dom.js";
import { PAGE } from "./words.js";

export function labelled(words, field) {
  return make("label", { class: "labelled" }, make("span", {}, words), field);
}

export function wordField(name, attributes = {}) {
  return make("input", { name, dir: "auto", autocomplete: "off", ...attributes });
}

export function askSheet(title, fields, then, done = PAGE.add) {
  const fault = make("p", { class: "fault", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await then(new FormData(event.target));
      dialog.close();
    } catch (error) {
      fault.textContent = error.message;
    }
  };
  const dialog = make(
    "dialog",
    { class: "sheet", "aria-label": title, onclose: () => dialog.remove() },
    make(
      "form",
      { onsubmit: submit },
      make("h2", {}, title),
      fields,
      fault,
      make(
        "div",
        { class: "sheet-buttons" },
        make("button", { type: "button", onclick: () => dialog.close() }, PAGE.cancel),
        make("button", { class: "main-button" }, done),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
