// Puts children in this order and says which were moved: they forget focus and place in the log.
export function inOrder(parent, children) {
  const focused = document.activeElement;
  const moved = new Set();
  let before = null;
  for (const child of [...children].reverse()) {
    if (child.parentNode !== parent || child.nextElementSibling !== before) {
      parent.insertBefore(child, before);
      moved.add(child);
    }
    before = child;
  }
  if (focused?.isConnected) focused.focus({ preventScroll: true });
  return moved;
}
