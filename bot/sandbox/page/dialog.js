// A question inside one phone only: the other phones stay usable.

import { make } from "./dom.js";

export function askInside(phone, text, choices) {
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
  const escape = (event) => event.key === "Escape" && close(() => {});
  const box = make(
    "div",
    { class: "shade", onkeydown: escape },
    make(
      "div",
      { class: "alert", role: "alertdialog", "aria-label": text },
      make("p", { dir: "auto" }, text),
      make("div", { class: "alert-buttons" }, buttons),
    ),
  );
  phone.screen.append(box);
  phone.body.inert = true;
  buttons[buttons.length - 1].focus();
}
