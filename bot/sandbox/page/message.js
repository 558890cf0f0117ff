// Draws one message: who, to what, the thing itself, its buttons, and what one can do with it.

import { hidden, icon, iconButton, make, outLink } from "./dom.js";
import { inlineKeyboard } from "./keyboards.js";
import { drawText } from "./text.js";
import { hour } from "./time.js";
import { fullName } from "./world.js";

export function drawMessage(message, phone) {
  const service = serviceText(message, phone);
  if (service)
    return make("div", { class: "service", "data-id": message.message_id, dir: "auto" }, service);
  const mine = message.from?.id === phone.person.id;
  const body = make(
    "div",
    { class: "bubble" },
    phone.isGroup && !mine
      ? make(
          "div",
          { class: `author tint-${tint(message.from?.id)}`, dir: "auto" },
          nameOf(message, phone),
        )
      : hidden(nameOf(message, phone)),
    topic(message, phone),
    quoted(message, phone),
    thing(message, phone),
    caption(message, phone),
    foot(message, phone),
  );
  return make(
    "article",
    { class: `message ${mine ? "out" : "in"}`, "data-id": message.message_id, tabindex: -1 },
    body,
    inlineKeyboard(message, phone),
    tools(message, mine, phone),
  );
}

function tint(id) {
  return Math.abs(id ?? 0) % 5;
}

export function nameOf(message, phone) {
  if (message.from?.id === phone.world.bot.id) return phone.botTitle;
  return fullName(message.from ?? message.sender_chat) || message.sender_chat?.title || "";
}

function foot(message, phone) {
  const at = (seconds) =>
    make(
      "time",
      { datetime: new Date(seconds * 1000).toISOString() },
      hour(seconds, phone.language),
    );
  return make(
    "div",
    { class: "foot", dir: phone.words.direction },
    message.edit_date &&
      make("span", { class: "edited" }, phone.words.edited, " ", at(message.edit_date), " · "),
    at(message.date),
  );
}

function caption(message, phone) {
  const text = message.text ?? message.caption;
  if (text === undefined) return null;
  const entities = message.entities ?? message.caption_entities;
  return make("div", { class: "text", dir: "auto" }, drawText(text, entities, phone));
}

export function snippet(message, phone) {
  const kind = KINDS.find(([name]) => message[name]);
  const text = message.text ?? message.caption ?? (kind ? phone.words[kind[1]] : "…");
  return text.length > 90 ? `${text.slice(0, 90)} …` : text;
}

function quoted(message, phone) {
  const first = message.reply_to_message;
  if (!first || first.forum_topic_created) return null;
  return make(
    "button",
    { type: "button", class: "quote", onclick: () => phone.log.goTo(first.message_id) },
    make("strong", {}, make("bdi", {}, nameOf(first, phone))),
    make("span", { dir: "auto" }, message.quote?.text ?? snippet(first, phone)),
  );
}

function topic(message, phone) {
  if (!message.is_topic_message) return null;
  const title = phone.world.messages.get(phone.chatId)?.get(message.message_thread_id)
    ?.forum_topic_created?.name;
  return make(
    "div",
    { class: "topic", dir: "auto" },
    `${phone.words.topic}: ${title ?? message.message_thread_id}`,
  );
}

// What a message can carry besides text, in the order Telegram asks for it, and its word.
const KINDS = [
  ["venue", "place"],
  ["location", "place"],
  ["contact", "contact"],
  ["photo", "picture"],
  ["voice", "voice"],
  ["audio", "voice"],
  ["document", "document"],
];

const DRAWERS = {
  venue: ({ venue }) => place(venue.location, venue.title, venue.address),
  location: ({ location }, { words }) => place(location, words.place),
  contact: ({ contact }) =>
    card("person", fullName(contact), contact.phone_number, `tel:${contact.phone_number}`),
  photo: ({ photo }, phone) => picture(photo[photo.length - 1], phone),
  voice: ({ voice }, phone) => sound(voice, phone),
  audio: ({ audio }, phone) => sound(audio, phone),
  document: ({ document: file }, phone) => paper(file, phone),
};

function thing(message, phone) {
  const kind = KINDS.find(([name]) => message[name]);
  if (kind) return DRAWERS[kind[0]](message, phone);
  if (message.text !== undefined) return null;
  if (message.sticker) return make("div", { class: "sticker" }, message.sticker.emoji ?? "▢");
  return make("div", { class: "unknown" }, phone.words.unknown);
}

function card(sign, title, line, address) {
  const words = make(
    "span",
    { class: "card-words" },
    make("strong", { dir: "auto" }, title),
    line && make("span", { dir: "auto" }, line),
  );
  const parts = [make("span", { class: "card-sign" }, icon(sign)), words];
  return address
    ? outLink(address, { class: "card" }, ...parts)
    : make("div", { class: "card" }, ...parts);
}

function place({ latitude, longitude }, title, line) {
  const shown = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const address = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  return make(
    "div",
    { class: "place" },
    make("div", { class: "map", "aria-hidden": "true" }, icon("place")),
    card("place", title, line ?? shown, address),
  );
}

function size(bytes) {
  if (!bytes) return "";
  return bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
}

function fileAddress(file) {
  return new URL(`/control/file/${encodeURIComponent(file.file_id)}`, location.origin).href;
}

function paper(file, phone) {
  const name = file.file_name ?? phone.words.document;
  const found = card("file", name, size(file.file_size), fileAddress(file));
  found.addEventListener("click", (event) => {
    event.preventDefault();
    phone.download(fileAddress(file), name);
  });
  return found;
}

function picture(file, phone) {
  const shown = make("img", {
    class: "picture",
    src: fileAddress(file),
    alt: phone.words.picture,
    width: file.width,
    height: file.height,
  });
  shown.addEventListener("error", () =>
    shown.replaceWith(card("file", phone.words.picture, size(file.file_size))),
  );
  return shown;
}

function sound(file, phone) {
  const seconds = String(file.duration % 60).padStart(2, "0");
  const length = `${Math.floor(file.duration / 60)}:${seconds}`;
  const player = make("audio", {
    controls: true,
    preload: "none",
    src: fileAddress(file),
    "aria-label": phone.words.voice,
  });
  return make(
    "div",
    { class: "sound" },
    card("voice", file.title ?? phone.words.voice, length),
    player,
  );
}

function tools(message, mine, phone) {
  const words = phone.words;
  return make(
    "div",
    { class: "tools", dir: words.direction },
    iconButton("reply", words.reply, () => phone.composer.replyTo(message)),
    mine &&
      message.text !== undefined &&
      iconButton("edit", words.edit, () => phone.composer.change(message)),
    mine && iconButton("remove", words.remove, () => phone.remove(message)),
  );
}

function serviceText(message, phone) {
  const { words } = phone;
  const names = (people) => people.map(fullName).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} · ${words.joined}`;
  if (message.left_chat_member) return `${fullName(message.left_chat_member)} · ${words.left}`;
  if (message.pinned_message)
    return `${nameOf(message, phone)} ${words.pinned}: ${snippet(message.pinned_message, phone)}`;
  if (message.forum_topic_created) return `${words.topic}: ${message.forum_topic_created.name}`;
  if (message.new_chat_title) return message.new_chat_title;
  return null;
}
