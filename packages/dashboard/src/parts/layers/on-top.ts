/** What can lie on top of a page, and takes its keys. */
const ON_TOP = '[aria-modal="true"], [role="menu"], [role="listbox"]'

/** Whether a dialog, a menu or a list of choices is open. */
export function isOnTop(): boolean {
  // A list that is closed stays in the page.
  return [...document.querySelectorAll(ON_TOP)].some((part) =>
    part.checkVisibility({ visibilityProperty: true }),
  )
}
