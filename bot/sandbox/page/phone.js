// One panel: the phone of a person in the private chat, or a group as one of its members sees it.

import { Actor } from "./actor.js";
import { Announcer } from "./announcer.js";
import { fetchFile } from "./api.js";
import { Composer } from "./composer.js";
import { askInside } from "./dialog.js";
import { hidden, make, saveAs } from "./dom.js";
import { buildFrame } from "./frame.js";
import { Log } from "./log.js";
import { phoneWords } from "./phonewords.js";
import { Pins } from "./pins.js";
import { Presses } from "./presses.js";
import { Topics, topicOf } from "./topics.js";
import { LANGUAGES, PAGE } from "./words.js";
import { fullName } from "./world.js";

const TYPING = 5_500;
const TOAST = 3_500;

export class Phone extends Actor {
  constructor(world, chat, person, app) {
    super();
    Object.assign(this, { world, app, person, chatId: chat.id, isGroup: chat.type !== "private" });
    this.key = `${this.isGroup ? "group" : "person"}${chat.id}`;
    this.isNear = false;
    this.words = phoneWords(this.language);
    this.presses = new Presses(this);
    this.topics = new Topics(this);
    this.pins = new Pins(this);
    this.announcer = new Announcer(this);
    this.log = new Log(this);
    this.composer = new Composer(this);
    buildFrame(this);
    this.refresh();
  }

  get chat() {
    return this.world.chats.get(this.chatId);
  }

  get language() {
    return this.person.language_code || "en";
  }

  get botName() {
    return this.world.bot.username;
  }

  get botTitle() {
    return this.inMyLanguage(this.world.bot.names) || PAGE.bot;
  }

  // What the bot's maker wrote for this language, or for everybody.
  inMyLanguage(texts = {}) {
    return texts[this.language.split("-")[0]] || texts[""];
  }

  get title() {
    return this.isGroup ? this.chat?.title : this.botTitle;
  }

  get name() {
    return this.isGroup ? this.chat?.title : fullName(this.person);
  }

  messages() {
    return this.world.messagesOf(this.chatId);
  }

  // What is in view: everything, or one topic.
  shownMessages() {
    return this.messages().filter((message) => this.topics.shows(message));
  }

  messageWith(id) {
    return this.world.messages.get(this.chatId)?.get(Number(id));
  }

  // The supergroup this group became, if it did.
  successor() {
    const id = this.chat?.migrated_to;
    return id && this.app.phones.get(`group${id}`);
  }

  isAdministrator() {
    return this.chat?.administrators?.includes(this.person.id) ?? false;
  }

  // Draws what belongs to the person and the chat: names, language, direction, and all messages.
  refresh() {
    this.words = phoneWords(this.language);
    this.isDrawn = false;
    this.drawFace();
    this.log.read();
    this.log.renew();
    if (this.isNear) this.wake();
  }

  // Of two hundred phones only those are drawn that somebody can see, or soon will.
  near(isNear) {
    this.isNear = isNear;
    if (!isNear) return;
    this.wake();
    if (this.log.follows) this.log.end();
  }

  wake() {
    this.isNear = true;
    if (!this.isDrawn) {
      this.isDrawn = true;
      this.composer.draw();
    }
    this.log.wake();
  }

  drawFace() {
    const { words } = this;
    this.screen.lang = words.code;
    this.screen.dir = words.direction;
    this.element.setAttribute(
      "aria-label",
      this.isGroup ? PAGE.groupOf(this.name) : PAGE.phoneOf(this.name),
    );
    this.heading.textContent = this.title;
    this.avatar.textContent = [...(this.title || "?")][0];
    this.chipName.textContent = this.name;
    this.options.setAttribute("aria-label", PAGE.options(this.name));
    this.options.title = PAGE.options(this.name);
    this.log.name();
    this.topics.draw();
    this.pins.draw();
    this.drawSubtitle();
    this.drawOwner();
  }

