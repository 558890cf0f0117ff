// Where a person writes: the field, the commands, the reply keyboard, a reply or a correction.

import { Attach } from "./attach.js";
import { commandsFor } from "./commands.js";
import { icon, iconButton, make } from "./dom.js";
import { replyKeyboard, standingKeyboard } from "./keyboards.js";
import { nameOf, snippet } from "./message.js";

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.subject = null;
    this.usedKeyboard = null;
    this.element = make("div", { class: "composer" });
  }

  draw() {
    const { words } = this.phone;
    const draft = this.field?.value ?? "";
    this.field = make("textarea", {
      class: "field",
      rows: 1,
      dir: "auto",
      maxlength: 4096,
      placeholder: words.say,
      "aria-label": `${words.say}: ${this.phone.title}`,
      oninput: () => this.suggest(),
      onkeydown: (event) => this.key(event),
    });
    this.field.value = draft;
    this.menu = make("div", {
      class: "commands",
      role: "group",
      "aria-label": words.commands,
      hidden: true,
      onkeydown: (event) => this.walk(event),
    });
    this.menuButton = iconButton("menu", words.commands, () => this.toggleMenu(), {
      "aria-expanded": "false",
    });
    this.keyboardButton = iconButton("keyboard", words.keyboard, () => this.toggleKeyboard(), {
      "aria-expanded": "true",
    });
    this.attach = new Attach(this.phone);
    this.banner = make("div", { class: "banner", hidden: true });
    this.keyboard = make("div", { class: "keyboard-place" });
    const closed = this.closed();
    this.isClosed = Boolean(closed);
    const open = [this.menu, this.attach.element, this.banner, this.line(), this.keyboard];
    this.element.replaceChildren(...(closed ? [closed] : open));
    this.drawBanner();
    this.drawKeyboard();
    this.showMenu([]);
  }

  // Somebody or something changed: is it still as open as before?
  renew() {
    if (!this.field) return;
    if (Boolean(this.closed()) === this.isClosed) this.showMenu([]);
    else this.draw();
  }

  line() {
    const { words } = this.phone;
    const submit = (event) => {
      event.preventDefault();
      this.send();
    };
    return make(
      "form",
      { class: "line", onsubmit: submit },
      this.menuButton,
      this.attach.button,
      this.field,
      this.keyboardButton,
      make(
        "button",
        { class: "icon-button send", "aria-label": words.send, title: words.send },
        icon("send"),
      ),
    );
  }

  // Why nothing can be written here, and what can be done about it.
  closed() {
    const { phone } = this;
    const { words } = phone;
    if (!phone.isGroup && phone.person.blocked)
      return notice(words.blocked, words.unblock, () => phone.block(false));
    const next = phone.successor();
    if (next) return notice(words.upgraded, next.name, () => phone.app.reveal(next));
    if (phone.topics.isClosed() && !phone.isAdministrator()) return notice(words.topicClosed);
    return null;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.settle();
    else if (event.key === "ArrowUp" && !this.menu.hidden) {
      event.preventDefault();
      this.menu.lastElementChild?.focus();
    } else if (event.key === "ArrowUp" && !this.field.value) {
      event.preventDefault();
      this.phone.log.lastMessage()?.focus();
    }
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const subject = this.subject;
    this.field.value = "";
    this.settle();
    const done =
      subject?.kind === "change"
        ? await this.phone.edit(subject.message, text)
        : await this.phone.type(text, subject?.message.message_id);
    if (!done && !this.field.value) this.field.value = text;
  }

  // Ends whatever was going on around the field.
  settle() {
    if (this.subject?.kind === "change") this.field.value = "";
    this.subject = null;
    this.drawBanner();
    this.showMenu([]);
  }

  // What was written so far; the field is empty after it.
  takeDraft() {
    const draft = this.field.value;
    this.field.value = "";
    this.settle();
    return draft;
  }

  write(text) {
    this.field.value = text;
    this.field.focus();
  }

  replyTo(message) {
    this.subject = { kind: "reply", message };
    this.drawBanner();
    this.field.focus();
  }

  change(message) {
    this.subject = { kind: "change", message };
    this.drawBanner();
    this.write(message.text ?? message.caption);
  }

  drawBanner() {
    if (!this.banner) return;
    this.banner.hidden = !this.subject;
    if (!this.subject) return;
    const { words } = this.phone;
    const { kind, message } = this.subject;
    this.banner.replaceChildren(
      icon(kind === "reply" ? "reply" : "edit"),
      make(
        "div",
        { class: "banner-words" },
        make(
          "strong",
          {},
          `${kind === "reply" ? words.reply : words.edit}: `,
          make("bdi", {}, nameOf(message, this.phone)),
        ),
        make("span", { dir: "auto" }, snippet(message, this.phone)),
      ),
      iconButton("close", words.cancel, () => {
        this.settle();
        this.field.focus();
      }),
    );
  }

  suggest() {
    const text = this.field.value;
    const all = /^\/\w*$/.test(text) ? commandsFor(this.phone) : [];
    this.showMenu(all.filter(({ command }) => command.startsWith(text.slice(1))));
  }

  toggleMenu() {
    this.showMenu(this.menu.hidden ? commandsFor(this.phone) : []);
    this.menu.firstElementChild?.focus();
  }

  showMenu(commands) {
    if (!this.menu) return;
    this.menu.replaceChildren(...commands.map((one) => this.commandButton(one)));
    this.menu.hidden = !commands.length;
    this.menuButton.setAttribute("aria-expanded", String(!this.menu.hidden));
    this.menuButton.hidden = !commandsFor(this.phone).length;
  }

  commandButton({ command, description }) {
    const run = () => {
      this.field.value = "";
      this.showMenu([]);
      this.field.focus();
      this.phone.type(`/${command}`);
    };
    return make(
      "button",
      { type: "button", onclick: run },
      make("span", { class: "command", dir: "ltr" }, `/${command}`),
      make("span", { dir: "auto" }, description),
    );
  }

  walk(event) {
    const steps = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
    if (event.key === "Escape") {
      this.showMenu([]);
      this.field.focus();
    } else if (event.key in steps) {
      event.preventDefault();
      (document.activeElement[steps[event.key]] ?? this.field).focus();
    }
  }

  drawKeyboard() {
    if (!this.field) return;
    const standing = standingKeyboard(this.phone.messages());
    const shown = standing && standing.id !== this.usedKeyboard;
    this.keyboardButton.hidden = !standing;
    this.keyboardButton.setAttribute("aria-expanded", String(Boolean(shown)));
    this.keyboard.replaceChildren(...(shown ? [replyKeyboard(standing, this.phone)] : []));
    this.field.placeholder = (shown && standing.input_field_placeholder) || this.phone.words.say;
  }

  toggleKeyboard() {
    const standing = standingKeyboard(this.phone.messages());
    this.usedKeyboard = this.usedKeyboard === standing?.id ? null : standing?.id;
    this.drawKeyboard();
  }

  usedOnce() {
    const standing = standingKeyboard(this.phone.messages());
    if (standing?.one_time_keyboard) this.usedKeyboard = standing.id;
    this.drawKeyboard();
  }

  // A new message may bring a keyboard, take one away, or ask for a reply.
  notice(message) {
    if (message.reply_markup?.force_reply && message.from?.id !== this.phone.person.id) {
      this.subject = { kind: "reply", message };
      this.drawBanner();
    }
    this.drawKeyboard();
  }
}

function notice(words, label, onclick) {
  return make(
    "div",
    { class: "closed" },
    make("span", {}, words),
    label && make("button", { type: "button", class: "main-button", onclick }, label),
  );
}
