import { useSyncExternalStore } from 'react'

/** How often "4 s ago" is renewed, in ms. All texts share one timer, which stops when none is shown. */
const TICK_MS = 1_000

let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of listeners) each()
  }, TICK_MS)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time in ms since 1970, renewed each second. */
export function useNow(): number {
  return useAtNow((atMs) => atMs)
}

/**
 * A value that changes as time goes by. The component is drawn again only when the value is another one.
 *
 * @param read is called each second with the time in ms since 1970
 */
export function useAtNow<Value extends string | number | boolean>(read: (nowMs: number) => Value): Value {
  return useSyncExternalStore(subscribe, () => read(nowMs))
}
