// The messages of one chat on one phone: in order, changed in place, with days and an unread mark.

import { icon, make } from "./dom.js";
import { drawMessage } from "./message.js";
import { day } from "./time.js";

const NEAR_THE_END = 60;

export class Log {
  constructor(phone) {
    this.phone = phone;
    this.unread = 0;
    this.list = make("div", {
      class: "log",
      role: "log",
      "aria-live": "polite",
      tabindex: 0,
      onscroll: () => this.scrolled(),
      onkeydown: (event) => this.walk(event),
    });
    this.down = make(
      "button",
      { type: "button", class: "to-end", hidden: true, onclick: () => this.end("smooth") },
      icon("down"),
    );
    this.element = make("div", { class: "log-frame" }, this.list, this.down);
    this.follows = true;
    new ResizeObserver(() => this.resized()).observe(this.list);
  }

  name() {
    const { words, title } = this.phone;
    this.list.setAttribute("aria-label", `${words.chat}: ${title}`);
    this.down.setAttribute("aria-label", words.latest);
  }

  // Draws everything anew, after a (re)connection or for another reader.
  fill(messages) {
    this.name();
    this.read();
    this.list.replaceChildren(messages.length ? "" : this.phone.welcome());
    for (const message of messages) this.append(message);
    this.end();
  }

  find(id) {
    return this.list.querySelector(`[data-id="${Number(id)}"]`);
  }

  append(message) {
    this.list.querySelector(".welcome")?.remove();
    this.beginDay(message);
    const element = drawMessage(message, this.phone);
    this.list.append(element);
    return element;
  }

  beginDay(message) {
    const today = day(message.date, this.phone.language);
    if (today !== this.lastDay || !this.list.querySelector(".day")) {
      this.list.append(make("div", { class: "service day" }, today));
      this.lastDay = today;
    }
  }

  add(message) {
    if (this.find(message.message_id)) return this.change(message);
    const mine = message.from?.id === this.phone.person.id;
    this.beginDay(message);
    if (mine) this.forgetMark();
    else if (!this.phone.isAttended()) this.markUnread();
    this.append(message).classList.add("fresh");
    if (this.follows || mine) this.end();
    this.showWay();
    return undefined;
  }

  change(message) {
    const old = this.find(message.message_id);
    if (!old) return;
    const changed = drawMessage(message, this.phone);
    changed.classList.add("changed");
    const focused = old.contains(document.activeElement) ? focusInside(old) : null;
    old.replaceWith(changed);
    if (focused) restoreFocus(changed, focused);
    if (this.follows) this.end();
  }

  remove(ids) {
    for (const id of ids) {
      const element = this.find(id);
      if (element?.contains(document.activeElement)) this.list.focus({ preventScroll: true });
      element?.remove();
    }
  }

  markUnread() {
    if (this.unread === 0) {
      this.forgetMark();
      this.list.append(make("div", { class: "service unread-mark" }, this.phone.words.unread));
    }
    this.unread += 1;
    this.phone.tellUnread();
  }

  forgetMark() {
    this.list.querySelector(".unread-mark")?.remove();
  }

  read() {
    if (this.unread === 0) return;
    this.unread = 0;
    this.phone.tellUnread();
  }

  isAtEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_THE_END;
  }

  end(behavior = "instant") {
    this.list.scrollTo({ top: this.list.scrollHeight, behavior });
  }

  // A window that changes moves the log as well: that is nobody's wish to read further up.
  scrolled() {
    if (this.size() === this.known) this.follows = this.isAtEnd();
    this.showWay();
  }

  resized() {
    this.known = this.size();
    if (this.follows) this.end();
  }

  size() {
    return `${this.list.clientWidth} ${this.list.clientHeight}`;
  }

  showWay() {
    this.down.hidden = this.isAtEnd();
  }

  goTo(id) {
    const element = this.find(id);
    if (!element) return;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.remove("changed");
    requestAnimationFrame(() => element.classList.add("changed"));
  }

  // Arrow keys walk through the messages; Tab then reaches the buttons of the one in focus.
  walk(event) {
    const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
    const onMessage = event.target === this.list || event.target.matches("article");
    if (!(event.key in steps) || !onMessage) return;
    const all = [...this.list.querySelectorAll("article")];
    if (!all.length) return;
    event.preventDefault();
    const at = event.target === this.list ? all.length : all.indexOf(event.target);
    const next = all[Math.max(0, Math.min(all.length - 1, at + steps[event.key]))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

// Which button of a message has the focus, so that the changed message can give it back.
function focusInside(message) {
  const buttons = [...message.querySelectorAll(".inline-button")];
  return {
    key: document.activeElement.dataset.key,
    index: buttons.indexOf(document.activeElement),
  };
}

function restoreFocus(message, { key, index }) {
  const buttons = [...message.querySelectorAll(".inline-button:not([disabled])")];
  const same = buttons.find((button) => key && button.dataset.key === key);
  const target =
    index < 0 ? message : (same ?? buttons[Math.min(index, buttons.length - 1)] ?? message);
  target.focus({ preventScroll: true });
}
