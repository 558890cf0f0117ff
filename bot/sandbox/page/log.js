// The messages of one chat on one phone: in order, changed in place, with days and an unread mark.

import { albumFor, redressAlbum } from "./album.js";
import { icon, make } from "./dom.js";
import { drawMessage } from "./message.js";
import { day } from "./time.js";
import { focusInside, restoreFocus, walkMessages } from "./walk.js";

const NEAR_THE_END = 60;
const PAGE_OF_MESSAGES = 60;
const MOST_DRAWN = 200;

export class Log {
  constructor(phone) {
    this.phone = phone;
    this.unread = 0;
    this.firstUnread = null;
    this.isDrawn = false;
    this.depth = PAGE_OF_MESSAGES;
    // What is new is told by the announcer: a log that is drawn anew would be read out as a whole.
    this.list = make("div", {
      class: "log",
      role: "log",
      "aria-live": "off",
      tabindex: 0,
      onscroll: () => this.scrolled(),
      onkeydown: (event) => walkMessages(event, this.list),
    });
    this.down = make(
      "button",
      { type: "button", class: "to-end", hidden: true, onclick: () => this.end("smooth") },
      icon("down"),
    );
    this.element = make("div", { class: "log-frame" }, this.list, this.down);
    // A picture that has come makes the log longer (such an event does not bubble).
    this.list.addEventListener("load", () => this.follows && this.end(), { capture: true });
    this.follows = true;
    new ResizeObserver(() => this.resized()).observe(this.list);
  }

  name() {
    const { words, title } = this.phone;
    this.list.setAttribute("aria-label", `${words.chat}: ${title}`);
    this.down.setAttribute("aria-label", words.latest);
  }

  // To be drawn anew: at once if somebody can see it, or else when it comes into view.
  renew() {
    this.depth = PAGE_OF_MESSAGES;
    this.isDrawn = false;
    if (this.phone.isNear) this.draw();
  }

  wake() {
    if (!this.isDrawn) this.draw();
  }

  draw() {
    this.isDrawn = true;
    this.name();
    const all = this.phone.shownMessages();
    const shown = all.slice(-this.depth);
    this.list.replaceChildren(...this.beginning(all.length, shown.length));
    this.lastDay = null;
    for (const message of shown) this.append(message);
    this.end();
  }

  beginning(all, shown) {
    if (!all) return [this.phone.welcome()];
    if (all === shown) return [];
    const more = make(
      "button",
      { type: "button", class: "earlier", onclick: () => this.showEarlier() },
      this.phone.words.earlier,
    );
    return [more];
  }

  showEarlier() {
    const fromEnd = this.list.scrollHeight - this.list.scrollTop;
    this.depth += PAGE_OF_MESSAGES;
    this.draw();
    this.list.scrollTop = this.list.scrollHeight - fromEnd;
    (this.list.querySelector(".earlier") ?? this.list).focus({ preventScroll: true });
  }

  find(id) {
    return this.list.querySelector(`[data-id="${Number(id)}"]`);
  }

  lastMessage() {
    return [...this.list.querySelectorAll("article")].pop();
  }

  append(message) {
    this.list.querySelector(".welcome")?.remove();
    this.beginDay(message);
    if (message.message_id === this.firstUnread) this.drawMark();
    const element = drawMessage(message, this.phone);
    const album = message.media_group_id && albumFor(message, this.list, this.phone);
    (album ? album.querySelector(".album-parts") : this.list).append(element);
    if (album) redressAlbum(album, this.phone);
    return element;
  }

  beginDay(message) {
    const today = day(message.date, this.phone.language);
    if (today === this.lastDay) return;
    this.list.append(make("div", { class: "service day" }, today));
    this.lastDay = today;
  }

  add(message) {
    if (this.isDrawn && this.find(message.message_id)) return this.change(message);
    const mine = message.from?.id === this.phone.person.id;
    if (mine) this.forgetMark();
    else if (!this.phone.isAttended()) this.countUnread(message);
    if (!this.isDrawn) return undefined;
    this.append(message).classList.add("fresh");
    if (this.follows || mine) this.end();
    this.trim();
    this.showWay();
    return undefined;
  }

  // A long talk stays quick: what was said long ago is a press away.
  trim() {
    const isRead = this.follows && !this.list.contains(document.activeElement);
    if (isRead && this.list.children.length > MOST_DRAWN) this.renew();
  }

  change(message) {
    const old = this.find(message.message_id);
    if (!old) return;
    const changed = drawMessage(message, this.phone);
    changed.classList.add("changed");
    const focused = focusInside(old);
    old.replaceWith(changed);
    this.redress(changed);
    if (focused) restoreFocus(changed, focused);
    if (this.follows) this.end();
  }

  remove(ids) {
    for (const id of ids) {
      const element = this.find(id);
      const album = element?.closest(".album");
      if (element?.contains(document.activeElement)) this.list.focus({ preventScroll: true });
      element?.remove();
      if (album) redressAlbum(album, this.phone);
    }
  }

  redress(element) {
    const album = element.closest(".album");
    if (album) redressAlbum(album, this.phone);
  }

  countUnread(message) {
    if (this.unread === 0) {
      this.forgetMark();
      this.firstUnread = message.message_id;
    }
    this.unread += 1;
    this.phone.tellUnread();
  }

  drawMark() {
    this.list.append(make("div", { class: "service unread-mark" }, this.phone.words.unread));
  }

  forgetMark() {
    this.firstUnread = null;
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
    if (this.phone.isNear) this.list.scrollTo({ top: this.list.scrollHeight, behavior });
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

  // Shows a message however long ago it was said.
  goTo(id) {
    const position = this.phone.shownMessages().findIndex((one) => one.message_id === id);
    if (position < 0) return;
    if (!this.find(id)) {
      this.depth = this.phone.shownMessages().length - position + PAGE_OF_MESSAGES;
      this.draw();
    }
    const element = this.find(id);
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.remove("changed");
    requestAnimationFrame(() => element.classList.add("changed"));
  }
}
