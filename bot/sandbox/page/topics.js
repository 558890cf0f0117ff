// The topics of a forum group as tabs: all together, the general one, and each by its name.

import { hidden, make } from "./dom.js";

const ALL = null;
const GENERAL = 0;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

// The topic a message belongs to; messages of the general one carry no number.
export function topicOf(message) {
  return message.is_topic_message || message.forum_topic_created
    ? (message.message_thread_id ?? message.message_id)
    : GENERAL;
}

export class Topics {
  constructor(phone) {
    this.phone = phone;
    this.chosen = ALL;
    this.unread = new Map();
    this.element = make("div", {
      class: "topics",
      role: "tablist",
      onkeydown: (event) => this.walk(event),
    });
  }

  get isForum() {
    return Boolean(this.phone.chat?.is_forum);
  }

  get known() {
    return this.phone.chat?.topics ?? [];
  }

  nameOf(id) {
    return this.known.find((one) => one.message_thread_id === id)?.name ?? String(id);
  }

  isClosed() {
    return this.known.some((one) => one.message_thread_id === this.chosen && one.closed);
  }

  shows(message) {
    return !this.isForum || this.chosen === ALL || topicOf(message) === this.chosen;
  }

  // What a person's act carries so that it happens in the topic in view.
  get place() {
    return this.isForum && this.chosen ? { thread: this.chosen } : {};
  }

  draw() {
    this.element.hidden = !this.isForum;
    const panel = this.phone.log.element;
    if (!this.isForum) return panel.removeAttribute("role");
    const { words } = this.phone;
    const rows = [
      { id: ALL, name: words.all },
      { id: GENERAL, name: words.general },
      ...this.known.map((one) => ({ id: one.message_thread_id, name: one.name, ...one })),
    ];
    if (!rows.some(({ id }) => id === this.chosen)) this.chosen = ALL;
    const focused = this.element.contains(document.activeElement);
    this.element.setAttribute("aria-label", words.topic);
    this.element.replaceChildren(...rows.map((row) => this.tab(row)));
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", this.tabId(this.chosen));
    if (focused) this.selected.focus();
    return undefined;
  }

  tabId(id) {
    return `tab-${this.phone.key}-${id ?? "all"}`;
  }

  get selected() {
    return this.element.querySelector('[aria-selected="true"]');
  }

  tab({ id, name, closed }) {
    const { words } = this.phone;
    const isChosen = id === this.chosen;
    const count = this.unread.get(id);
    return make(
      "button",
      {
        type: "button",
        role: "tab",
        id: this.tabId(id),
        class: "topic-tab",
        "aria-selected": String(isChosen),
        tabindex: isChosen ? 0 : -1,
        onclick: () => this.choose(id),
      },
      make("bdi", { class: closed ? "topic-closed" : "" }, name),
      closed && hidden(` · ${words.topicClosed}`),
      count && make("span", { class: "badge" }, String(count), hidden(` ${words.unread}`)),
    );
  }

  // What is said out of view is counted on its tab.
  notice(message) {
    const id = topicOf(message);
    this.unread.set(id, (this.unread.get(id) ?? 0) + 1);
    this.draw();
  }

  choose(id) {
    this.chosen = id;
    this.unread.delete(id);
    if (id === ALL) this.unread.clear();
    this.draw();
    this.phone.log.renew();
    this.phone.composer.draw();
  }

  walk(event) {
    if (!(event.key in STEPS)) return;
    event.preventDefault();
    const tabs = [...this.element.children];
    const turn = getComputedStyle(this.element).direction === "rtl" ? -1 : 1;
    const isArrow = event.key.startsWith("Arrow");
    const at = tabs.indexOf(this.selected) + STEPS[event.key] * (isArrow ? turn : 1);
    tabs[Math.max(0, Math.min(tabs.length - 1, at))].click();
    this.selected.focus();
  }
}
