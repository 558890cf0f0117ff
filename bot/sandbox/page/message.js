// Draws one message: who, to what, the thing itself, its buttons, and what one can do with it.

import { hidden, iconButton, make } from "./dom.js";
import { inlineKeyboard } from "./keyboards.js";
import { serviceText } from "./service.js";
import { drawText } from "./text.js";
import { drawThing, wordFor } from "./things.js";
import { hour } from "./time.js";
import { languageOf } from "./tongue.js";
import { fullName } from "./world.js";

export function drawMessage(message, phone) {
  const service = serviceText(message, phone, { nameOf, snippet });
  if (service) return drawService(message, service, phone);
  const mine = isMine(message, phone);
  return make(
    "article",
    { class: `message ${mine ? "out" : "in"}`, "data-id": message.message_id, tabindex: -1 },
    make("div", { class: bubbleClass(message) }, inside(message, phone)),
    inlineKeyboard(message, phone),
    tools(message, mine, phone),
  );
}

function drawService(message, text, phone) {
  return make(
    "div",
    {
      class: "service",
      "data-id": message.message_id,
      dir: "auto",
      lang: languageOf(text, phone.language),
    },
    text,
  );
}

export function isMine(message, phone) {
  return message.from?.id === phone.person.id;
}

// A picture that has nothing above it lies on the edge of its bubble.
function bubbleClass(message) {
  return message.photo || message.video ? "bubble with-picture" : "bubble";
}

// The parts of an album share an author, a place for captions and a time: the album draws those.
function inside(message, phone) {
  if (message.media_group_id) return [hidden(nameOf(message, phone)), drawThing(message, phone)];
  return [
    author(message, phone),
    forwarded(message, phone),
    topic(message, phone),
    quoted(message, phone),
    drawThing(message, phone),
    words(message, phone),
    foot(message, phone),
  ];
}

export function author(message, phone) {
  const name = nameOf(message, phone);
  if (!phone.isGroup || isMine(message, phone)) return hidden(name);
  const isAdministrator = phone.chat?.administrators?.includes(message.from?.id);
  return make(
    "div",
    { class: "author-line" },
    make("bdi", { class: `author tint-${tint(message.from?.id)}` }, name),
    isAdministrator && make("span", { class: "rank" }, phone.words.admin),
  );
}

function tint(id) {
  return Math.abs(id ?? 0) % 5;
}

export function nameOf(message, phone) {
  if (message.from?.id === phone.world.bot.id) return phone.botTitle;
  return message.sender_chat?.title || fullName(message.from ?? message.sender_chat);
}

export function foot(message, phone) {
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

// The text of a message, or what is written under its picture.
export function words(message, phone) {
  const text = message.text ?? message.caption;
  if (text === undefined) return null;
  const entities = message.entities ?? message.caption_entities;
  return make(
    "div",
    { class: "text", dir: "auto", lang: languageOf(text, phone.language) },
    drawText(text, entities, phone),
  );
}

export function snippet(message, phone) {
  const text = message.text ?? message.caption ?? wordFor(message, phone.words) ?? "…";
  return text.length > 90 ? `${text.slice(0, 90)} …` : text;
}

function forwarded({ forward_origin: origin }, phone) {
  if (!origin) return null;
  const from = origin.sender_user ?? origin.sender_chat ?? origin.chat;
  const name = origin.sender_user_name ?? from?.title ?? fullName(from);
  return make(
    "div",
    { class: "topic", dir: phone.words.direction },
    `${phone.words.forwarded} `,
    make("bdi", {}, name),
  );
}

function quoted(message, phone) {
  const first = message.reply_to_message;
  if (!first || first.forum_topic_created) return null;
  return make(
    "button",
    { type: "button", class: "quote", onclick: () => phone.goTo(first) },
    make("strong", {}, make("bdi", {}, nameOf(first, phone))),
    make("span", { dir: "auto" }, message.quote?.text ?? snippet(first, phone)),
  );
}

// Where a message of a topic belongs is said only where all topics are shown together.
function topic(message, phone) {
  if (!message.is_topic_message || phone.topics.chosen !== null) return null;
  return make(
    "button",
    {
      type: "button",
      class: "topic link",
      dir: "auto",
      onclick: () => phone.topics.choose(message.message_thread_id),
    },
    `${phone.words.topic}: ${phone.topics.nameOf(message.message_thread_id)}`,
  );
}

function tools(message, mine, phone) {
  const said = phone.words;
  const isChangeable = mine && (message.text ?? message.caption) !== undefined;
  return make(
    "div",
    { class: "tools", dir: said.direction },
    iconButton("reply", said.reply, () => phone.composer.replyTo(message)),
    isChangeable && iconButton("edit", said.edit, () => phone.composer.change(message)),
    phone.isGroup && pinButton(message, phone),
    mine && iconButton("remove", said.remove, () => phone.remove(message)),
  );
}

function pinButton(message, phone) {
  const isPinned = phone.chat?.pinned?.includes(message.message_id);
  return iconButton("pin", isPinned ? phone.words.unpin : phone.words.pin, () => {
    const pinned = !phone.chat.pinned.includes(message.message_id);
    phone.wish("pin", { message: message.message_id, pinned });
  });
}
