// One panel: the phone of a person in the private chat, or a group as one of its members sees it.

import { fetchFile, tell } from "./api.js";
import { Composer } from "./composer.js";
import { askInside } from "./dialog.js";
import { hidden, make, saveAs } from "./dom.js";
import { buildFrame } from "./frame.js";
import { Log } from "./log.js";
import { Presses } from "./presses.js";
import { LANGUAGES, PAGE, phoneWords } from "./words.js";
import { fullName } from "./world.js";

const TYPING = 5_500;
const TOAST = 3_500;

export class Phone {
  constructor(world, chat, person, app) {
    Object.assign(this, { world, app, person, chatId: chat.id, isGroup: chat.type !== "private" });
    this.key = `${this.isGroup ? "group" : "person"}${chat.id}`;
    this.presses = new Presses(this);
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

  isAdministrator() {
    return this.chat?.administrators?.includes(this.person.id) ?? false;
  }

  // Draws what belongs to the person and the chat: names, language, direction, and all messages.
  refresh() {
    this.words = phoneWords(this.language);
    this.drawFace();
    this.composer.draw();
    this.composer.showMenu([]);
    this.log.fill(this.messages());
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
          fullName(member),
        ),
      ),
    );
    this.owner.replaceChildren(make("label", {}, `${PAGE.seenBy} `, select));
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
    this.subtitle.classList.toggle("typing", Boolean(this.isTyping));
    this.subtitle.textContent = this.isTyping ? words.typing : quiet;
  }

  typing(on = true) {
    clearTimeout(this.typingEnd);
    this.isTyping = on;
    if (on) this.typingEnd = setTimeout(() => this.typing(false), TYPING);
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
    if (message.from?.id === this.world.bot.id) this.typing(false);
    this.log.add(message);
    this.composer.notice(message);
  }

  messageChanged(message) {
    this.log.change(message);
    this.composer.drawKeyboard();
  }

  messagesGone(ids) {
    this.log.remove(ids);
    this.composer.drawKeyboard();
  }

  botChanged() {
    this.drawFace();
    this.composer.showMenu([]);
    if (!this.messages().length) this.log.fill([]);
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

  // Does something in the town as this person; false, and a sentence on the screen, if refused.
  async wish(path, body) {
    try {
      return (
        (await tell(path, {
          person: this.person.id,
          ...(this.isGroup && { chat: this.chatId }),
          ...body,
        })) ?? true
      );
    } catch (error) {
      this.toast(error.message, "error");
      return false;
    }
  }

  type(text, replyTo) {
    return this.wish("type", { text, ...(replyTo && { reply_to: replyTo }) });
  }

  start(payload) {
    const phone = this.isGroup ? this.app.phoneOf(this.person.id) : this;
    return phone?.type(`/start ${payload}`.trim());
  }

  typeFromKeyboard(text) {
    this.composer.usedOnce();
    return this.type(text);
  }

  edit(message, text) {
    return this.wish("edit", { message: message.message_id, text });
  }

  remove(message) {
    return this.wish("delete", { message: message.message_id });
  }

  block(blocked) {
    return this.wish("block", { blocked });
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

  shareContact() {
    const { words } = this;
    this.dialog(words.shareNumber, [
      [words.cancel, () => {}],
      [
        words.share,
        () => {
          this.composer.usedOnce();
          this.wish("contact", {});
        },
      ],
    ]);
  }

  toast(content, kind = "") {
    const toast = make("div", { class: `toast ${kind}`, dir: "auto" }, content);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), Math.max(TOAST, 60 * toast.textContent.length));
  }

  dialog(text, choices) {
    askInside(this, text, choices);
  }
}
