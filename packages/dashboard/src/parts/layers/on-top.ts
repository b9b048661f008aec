/** What can lie on top of a page, and takes its keys. */
const ON_TOP = '[aria-modal="true"], [role="menu"], [role="listbox"]'

/** Whether a dialog, a menu or a list of choices is open. */
export function isOnTop(): boolean {
  return document.querySelector(ON_TOP) !== null
}
