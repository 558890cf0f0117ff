// Records a voice message with the machine's microphone.

import { iconButton, make } from "./dom.js";

// Telegram's voices are Ogg; a browser that cannot write it gives the nearest it has.
const TYPES = [
  ["audio/ogg;codecs=opus", "ogg"],
  ["audio/mp4", "m4a"],
  ["audio/webm;codecs=opus", "webm"],
];

function kind() {
  return TYPES.find(([type]) => globalThis.MediaRecorder?.isTypeSupported(type));
}

export function canRecord() {
  return Boolean(navigator.mediaDevices && kind());
}

export class Recorder {
  constructor(phone, whenDone) {
    Object.assign(this, { phone, whenDone });
    const { words } = phone;
    this.time = make("span", { class: "length", role: "timer", "aria-label": words.record });
    this.stopButton = iconButton("send", words.stop, () => this.stop());
    this.element = make(
      "div",
      { class: "recording", hidden: true, onkeydown: (event) => this.key(event) },
      iconButton("remove", words.cancel, () => this.cancel()),
      make("span", { class: "red-light", "aria-hidden": "true" }),
      this.time,
      this.stopButton,
    );
  }

  key(event) {
    if (event.key === "Escape") this.cancel();
  }

  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      this.phone.toast(error.message, "error");
      return;
    }
    const [type] = kind();
    this.pieces = [];
    this.machine = new MediaRecorder(this.stream, { mimeType: type });
    this.machine.ondataavailable = ({ data }) => this.pieces.push(data);
    this.machine.onstop = () => this.finish();
    this.machine.start();
    this.begun = performance.now();
    this.ticking = setInterval(() => this.tick(), 500);
    this.tick();
    this.element.hidden = false;
    this.stopButton.focus();
  }

  tick() {
    const seconds = Math.floor((performance.now() - this.begun) / 1000);
    this.time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  stop() {
    this.isWanted = true;
    this.machine.stop();
  }

  cancel() {
    this.isWanted = false;
    this.machine.stop();
  }

  finish() {
    const [type, ending] = kind();
    clearInterval(this.ticking);
    this.stream.getTracks().forEach((track) => track.stop());
    this.element.hidden = true;
    this.phone.composer.field?.focus();
    if (this.isWanted)
      this.whenDone(new File(this.pieces, `voice.${ending}`, { type: type.split(";")[0] }));
  }
}