  drawOwner() {
    if (!this.isGroup) {
      const code = this.language;
      this.owner.replaceChildren(
        make("strong", { dir: "auto" }, this.name),
        make("span", { class: "tongue", lang: code, dir: "auto" }, LANGUAGES[code] ?? code),
      );
      return;
    }
    const members = this.members();
    const select = make(
      "select",
      { onchange: () => this.seeAs(Number(select.value)) },
      members.map((member) =>
        make(
          "option",
          { value: member.id, selected: member.id === this.person.id },
          this.titled(member),
        ),
      ),
    );
    this.owner.replaceChildren(make("label", {}, `${PAGE.seenBy} `, select));
  }

  titled(member) {
    const isAdministrator = this.chat?.administrators?.includes(member.id);
    return fullName(member) + (isAdministrator ? ` · ${PAGE.administrator}` : "");
  }

  members() {
    return (this.chat?.members ?? []).map((id) => this.world.people.get(id)).filter(Boolean);
  }

  seeAs(id) {
    this.person = this.world.people.get(id);
    const focused = this.owner.contains(document.activeElement);
    this.refresh();
    if (focused) this.owner.querySelector("select").focus();
  }

  drawSubtitle() {
    const { words } = this;
    const quiet = this.isGroup ? `${words.members}: ${this.members().length}` : words.bot;
    const busy = this.action === "typing" ? words.typing : words.sending;
    this.subtitle.classList.toggle("typing", Boolean(this.action));
    this.subtitle.textContent = this.action ? busy : quiet;
  }

  // What the bot is seen doing; it is over when a message comes or after a while.
  acting(action) {
    clearTimeout(this.actionEnd);
    this.action = action;
    if (action) this.actionEnd = setTimeout(() => this.acting(null), TYPING);
    this.drawSubtitle();
  }

  welcome() {
    const { words } = this;
    const about = this.inMyLanguage(this.world.bot.descriptions);
    if (this.isGroup) return make("div", { class: "welcome" });
    return make(
      "div",
      { class: "welcome" },
      about && make("strong", {}, words.about),
      about && make("p", { dir: "auto" }, about),
      make(
        "button",
        { type: "button", class: "main-button", onclick: () => this.start("") },
        words.start,
      ),
    );
  }

  messageCame(message) {
    if (message.from?.id === this.world.bot.id) this.acting(null);
    if (this.topics.shows(message)) this.log.add(message);
    else this.topics.notice(message);
    this.announcer.came(message);
    this.composer.notice(message);
    if (message.pinned_message) this.pins.draw();
  }

  messageChanged(message) {
    this.log.change(message);
    this.announcer.changed(message);
    this.pins.draw();
    this.composer.drawKeyboard();
  }

  messagesGone(ids) {
    this.log.remove(ids);
    this.pins.draw();
    this.composer.drawKeyboard();
  }

  // Shows a message of this chat, in its topic if another one is in view.
  goTo(message) {
    const known = this.messageWith(message.message_id);
    if (known && !this.topics.shows(known)) this.topics.choose(topicOf(known));
    this.log.goTo(message.message_id);
  }

  botChanged() {
    this.drawFace();
    this.composer.showMenu([]);
    if (!this.messages().length) this.log.renew();
  }

  isAttended() {
    if (document.hidden || this.element.hidden) return false;
    return this.app.isNarrow()
      ? this.app.current === this.key
      : this.element.matches(":hover, :focus-within");
  }

  tellUnread() {
    const count = this.log.unread;
    this.badge.hidden = !count;
    this.badge.replaceChildren(String(count || ""), hidden(` ${this.words.unread}`));
    this.element.classList.toggle("has-unread", count > 0);
    this.app.countUnread();
  }

  write(text) {
    this.composer.write(text);
  }

  async copy(text) {
    await navigator.clipboard?.writeText(text).catch(() => {});
    this.toast(PAGE.copied);
  }

  async download(address, name) {
    const file = await fetchFile(address);
    if (file) saveAs(file, name);
    else this.toast(PAGE.noFile, "error");
  }

  toast(content, kind = "") {
    const toast = make("div", { class: `toast ${kind}`, dir: "auto" }, content);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), Math.max(TOAST, 60 * toast.textContent.length));
  }

  dialog(text, choices, content) {
    askInside(this, text, choices, content);
  }
}
