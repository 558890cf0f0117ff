// Arrow keys walk through the messages; Tab then reaches the buttons of the one in focus.

const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

export function walkMessages(event, list) {
  const onMessage = event.target === list || event.target.matches("article");
  if (!(event.key in STEPS) || !onMessage) return;
  const all = [...list.querySelectorAll("article")];
  if (!all.length) return;
  event.preventDefault();
  const at = event.target === list ? all.length : all.indexOf(event.target);
  const next = all[Math.max(0, Math.min(all.length - 1, at + STEPS[event.key]))];
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// Which button of a message has the focus, so that the changed message can give it back.
export function focusInside(message) {
  if (!message.contains(document.activeElement)) return null;
  const buttons = [...message.querySelectorAll(".inline-button")];
  return {
    key: document.activeElement.dataset.key,
    index: buttons.indexOf(document.activeElement),
  };
}

export function restoreFocus(message, { key, index }) {
  const buttons = [...message.querySelectorAll(".inline-button:not([disabled])")];
  const same = buttons.find((button) => key && button.dataset.key === key);
  const target =
    index < 0 ? message : (same ?? buttons[Math.min(index, buttons.length - 1)] ?? message);
  target.focus({ preventScroll: true });
}
