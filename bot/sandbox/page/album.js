// Pictures or papers that came together: one frame in the log, one author, one place for captions.

import { hidden, make } from "./dom.js";
import { author, foot, isMine, words } from "./message.js";

// The frame a part of an album belongs into, made at its first part. The log ends with it.
export function albumFor(message, list, phone) {
  const group = message.media_group_id;
  const last = list.lastElementChild;
  if (last?.dataset.group === group) return last;
  const kind = message.document || message.audio ? "papers" : "pictures";
  const album = make(
    "div",
    {
      class: `album ${kind} ${isMine(message, phone) ? "out" : "in"}`,
      "data-group": group,
      role: "group",
    },
    make("div", { class: "album-head" }, author(message, phone)),
    make("div", { class: "album-parts" }),
    make("div", { class: "album-foot" }),
  );
  list.append(album);
  return album;
}

// After a part came, changed or went: count, captions and time are drawn anew.
export function redressAlbum(album, phone) {
  const parts = [...album.querySelectorAll("article")];
  if (!parts.length) return album.remove();
  const messages = parts.map((part) => phone.messageWith(part.dataset.id)).filter(Boolean);
  album.dataset.count = parts.length;
  album.setAttribute("aria-label", `${phone.words.album}: ${parts.length}`);
  const captioned = messages.filter((message) => message.caption);
  const latest = messages[messages.length - 1];
  album
    .querySelector(".album-foot")
    .replaceChildren(
      ...captioned.map((message) => words(message, phone)),
      latest ? foot(latest, phone) : hidden(""),
    );
  return undefined;
}
