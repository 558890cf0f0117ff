// The bar of pinned messages: the newest first, each press leads to the next one.

import { icon, make } from "./dom.js";
import { snippet } from "./message.js";

export class Pins {
  constructor(phone) {
    this.phone = phone;
    this.at = 0;
    this.known = new Set();
    this.title = make("strong");
    this.text = make("span", { dir: "auto" });
    this.element = make(
      "button",
      { type: "button", class: "pins", hidden: true, onclick: () => this.go() },
      icon("pin"),
      make("span", { class: "banner-words" }, this.title, this.text),
    );
  }

  messages() {
    const ids = [...(this.phone.chat?.pinned ?? [])].sort((a, b) => b - a);
    return ids.map((id) => this.phone.messageWith(id)).filter(Boolean);
  }

  draw() {
    const pinned = this.messages();
    this.tellButtons(pinned);
    this.element.hidden = !pinned.length;
    if (!pinned.length) return;
    this.at %= pinned.length;
    const count = pinned.length > 1 ? ` · ${this.at + 1}/${pinned.length}` : "";
    this.title.textContent = `${this.phone.words.pinnedOne}${count}`;
    this.text.textContent = snippet(pinned[this.at], this.phone);
  }

  // The button of a message that was pinned, or is not any more, says so.
  tellButtons(pinned) {
    const before = this.known;
    this.known = new Set(pinned);
    for (const message of [...before, ...pinned])
      if (before.has(message) !== this.known.has(message)) this.phone.log.change(message);
  }

  go() {
    const pinned = this.messages();
    this.phone.goTo(pinned[this.at % pinned.length]);
    this.at += 1;
    this.draw();
  }
}
