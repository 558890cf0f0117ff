// The page: the town's phones and groups side by side, kept up to date while things happen.

import { inOrder } from "./arrange.js";
import { Bar } from "./bar.js";
import { Calls } from "./calls.js";
import { Clock } from "./clock.js";
import { make, recall, remember } from "./dom.js";
import { Phone } from "./phone.js";
import { keepAnswer } from "./presses.js";
import { PAGE } from "./words.js";
import { World } from "./world.js";

const PANEL = 328; // The least width of a panel and the gap beside it, in pixels.
const FOR_AN_ANSWER = 1500;

class App {
  constructor() {
    this.world = new World();
    this.phones = new Map();
    this.first = new Set();
    this.chosen = recall("shown", {});
    this.narrow = matchMedia("(max-width: 47.99rem)");
    this.narrow.addEventListener("change", () => this.arrange());
    this.notes = make("div", { class: "notes", role: "status" });
    this.clock = new Clock((words, kind) => this.announce(words, kind));
    this.bar = new Bar(this);
    this.calls = new Calls((chat) => this.world.nameOfChat(chat));
    this.empty = make("div", { class: "empty" }, PAGE.nothing, this.bar.adder());
    this.place = make("main", { class: "phones" }, this.empty);
    this.watcher = new IntersectionObserver((seen) => this.seen(seen), {
      root: this.place,
      rootMargin: "0px 100%",
    });
    this.lost = make("div", { class: "lost", role: "alert", hidden: true });
    document.body.append(this.bar.element, this.lost, this.place, this.calls.element, this.notes);
    this.world.listen((name, data) => this.heard(name, data));
    this.world.start();
  }

  heard(name, data) {
    const chat = data.chat_id;
    switch (name) {
      case "ready":
        return this.draw();
      case "lost":
        return this.tellLost(true);
      case "message":
        return this.each(chat, (phone) => phone.messageCame(data.message));
      case "edited":
        return this.each(chat, (phone) => phone.messageChanged(data.message));
      case "deleted":
        return this.each(chat, (phone) => phone.messagesGone(data.message_ids));
      case "action":
        return this.each(chat, (phone) => phone.acting(data.action ?? "typing"));
      case "popup":
        return this.popup(data);
      case "person":
        return this.personChanged(data.person);
      case "chat":
        return this.chatChanged(data.chat);
      case "clock":
        return this.clock.heard(data);
      case "call":
        return this.calls.add(data);
      case "commands":
        return this.each(null, (phone) => phone.botChanged());
      default:
        return undefined;
    }
  }

  each(chat, action) {
    for (const phone of this.phones.values())
      if (chat === null || phone.chatId === chat) action(phone);
  }

  draw() {
    this.tellLost(false);
    this.clock.heard({ now: this.world.now, frozen: this.world.isFrozen });
    this.bar.name(this.world.bot);
    this.calls.fill(this.world.calls, this.world.methods);
    for (const phone of [...this.phones.values()]) this.renew(phone);
    this.addMissing();
    this.showFirst();
    this.arrange();
  }

  // After a reconnection: the same person and chat as before, or gone with the old town.
  renew(phone) {
    const person = this.world.people.get(phone.person.id);
    if (person && phone.chat) {
      phone.person = person;
      phone.refresh();
      return;
    }
    this.watcher.unobserve(phone.element);
    phone.element.remove();
    phone.chip.remove();
    this.phones.delete(phone.key);
  }

  addMissing() {
    for (const person of this.world.people.values()) {
      const chat = this.world.chats.get(person.id) ?? { id: person.id, type: "private" };
      if (!this.phones.has(`person${person.id}`))
        this.add(new Phone(this.world, chat, person, this));
    }
    for (const group of this.world.groups()) {
      const person = group.members.map((id) => this.world.people.get(id)).find(Boolean);
      if (person && !this.phones.has(`group${group.id}`))
        this.add(new Phone(this.world, group, person, this));
    }
  }

  add(phone) {
    this.phones.set(phone.key, phone);
    this.first.add(phone.key);
    this.watcher.observe(phone.element);
  }

  seen(entries) {
    for (const { target, isIntersecting } of entries)
      this.phones.get(target.dataset.key)?.near(isIntersecting);
  }

  // Visitors first, then the groups, then the private phones of the staff.
  ordered() {
    const ranks = this.ranks();
    return [...this.phones.values()].sort((a, b) => ranks.get(a) - ranks.get(b));
  }

  ranks() {
    const staff = this.world.staff();
    const rank = (phone) => (phone.isGroup ? 1 : staff.has(phone.person.id) ? 2 : 0);
    return new Map([...this.phones.values()].map((phone) => [phone, rank(phone)]));
  }

