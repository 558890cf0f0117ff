// Makes elements. Data only ever becomes text or an attribute: there is no way to pass markup.

const SVG = "http://www.w3.org/2000/svg";

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, String(value));
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const SHAPES = {
  send: "M4 12 20 4l-5 16-3.5-6.5z",
  menu: "M4 7h16M4 12h16M4 17h10",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  reply: "M10 7l-5 5 5 5M5 12h9a5 5 0 0 1 5 5v1",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
  remove: "M5 7h14M9 7V5h6v2M7 7l1 13h8l1-13",
  down: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6L6 18",
  keyboard: "M3 7h18v10H3zM7 11v.01M11 11v.01M15 11v.01M8 14h8",
  place: "M12 21s7-6 7-11a7 7 0 0 0-14 0c0 5 7 11 7 11zM12 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0",
  leave: "M8 16l8-8M9 8h7v7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  add: "M12 5v14M5 12h14",
  attach: "M19 11l-7.5 7.5a4.5 4.5 0 0 1-6.4-6.4L13 4.3a3 3 0 0 1 4.3 4.2l-7.8 7.8a1.5 1.5 0 0 1-2.1-2.1L14 7.5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  sound: "M5 10v4M9 7v10M13 4v16M17 8v8M21 11v2",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  before: "M15 5l-7 7 7 7",
  after: "M9 5l7 7-7 7",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  hidden: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5 19L19 5",
};

export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", `icon icon-${name}`);
  picture.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  picture.append(path);
  return picture;
}

export function iconButton(name, label, onclick, attributes = {}) {
  return make(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": label,
      title: label,
      onclick,
      ...attributes,
    },
    icon(name),
  );
}

export function hidden(text) {
  return make("span", { class: "visually-hidden" }, text);
}

// Only addresses a browser may open without running anything.
function safeAddress(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return ["http:", "https:", "mailto:", "tel:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function outLink(address, attributes, ...children) {
  const href = safeAddress(address);
  if (!href) return make("span", attributes, ...children);
  return make(
    "a",
    { ...attributes, href, target: "_blank", rel: "noopener noreferrer" },
    ...children,
  );
}

export function saveAs(content, name) {
  const address = URL.createObjectURL(content);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function remember(key, value) {
  try {
    localStorage.setItem(`sandbox.${key}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing loses only which panels were hidden.
  }
}

export function recall(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`sandbox.${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}
