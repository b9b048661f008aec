/**
 * Copies a text, and says whether that worked.
 *
 * Pages over plain HTTP have no clipboard of their own, and a browser may refuse it. Then the older way is tried.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copySelected(text)
  }
}

/** Copies a text that is selected for a moment. */
function copySelected(text: string): boolean {
  const focused = document.activeElement
  const field = document.createElement('textarea')
  field.value = text
  field.readOnly = true
  field.style.position = 'fixed'
  field.style.opacity = '0'
  // Beside what has the focus, which may be in a dialog that keeps it.
  const place = focused?.parentElement ?? document.body
  place.append(field)
  field.select()
  // Deprecated, and the only way without the clipboard.
  const isCopied = document.execCommand('copy')
  field.remove()
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  return isCopied
}
