// A question inside one phone only: the other phones stay usable.

import { make } from "./dom.js";

// `text` is the question, `choices` its answers (Escape takes the first), `content` more to see.
export function askInside(phone, text, choices, content = []) {
  const before = document.activeElement;
  const close = (action) => {
    box.remove();
    phone.body.inert = phone.screen.querySelector(".shade") !== null;
    if (before?.isConnected && phone.element.contains(before)) before.focus();
    else phone.composer.field?.focus();
    action();
  };
  const buttons = choices.map(([label, action]) =>
    make("button", { type: "button", class: "main-button", onclick: () => close(action) }, label),
  );
  const last = buttons[buttons.length - 1];
  const key = (event) => {
    if (event.key === "Escape") close(choices[0][1]);
    if (event.key === "Tab") keepInside(event, box);
    if (event.key === "Enter" && event.target.matches("input")) last.click();
  };
  const box = make(
    "div",
    { class: "shade", onkeydown: key },
    make(
      "div",
      { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text },
      make("p", { dir: "auto" }, text),
      content,
      make("div", { class: "alert-buttons" }, buttons),
    ),
  );
  phone.screen.append(box);
  phone.body.inert = true;
  (box.querySelector("input") ?? last).focus();
}

// Tab goes round inside the question; the rest of the phone is reached after it is answered.
function keepInside(event, box) {
  const all = [...box.querySelectorAll("button, input")];
  const ends = event.shiftKey ? [all[all.length - 1], all[0]] : [all[0], all[all.length - 1]];
  if (document.activeElement !== ends[1]) return;
  event.preventDefault();
  ends[0].focus();
}
