/** A message at the edge of the page. */
export interface Toast {
  readonly id: number
  readonly text: string
  /** Whether it was not done. */
  readonly isWarning: boolean
}

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function remove(id: number): void {
  set(toasts.filter((toast) => toast.id !== id))
}

/** Says for a moment what was done. Failures stand where they happened instead. */
export function say(text: string): void {
  add(text, false)
}

/** Says for a moment what the browser did not allow, which has no place of its own. */
export function warn(text: string): void {
  add(text, true)
}

function add(text: string, isWarning: boolean): void {
  lastId += 1
  set([...toasts, { id: lastId, text, isWarning }])
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What is said now. */
export function toastsNow(): readonly Toast[] {
  return toasts
}
