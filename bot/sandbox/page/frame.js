// The parts of a panel: made once, filled by the phone.

import { iconButton, make } from "./dom.js";
import { openMenu } from "./menu.js";
import { PAGE } from "./words.js";

export function buildFrame(phone) {
  phone.owner = make("div", { class: "owner" });
  phone.heading = make("bdi");
  phone.subtitle = make("span", { class: "subtitle" });
  phone.avatar = make("span", { class: "avatar", "aria-hidden": "true" });
  phone.toasts = make("div", { class: "toasts", role: "status" });
  phone.log.element.append(phone.toasts);
  phone.log.element.id = `log-${phone.key}`;
  phone.options = iconButton("more", "", () => openMenu(phone), { "aria-expanded": "false" });
  phone.menuPlace = make("div", { class: "options", hidden: true, lang: "en", dir: "ltr" });
  const head = make(
    "header",
    { class: "head" },
    phone.avatar,
    make("div", { class: "head-words" }, make("h2", {}, phone.heading), phone.subtitle),
    phone.options,
  );
  phone.body = make(
    "div",
    { class: "body" },
    head,
    phone.pins.element,
    phone.topics.element,
    phone.log.element,
    phone.composer.element,
  );
  phone.screen = make(
    "div",
    { class: "screen" },
    phone.body,
    phone.menuPlace,
    phone.announcer.element,
  );
  phone.element = make(
    "section",
    {
      class: `phone ${phone.isGroup ? "group" : "private"}`,
      "data-key": phone.key,
      onfocusin: () => phone.log.read(),
      onpointerenter: () => phone.log.read(),
      onpointerdown: () => phone.log.read(),
    },
    make(
      "button",
      { type: "button", class: "skip", onclick: () => phone.composer.field?.focus() },
      PAGE.skip,
    ),
    phone.owner,
    phone.screen,
  );
  phone.badge = make("span", { class: "badge", hidden: true });
  phone.chipName = make("span", { dir: "auto" });
  phone.chip = make(
    "button",
    { type: "button", class: "chip", onclick: () => phone.app.toggle(phone) },
    phone.chipName,
    phone.badge,
  );
}
