// Pressed buttons of one phone, waiting until the bot answers.

import { outLink } from "./dom.js";
import { markWaiting } from "./keyboards.js";
import { PAGE } from "./words.js";

const PATIENCE = 30_000; // Telegram refuses an answer to a press after this, in milliseconds.
const KEPT = 50;

// Answers that came before the page was told the id of the press.
const early = new Map();

export function keepAnswer(popup) {
  early.set(String(popup.query), popup);
  if (early.size > KEPT) early.delete(early.keys().next().value);
}

export class Presses {
  constructor(phone) {
    this.phone = phone;
    this.waiting = new Map();
    this.queries = new Map();
  }

  isWaiting(key) {
    return this.waiting.has(key);
  }

  awaits(query) {
    return this.queries.has(query);
  }

  async press(message, data) {
    const key = `${message.message_id} ${data}`;
    if (this.isWaiting(key)) return;
    this.waiting.set(
      key,
      setTimeout(() => this.unanswered(key), PATIENCE),
    );
    markWaiting(this.phone.element, key, true, this.phone);
    const asked = await this.phone.wish("press", { message: message.message_id, data });
    if (!asked) {
      this.settled(key);
      return;
    }
    const query = String(asked.query);
    this.queries.set(query, key);
    if (early.has(query)) this.answered(query, take(query));
  }

  settled(key) {
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    markWaiting(this.phone.element, key, false, this.phone);
  }

  unanswered(key) {
    this.settled(key);
    this.phone.toast(PAGE.unanswered, "error");
  }

  answered(query, popup) {
    this.settled(this.queries.get(query));
    this.queries.delete(query);
    this.show(popup);
  }

  // An answer to a press that did not come from this page.
  showKept(query) {
    if (early.has(query)) this.show(take(query));
  }

  show({ text, show_alert: isAlert, url }) {
    if (url) this.phone.toast(outLink(url, {}, url));
    if (text && isAlert) this.phone.dialog(text, [[this.phone.words.ok, () => {}]]);
    else if (text) this.phone.toast(text);
  }
}

function take(query) {
  const popup = early.get(query);
  early.delete(query);
  return popup;
}