  // What fits is shown at first: a group, one colleague, and visitors; the rest is a press away.
  showFirst() {
    const ranks = this.ranks();
    const [visitors, groups, colleagues] = [0, 1, 2].map((rank) =>
      [...this.phones.values()].filter((phone) => ranks.get(phone) === rank),
    );
    const staff = [...groups.slice(0, 1), ...colleagues.slice(0, 1)];
    const room = Math.max(1, Math.floor(innerWidth / PANEL) - staff.length);
    this.first = new Set([...visitors.slice(0, room), ...staff].map((phone) => phone.key));
  }

  arrange() {
    const ordered = this.ordered();
    const moved = inOrder(
      this.place,
      ordered.map((phone) => phone.element),
    );
    inOrder(
      this.bar.chips,
      ordered.map((phone) => phone.chip),
    );
    this.bar.count(ordered.length);
    const isShown = (phone) => this.chosen[phone.key] ?? this.first.has(phone.key);
    if (!this.phones.has(this.current)) this.current = (ordered.find(isShown) ?? ordered[0])?.key;
    for (const phone of ordered) {
      const shown = this.isNarrow() ? phone.key === this.current : isShown(phone);
      const appears = phone.element.hidden && shown;
      phone.element.hidden = !shown;
      phone.chip.setAttribute("aria-pressed", String(shown));
      if (appears) phone.log.follows = true;
      if (phone.log.follows && moved.has(phone.element)) phone.log.end();
    }
    this.empty.hidden = ordered.some((phone) => !phone.element.hidden);
    const current = this.phones.get(this.current);
    if (this.isNarrow() && moved.has(current?.element)) this.lookAt(current);
  }

  isNarrow() {
    return this.narrow.matches;
  }

  toggle(phone) {
    if (this.isNarrow()) this.current = phone.key;
    else this.choose(phone.key, phone.element.hidden);
    this.arrange();
    if (phone.element.hidden) return;
    phone.log.read();
    this.lookAt(phone);
  }

  showAll() {
    for (const key of this.phones.keys()) this.chosen[key] = true;
    remember("shown", this.chosen);
    this.arrange();
  }

  lookAt(phone) {
    for (const element of [phone.element, phone.chip])
      element.scrollIntoView({ inline: "nearest", block: "nearest" });
  }

  choose(key, shown) {
    this.chosen[key] = shown;
    remember("shown", this.chosen);
  }

  hide(phone) {
    this.choose(phone.key, false);
    if (this.isNarrow()) this.current = this.ordered().find((other) => other !== phone)?.key;
    this.arrange();
    phone.chip.focus();
  }

  // A panel somebody has just asked for: shown and ready to be written in, now or when it comes.
  expect(key) {
    this.choose(key, true);
    this.expected = key;
    if (this.phones.has(key)) this.reveal(this.phones.get(key));
  }

  reveal(phone) {
    this.expected = null;
    this.current = phone.key;
    this.bar.toggle(false);
    this.choose(phone.key, true);
    this.arrange();
    this.lookAt(phone);
    phone.wake();
    setTimeout(() => phone.composer.field?.focus());
  }

  phoneOf(id) {
    return this.phones.get(`person${id}`);
  }

  shownPeople() {
    const shown = [...this.phones.values()].filter((phone) => !phone.element.hidden);
    return [...new Set(shown.map((phone) => phone.person.id))];
  }

  personChanged(person) {
    this.each(null, (phone) => {
      if (phone.person.id !== person.id) return;
      phone.person = person;
      phone.drawFace();
      phone.composer.renew();
    });
    this.welcomeNew();
  }

  welcomeNew() {
    this.addMissing();
    this.arrange();
    if (this.phones.has(this.expected)) this.reveal(this.phones.get(this.expected));
  }

  chatChanged(chat) {
    this.each(chat.id, (phone) => {
      const stays =
        !phone.isGroup || chat.members.includes(phone.person.id) || !phone.members().length;
      if (!stays) return phone.seeAs(phone.members()[0].id);
      phone.drawFace();
      return phone.composer.renew();
    });
    this.welcomeNew();
  }

  popup(data) {
    const query = String(data.query);
    const phone = [...this.phones.values()].find((one) => one.presses.awaits(query));
    if (phone) return phone.presses.answered(query, data);
    keepAnswer(data);
    // A press that did not come from this page is shown where its person would see it.
    setTimeout(
      () => this.phones.get(`person${data.person}`)?.presses.showKept(query),
      FOR_AN_ANSWER,
    );
    return undefined;
  }

  countUnread() {
    const count = [...this.phones.values()].reduce((sum, phone) => sum + phone.log.unread, 0);
    document.title = count ? `(${count}) ${PAGE.title}` : PAGE.title;
  }

  tellLost(lost) {
    if (this.lost.hidden === !lost) return;
    this.lost.hidden = !lost;
    this.lost.textContent = lost ? PAGE.lost : "";
    if (!lost) this.announce(PAGE.found);
  }

  announce(words, kind = "") {
    const note = make("div", { class: `toast ${kind}` }, words);
    this.notes.replaceChildren(note);
    setTimeout(() => note.remove(), 5000);
  }
}

new App();
