// What a person does in the town, with one phone in hand.

import { tell } from "./api.js";

export class Actor {
  // Does something in the town as this person; false, and a sentence on the screen, if refused.
  async wish(path, body) {
    try {
      return (await this.mustWish(path, body)) ?? true;
    } catch (error) {
      this.toast(error.message, "error");
      return false;
    }
  }

  // The same for those who say themselves what is wrong.
  mustWish(path, body) {
    return tell(path, { person: this.person.id, ...this.place(), ...body });
  }

  place() {
    return this.isGroup ? { chat: this.chatId, ...this.topics.place } : {};
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

  shareContact() {
    const { words } = this;
    const share = () => {
      this.composer.usedOnce();
      this.wish("contact", {});
    };
    this.dialog(words.shareNumber, [
      [words.cancel, () => {}],
      [words.share, share],
    ]);
  }
}
