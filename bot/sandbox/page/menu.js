// What the page can do with a panel and its person, behind the three dots.

import { make } from "./dom.js";
import { askSheet, labelled, wordField } from "./sheet.js";
import { PAGE } from "./words.js";
import { fullName } from "./world.js";

function privateChoices(phone) {
  const { person } = phone;
  return [
    [PAGE.share, () => phone.shareContact()],
    person.blocked
      ? [PAGE.unblock, () => phone.block(false)]
      : [PAGE.block, () => phone.block(true)],
  ];
}

function groupChoices(phone) {
  const inside = new Set(phone.chat.members);
  const leave = [...phone.world.people.values()].filter(({ id }) => inside.has(id));
  const join = [...phone.world.people.values()].filter(({ id }) => !inside.has(id));
  return [
    phone.chat.is_forum && [PAGE.addTopic, () => askTopic(phone)],
    ...topicChoices(phone),
    phone.chat.type === "group" && [PAGE.upgrade, () => phone.wish("upgrade", {})],
    ...join.map((person) => [
      PAGE.join(fullName(person)),
      () => phone.wish("join", { person: person.id }),
    ]),
    ...leave.map((person) => [
      PAGE.leave(fullName(person)),
      () => phone.wish("leave", { person: person.id }),
    ]),
  ].filter(Boolean);
}

function topicChoices(phone) {
  const topic = phone.topics.known.find((one) => one.message_thread_id === phone.topics.chosen);
  if (!topic) return [];
  const { name, closed } = topic;
  const words = closed ? PAGE.reopenTopic(name) : PAGE.closeTopic(name);
  return [[words, () => phone.wish("topic", { closed: !closed })]];
}

function askTopic(phone) {
  askSheet(
    PAGE.addTopic,
    [labelled(PAGE.topicName, wordField("name", { required: true, maxlength: 128 }))],
    (form) => phone.mustWish("topic", { thread: null, name: form.get("name") }),
  );
}

export function openMenu(phone) {
  const place = phone.menuPlace;
  if (!place.hidden) return closeMenu(phone);
  const choices = [
    ...(phone.isGroup ? groupChoices(phone) : privateChoices(phone)),
    [PAGE.hide, () => phone.app.hide(phone)],
  ];
  const draw = ([label, action]) => {
    const choose = () => {
      closeMenu(phone);
      action();
    };
    return make("button", { type: "button", onclick: choose }, label);
  };
  place.replaceChildren(...choices.map(draw));
  place.hidden = false;
  phone.options.setAttribute("aria-expanded", "true");
  place.onkeydown = (event) => walk(event, phone);
  place.onfocusout = (event) => {
    const stays = place.contains(event.relatedTarget) || event.relatedTarget === phone.options;
    if (event.relatedTarget && !stays) closeMenu(phone, false);
  };
  place.firstElementChild.focus();
  return undefined;
}

function closeMenu(phone, giveBack = true) {
  phone.menuPlace.hidden = true;
  phone.options.setAttribute("aria-expanded", "false");
  if (giveBack) phone.options.focus();
}

function walk(event, phone) {
  const steps = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" };
  if (event.key === "Escape") closeMenu(phone);
  if (!(event.key in steps)) return;
  event.preventDefault();
  document.activeElement[steps[event.key]]?.focus();
}
