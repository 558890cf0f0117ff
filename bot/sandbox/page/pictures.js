// A picture in a message: covered if it is a spoiler, opened large when pressed.

import { fileAddress } from "./api.js";
import { icon, make } from "./dom.js";
import { Viewer } from "./viewer.js";

function largest({ photo }) {
  return photo[photo.length - 1];
}

// A picture has no words of its own; what is written under it describes it.
export function describe(message, { words }) {
  return message.caption ? `${words.picture}: ${message.caption}` : words.picture;
}

export function addressOf(message) {
  return fileAddress(largest(message));
}

export function image(message, phone, name) {
  const file = largest(message);
  return make("img", {
    class: name,
    src: addressOf(message),
    alt: describe(message, phone),
    width: file.width,
    height: file.height,
    decoding: "async",
  });
}

export function drawPicture(message, phone) {
  const button = make("button", {
    type: "button",
    class: "picture-button",
    "aria-label": `${phone.words.open}: ${describe(message, phone)}`,
    "aria-haspopup": "dialog",
    onclick: () => new Viewer(message, phone).open(),
  });
  const shown = image(message, phone, "picture");
  shown.addEventListener("error", () => {
    button.disabled = true;
    button.replaceChildren(icon("picture"), phone.words.picture);
  });
  button.append(shown);
  return message.has_media_spoiler ? covered(button, phone) : button;
}

// The picture is not there at all until somebody wants to see it.
function covered(picture, phone) {
  const cover = make(
    "button",
    { type: "button", class: "picture-cover", "aria-label": phone.words.spoiler },
    icon("hidden"),
  );
  cover.addEventListener("click", () => {
    cover.replaceWith(picture);
    picture.focus();
  });
  return cover;
}
