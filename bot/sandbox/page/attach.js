// The paper clip: a picture, a document, a voice, a place, one's own number.

import { icon, iconButton, make } from "./dom.js";
import { Recorder, canRecord } from "./recorder.js";
import { askSheet, labelled } from "./sheet.js";
import { PAGE } from "./words.js";

const LARGEST = 20 * 1024 * 1024;
const MOST_AT_ONCE = 10; // as many as an album holds
const CENTRE = { latitude: 42.69751, longitude: 23.32415 }; // the heart of Sofia

export class Attach {
  constructor(phone) {
    this.phone = phone;
    const { words } = phone;
    this.button = iconButton("attach", words.attach, () => this.toggle(), {
      "aria-expanded": "false",
    });
    this.menu = make("div", {
      class: "commands attachments",
      role: "group",
      "aria-label": words.attach,
      hidden: true,
      onkeydown: (event) => this.walk(event),
    });
    this.recorder = new Recorder(phone, (file) => this.send("voice", [file]));
    this.menu.append(...this.choices().map((choice) => this.choice(...choice)));
    this.element = make("div", { class: "attach" }, this.menu, this.recorder.element);
  }

  choices() {
    const { words } = this.phone;
    return [
      ["picture", words.picture, () => this.pick("photo", "image/*")],
      ["file", words.document, () => this.pick("document", "")],
      ["sound", words.voice, () => this.pick("voice", "audio/*")],
      canRecord() && ["voice", words.record, () => this.recorder.start()],
      ["place", words.place, () => this.askPlace()],
      ["person", words.contact, () => this.phone.shareContact()],
    ].filter(Boolean);
  }

  choice(sign, label, action) {
    const choose = () => {
      this.close();
      action();
    };
    return make("button", { type: "button", onclick: choose }, icon(sign), label);
  }

  toggle() {
    const isOpen = !this.menu.hidden;
    this.menu.hidden = isOpen;
    this.button.setAttribute("aria-expanded", String(!isOpen));
    if (!isOpen) this.menu.firstElementChild.focus();
  }

  close() {
    this.menu.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    this.button.focus();
  }

  walk(event) {
    const steps = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
    if (event.key === "Escape") this.close();
    if (!(event.key in steps)) return;
    event.preventDefault();
    document.activeElement[steps[event.key]]?.focus();
  }

  pick(kind, accept) {
    const multiple = kind !== "voice";
    const field = make("input", { type: "file", accept, multiple, hidden: true });
    field.addEventListener("change", () => {
      field.remove();
      if (field.files.length) this.offer(kind, [...field.files]);
    });
    field.addEventListener("cancel", () => field.remove());
    this.element.append(field);
    field.click();
  }

  // Shows what was picked, and what may be written under it, before it is sent.
  offer(kind, files) {
    const { words, composer } = this.phone;
    const previews = kind === "photo" ? files.slice(0, MOST_AT_ONCE).map(preview) : [];
    const caption = make("input", {
      class: "field",
      dir: "auto",
      maxlength: 1024,
      placeholder: words.caption,
      "aria-label": words.caption,
    });
    caption.value = composer.takeDraft();
    const end = (action) => () => {
      previews.forEach(({ src }) => URL.revokeObjectURL(src));
      action();
    };
    this.phone.dialog(
      files.map(({ name }) => name).join(", "),
      [
        [words.cancel, end(() => composer.write(caption.value))],
        [words.send, end(() => this.send(kind, files, caption.value.trim()))],
      ],
      [make("div", { class: "previews" }, previews), caption],
    );
  }

  // One file is a message; several are an album, and the first carries the words.
  async send(kind, files, caption = "") {
    if (files.some(({ size }) => size > LARGEST)) return this.phone.toast(PAGE.tooLarge, "error");
    const told = await Promise.all(files.slice(0, MOST_AT_ONCE).map((file) => asTold(kind, file)));
    if (caption) told[0].caption = caption;
    return told.length > 1
      ? this.phone.wish("album", { files: told })
      : this.phone.wish("file", told[0]);
  }

  askPlace() {
    const field = (name) =>
      make("input", { name, type: "number", step: "any", required: true, value: CENTRE[name] });
    askSheet(
      PAGE.sendPlace,
      Object.keys(CENTRE).map((name) => labelled(PAGE[name], field(name))),
      (form) =>
        this.phone.mustWish("location", {
          latitude: Number(form.get("latitude")),
          longitude: Number(form.get("longitude")),
        }),
      PAGE.send,
    );
  }
}

function preview(file) {
  return make("img", { class: "preview", src: URL.createObjectURL(file), alt: file.name });
}

async function asTold(kind, file) {
  const type = file.type || "application/octet-stream";
  return { kind, name: file.name, type, content: await asBase64(file) };
}

function asBase64(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}
