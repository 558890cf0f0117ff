// The two kinds of keyboard: buttons under a message, and buttons in place of the letters.

import { hidden, icon, make, outLink } from "./dom.js";
import { startPayload } from "./text.js";
import { PAGE } from "./words.js";

// Rows run from left to right in every language: Telegram knows no other keyboard.
function rows(keyboard, drawButton) {
  return keyboard.map((row) => make("div", { class: "row" }, row.map(drawButton)));
}

export function inlineKeyboard(message, phone) {
  const keyboard = message.reply_markup?.inline_keyboard;
  if (!keyboard?.length) return null;
  return make(
    "div",
    { class: "inline-keyboard", role: "group", "aria-label": phone.words.buttons, dir: "ltr" },
    rows(keyboard, (button) => inlineButton(button, message, phone)),
  );
}

function inlineButton(button, message, phone) {
  const label = make("span", { dir: "auto" }, button.text);
  const style = button.style ? ` ${button.style}` : "";
  if (button.callback_data !== undefined) return pressed(button, message, phone, label, style);
  if (button.url !== undefined) return opening(button.url, phone, label, style);
  if (button.copy_text) return doing(label, style, () => phone.copy(button.copy_text.text), "copy");
  if (button.switch_inline_query_current_chat !== undefined) {
    const text = `@${phone.botName} ${button.switch_inline_query_current_chat}`;
    return doing(label, style, () => phone.write(text));
  }
  return make(
    "button",
    { type: "button", class: "inline-button", disabled: true, title: PAGE.notHere },
    label,
  );
}

function doing(label, style, onclick, sign) {
  return make(
    "button",
    { type: "button", class: `inline-button${style}`, onclick },
    label,
    sign && icon(sign),
  );
}

function opening(url, phone, label, style) {
  const payload = startPayload(url, phone.botName);
  if (payload !== null) return doing(label, style, () => phone.start(payload), "leave");
  return outLink(url, { class: `inline-button${style}`, title: url }, label, icon("leave"));
}

function pressed(button, message, phone, label, style) {
  const key = `${message.message_id} ${button.callback_data}`;
  const waiting = phone.presses.isWaiting(key);
  return make(
    "button",
    {
      type: "button",
      class: `inline-button${style}`,
      "data-key": key,
      "aria-busy": waiting,
      "aria-disabled": waiting,
      onclick: () => phone.presses.press(message, button.callback_data),
    },
    label,
    waiting && hidden(phone.words.waiting),
  );
}

// Shows or ends the waiting of the button with this key, without drawing its message again.
export function markWaiting(root, key, waiting, phone) {
  for (const button of root.querySelectorAll("[data-key]")) {
    if (button.dataset.key !== key) continue;
    button.querySelector(".visually-hidden")?.remove();
    for (const name of ["aria-busy", "aria-disabled"]) {
      if (waiting) button.setAttribute(name, "true");
      else button.removeAttribute(name);
    }
    if (waiting) button.append(hidden(phone.words.waiting));
  }
}

// The reply keyboard that stands now: the last one sent and not taken away.
export function standingKeyboard(messages) {
  for (const { reply_markup: markup, message_id: id } of [...messages].reverse()) {
    if (markup?.remove_keyboard) return null;
    if (markup?.keyboard) return { ...markup, id };
  }
  return null;
}

export function replyKeyboard(markup, phone) {
  return make(
    "div",
    { class: "reply-keyboard", role: "group", "aria-label": phone.words.keyboard, dir: "ltr" },
    rows(markup.keyboard, (given) =>
      replyButton(typeof given === "string" ? { text: given } : given, phone),
    ),
  );
}

function replyButton(button, phone) {
  const asks = Object.keys(button).find((key) => key.startsWith("request_") || key === "web_app");
  const offered = !asks || asks === "request_contact";
  return make(
    "button",
    {
      type: "button",
      disabled: !offered,
      title: offered ? null : PAGE.notHere,
      onclick: () => (asks ? phone.shareContact() : phone.typeFromKeyboard(button.text)),
    },
    make("span", { dir: "auto" }, button.text),
  );
}
