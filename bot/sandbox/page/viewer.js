// A picture large, in a dialog over the page; its album a step away.

import { iconButton, make } from "./dom.js";
import { addressOf, image } from "./pictures.js";

export class Viewer {
  constructor(message, phone) {
    Object.assign(this, { phone, pictures: companions(message, phone) });
    this.at = this.pictures.findIndex((one) => one.message_id === message.message_id);
    this.frame = make("div", { class: "large-frame" });
    this.caption = make("p", { class: "large-caption", dir: "auto", "aria-live": "polite" });
    this.element = this.build();
    this.step(0);
  }

  build() {
    const { words } = this.phone;
    return make(
      "dialog",
      {
        class: "viewer",
        lang: words.code,
        dir: words.direction,
        "aria-label": words.picture,
        onclose: () => this.element.remove(),
        onclick: (event) => event.target === this.element && this.element.close(),
        onkeydown: (event) => this.key(event),
      },
      make("div", { class: "viewer-bar" }, this.buttons(words)),
      this.frame,
      this.caption,
    );
  }

  buttons(words) {
    const steps = [
      iconButton("before", words.previous, () => this.step(-1)),
      iconButton("after", words.next, () => this.step(1)),
    ];
    return [
      ...(this.pictures.length > 1 ? steps : []),
      iconButton("download", words.download, () => this.save()),
      iconButton("close", words.close, () => this.element.close()),
    ];
  }

  open() {
    document.body.append(this.element);
    this.element.showModal();
  }

  get picture() {
    return this.pictures[this.at];
  }

  key(event) {
    const forward = this.phone.words.direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    this.step(event.key === forward ? 1 : -1);
  }

  step(by) {
    const { length } = this.pictures;
    this.at = (this.at + by + length) % length;
    this.frame.replaceChildren(image(this.picture, this.phone, "large"));
    const count = length > 1 ? `${this.at + 1} / ${length}` : "";
    this.caption.textContent = [count, this.picture.caption].filter(Boolean).join(" · ");
  }

  save() {
    const { message_id: id } = this.picture;
    this.phone.download(addressOf(this.picture), `picture-${id}.jpg`);
  }
}

// All pictures that came together, in their order; a single one is alone.
function companions(message, phone) {
  const { media_group_id: group } = message;
  if (!group) return [message];
  return phone.messages().filter((one) => one.photo && one.media_group_id === group);
}
