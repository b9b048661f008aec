import { useSyncExternalStore } from 'react'
import { sallyport } from './sallyport.ts'

/** How long to wait before the server is asked again whether it is there, in ms. */
const ASK_AGAIN_MS = 2_000

/** Since when the server cannot be reached, in ms since 1970; null while it can. */
let lostAtMs: number | null = null
const listeners = new Set<() => void>()
const recoveries = new Set<() => void>()

function set(next: number | null): void {
  lostAtMs = next
  for (const listener of listeners) listener()
}

/** Notes that a call had no answer, and asks until there is one. */
export function noteLost(): void {
  if (lostAtMs !== null) return
  set(Date.now())
  void untilBack()
}

async function untilBack(): Promise<void> {
  while (lostAtMs !== null) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
    await ask()
  }
}

async function ask(): Promise<void> {
  try {
    await sallyport.getHealth()
  } catch {
    noteLost()
    return
  }
  if (lostAtMs === null) return
  set(null)
  for (const recovered of recoveries) recovered()
}

/** Asks at once whenever the browser says that its network went or came. A server of this machine can be there without one. */
export function watchNetwork(): void {
  for (const event of ['offline', 'online']) window.addEventListener(event, () => void ask())
}

/** Calls `recovered` whenever the server is back. */
export function onRecovery(recovered: () => void): void {
  recoveries.add(recovered)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Since when the server cannot be reached, in ms since 1970; null while it can. */
export function useLostAt(): number | null {
  return useSyncExternalStore(subscribe, () => lostAtMs)
}
