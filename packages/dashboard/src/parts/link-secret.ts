import { useSyncExternalStore } from 'react'

/**
 * The part of a link after "#", which is a secret. The routes of such links take it out of the URL before anything is loaded,
 * so that neither the history nor a screenshot has it. It stands here alone, until its page is left.
 */
let secret = ''
const listeners = new Set<() => void>()

/** @param found empty to forget it */
export function keepLinkSecret(found: string): void {
  secret = found
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The secret of the link that was opened last on this page; empty if there is none. */
export function useLinkSecret(): string {
  return useSyncExternalStore(subscribe, () => secret)
}
