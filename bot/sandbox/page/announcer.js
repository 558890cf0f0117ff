// Tells a screen reader what came to one phone, politely; what it showed before is not repeated.

import { make } from "./dom.js";
import { isMine, nameOf, snippet } from "./message.js";
import { serviceText } from "./service.js";
import { languageOf } from "./tongue.js";

const KEPT = 3;

export class Announcer {
  constructor(phone) {
    this.phone = phone;
    this.element = make("div", { class: "visually-hidden spoken", "aria-live": "polite" });
  }

  came(message) {
    if (isMine(message, this.phone)) return;
    const { phone } = this;
    const service = serviceText(message, phone, { nameOf, snippet });
    this.say(nameOf(message, phone), service ?? snippet(message, phone));
  }

  // The bot answers a press by changing its message: that is news as well.
  changed(message) {
    const { phone } = this;
    if (isMine(message, phone)) return;
    this.say(`${nameOf(message, phone)}, ${phone.words.edited}`, snippet(message, phone));
  }

  say(who, text) {
    const { language } = this.phone;
    const lang = languageOf(text, language);
    const said = make("span", { lang, dir: "auto" }, text);
    this.element.append(make("p", {}, `${who}: `, said));
    while (this.element.children.length > KEPT) this.element.firstElementChild.remove();
  }
}
