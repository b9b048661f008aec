import type { Portal } from '@sallyport/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { createQueryClient } from '../../../data/cache/query-client.ts'

/** In place of an organization: the session knows one consumer of one organization. */
export const PORTAL = 'portal'
export const STANDING = ['standing', PORTAL] as const

/** The portal session of this browser: it is open, was found closed, or has ended while the page was open. */
export type Standing =
  | { readonly kind: 'open'; readonly portal: Portal }
  /** @param why in the words of the server; null for a person who ended it here */
  | { readonly kind: 'none' | 'ended'; readonly why: string | null }

/**
 * What was read in the portal session. It is apart from what was read as a person who is signed in: the same browser can be
 * both, and the end of one session is not that of the other.
 */
export const portalQueries: QueryClient = createQueryClient((error) => endHere(error.detail))

function set(standing: Standing): void {
  portalQueries.setQueryData<Standing>(STANDING, standing)
}

/** Forgets what was read in another session, and shows this one. */
export function beginHere(portal: Portal): void {
  portalQueries.removeQueries()
  set({ kind: 'open', portal })
}

/** Shows that the session has ended, and forgets what was read in it. */
export function endHere(why: string | null): void {
  const before = portalQueries.getQueryData<Standing>(STANDING)
  if (before?.kind !== 'open') return
  set({ kind: 'ended', why })
  portalQueries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== STANDING[0] })
}
