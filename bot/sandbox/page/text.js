// Draws a text with its entities. Offsets count UTF-16 units, as strings do here.

import { make, outLink } from "./dom.js";

const PLAIN = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };

// `phone` gives words, the bot's username, and what a pressed command does.
export function drawText(text, entities, phone) {
  const ordered = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return draw(text, 0, text.length, ordered, phone);
}

function draw(text, start, end, entities, phone) {
  const pieces = [];
  let at = start;
  let rest = entities;
  while (rest.length) {
    const [entity, ...others] = rest;
    const from = Math.max(entity.offset, at);
    const until = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((other) => other.offset < until);
    rest = others.filter((other) => other.offset + other.length > until);
    if (from >= until) continue;
    pieces.push(text.slice(at, from));
    pieces.push(
      dress(entity, text.slice(from, until), draw(text, from, until, inside, phone), phone),
    );
    at = until;
  }
  pieces.push(text.slice(at, end));
  return tidy(pieces);
}

// A quotation and a block of code stand on lines of their own; the break beside them is theirs.
function tidy(pieces) {
  const isBlock = (piece) => piece instanceof Element && piece.matches("blockquote, pre");
  return pieces
    .map((piece, index) => {
      if (typeof piece !== "string") return piece;
      const after = isBlock(pieces[index - 1]) ? piece.replace(/^\n/, "") : piece;
      return isBlock(pieces[index + 1]) ? after.replace(/\n$/, "") : after;
    })
    .filter((piece) => piece !== "");
}

function dress(entity, raw, inner, phone) {
  if (entity.type in PLAIN) return make(PLAIN[entity.type], {}, inner);
  switch (entity.type) {
    case "pre":
      return make(
        "pre",
        { dir: "ltr", tabindex: 0, "aria-label": entity.language },
        make("code", {}, inner),
      );
    case "spoiler":
      return spoiler(inner, phone);
    case "blockquote":
      return make("blockquote", { dir: "auto" }, inner);
    case "expandable_blockquote":
      return folded(inner, phone);
    case "text_link":
      return link(entity.url, inner, phone);
    case "url":
      return link(raw, inner, phone);
    case "email":
      return outLink(`mailto:${raw}`, {}, inner);
    case "phone_number":
      return outLink(`tel:${raw.replace(/[^+\d]/g, "")}`, { dir: "ltr" }, inner);
    case "mention":
      return outLink(`https://t.me/${raw.slice(1)}`, { dir: "ltr" }, inner);
    case "bot_command":
      return make(
        "button",
        { type: "button", class: "link", dir: "ltr", onclick: () => phone.type(raw) },
        inner,
      );
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return make("span", { class: "mention" }, inner);
    default:
      return make("span", {}, inner);
  }
}

function link(address, inner, phone) {
  const payload = startPayload(address, phone.botName);
  if (payload === null) return outLink(address, { title: address }, inner);
  return make(
    "button",
    { type: "button", class: "link", title: address, onclick: () => phone.start(payload) },
    inner,
  );
}

// The parameter of a link that opens our own bot, or null for any other link.
export function startPayload(address, botName) {
  const found = /^(?:https?:\/\/)?t\.me\/(\w+)(?:\?start=([\w-]*))?$/.exec(address);
  return found && found[1].toLowerCase() === (botName ?? "").toLowerCase()
    ? (found[2] ?? "")
    : null;
}

function spoiler(inner, phone) {
  const content = make("span", { class: "spoiler-text", "aria-hidden": "true" }, inner);
  const cover = make(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: 0,
      "aria-label": phone.words.spoiler,
      onclick: () => show(),
      onkeydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show();
      },
    },
    content,
  );
  const show = () => {
    cover.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    content.removeAttribute("aria-hidden");
  };
  return cover;
}

function folded(inner, phone) {
  const quote = make("div", { class: "folded" }, inner);
  const more = make(
    "button",
    {
      type: "button",
      class: "link",
      "aria-expanded": "false",
      onclick: () => more.setAttribute("aria-expanded", String(!quote.classList.toggle("folded"))),
    },
    phone.words.more,
  );
  return make("blockquote", { dir: "auto" }, quote, more);
}
