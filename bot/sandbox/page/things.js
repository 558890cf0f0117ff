// What a message carries besides text: a place, a card, a picture, a voice, a paper.

import { fileAddress } from "./api.js";
import { icon, make, outLink } from "./dom.js";
import { drawPicture } from "./pictures.js";
import { drawSound } from "./sound.js";
import { fullName } from "./world.js";

// In the order Telegram asks for it, and the word for it.
const KINDS = [
  ["venue", "place"],
  ["location", "place"],
  ["contact", "contact"],
  ["photo", "picture"],
  ["voice", "voice"],
  ["audio", "voice"],
  ["video", "video"],
  ["video_note", "video"],
  ["animation", "video"],
  ["document", "document"],
];

const DRAWERS = {
  venue: ({ venue }) => place(venue.location, venue.title, venue.address),
  location: ({ location }, { words }) => place(location, words.place),
  contact: ({ contact }) => card("person", fullName(contact), phoneNumber(contact)),
  photo: (message, phone) => drawPicture(message, phone),
  voice: ({ voice }, { words }) => drawSound(voice, fileAddress(voice), words.voice, words),
  audio: ({ audio }, { words }) =>
    drawSound(audio, fileAddress(audio), audio.title ?? words.voice, words),
  video: ({ video }, phone) => moving(video, phone),
  video_note: ({ video_note: note }, phone) => moving(note, phone, "round"),
  animation: ({ animation }, phone) => moving(animation, phone),
  document: ({ document: file }, phone) => paper(file, phone),
};

function kindOf(message) {
  return KINDS.find(([name]) => message[name]);
}

// The word for what a message carries, if it carries something we can draw.
export function wordFor(message, words) {
  const kind = kindOf(message);
  return kind && words[kind[1]];
}

export function drawThing(message, phone) {
  const kind = kindOf(message);
  if (kind) return DRAWERS[kind[0]](message, phone);
  if (message.text !== undefined) return null;
  if (message.sticker) return make("div", { class: "sticker" }, message.sticker.emoji ?? "▢");
  return make("div", { class: "unknown" }, phone.words.unknown);
}

function phoneNumber({ phone_number: number }) {
  return `+${number.replace(/^\+/, "")}`;
}

function card(sign, title, line, address) {
  const words = make(
    "span",
    { class: "card-words" },
    make("strong", { dir: "auto" }, title),
    line && make("span", { dir: line.startsWith("+") ? "ltr" : "auto" }, line),
  );
  const parts = [make("span", { class: "card-sign" }, icon(sign)), words];
  return address
    ? outLink(address, { class: "card" }, ...parts)
    : make("div", { class: "card" }, ...parts);
}

function place({ latitude, longitude }, title, line) {
  const shown = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const mark = `?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  const address = `https://www.openstreetmap.org/${mark}`;
  return make(
    "div",
    { class: "place" },
    make("div", { class: "map", "aria-hidden": "true" }, icon("place")),
    card("place", title, line ?? shown, address),
  );
}

function size(bytes) {
  if (!bytes) return "";
  if (bytes < 1024) return `${bytes} B`;
  const large = bytes >= 1024 * 1024;
  return large ? `${(bytes / 1024 / 1024).toFixed(1)} MB` : `${Math.round(bytes / 1024)} KB`;
}

function paper(file, phone) {
  const name = file.file_name ?? phone.words.document;
  const found = card("file", name, size(file.file_size), fileLink(file));
  found.addEventListener("click", (event) => {
    event.preventDefault();
    phone.download(fileAddress(file), name);
  });
  return found;
}

function fileLink(file) {
  return new URL(fileAddress(file), location.origin).href;
}

function moving(file, phone, more = "") {
  return make("video", {
    class: `picture ${more}`,
    controls: true,
    preload: "none",
    src: fileAddress(file),
    width: file.width ?? file.length,
    height: file.height ?? file.length,
    "aria-label": phone.words.video,
  });
}
