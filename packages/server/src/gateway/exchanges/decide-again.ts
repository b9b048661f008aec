import {
  isCredentialActive,
  jwtEndsAtMs,
  jwtRefusal,
  type Allowed,
  type DenyReason,
  type Snapshot,
} from '@sallyport/core'
import type { Caller, Exchange } from './exchange.ts'
import type { LiveVersions } from './live-versions.ts'

/** Decides an admitted request again with the facts of its last verdict. It consumes no limit and counts no use. */
export type DecideCaller = (
  snapshot: Snapshot,
  caller: Caller,
  last: Allowed,
  nowMs: number,
) => Allowed | DenyReason

/** The result: why the exchange must end, or its new verdict and when that ends. */
export type Standing =
  | { readonly reason: DenyReason }
  | { readonly reason: null; readonly verdict: Allowed | null; readonly endsAtMs: number }

/**
 * Decides an exchange again: its deployment, its caller, and the credentials that its steps verified. A deployment that a
 * new version replaced is still served by its own rules.
 *
 * @param nowMs milliseconds since 1970
 */
export function decideAgain(
  snapshot: Snapshot,
  live: LiveVersions,
  { deployment, caller, verdict: last, credentials, jwts }: Exchange,
  decideCaller: DecideCaller,
  nowMs: number,
): Standing {
  if (live.of(deployment) === undefined) return { reason: 'route_not_found' }
  const verdict = caller === null || last === null ? null : decideCaller(snapshot, caller, last, nowMs)
  if (typeof verdict === 'string') return { reason: verdict }
  if (!credentials.every((id) => isCredentialActive(snapshot, id))) return { reason: 'basic_invalid' }
  let endsAtMs = verdict?.endsAtMs ?? Infinity
  for (const jwt of jwts) {
    const reason = jwtRefusal(snapshot, jwt, deployment, nowMs)
    if (reason !== null) return { reason }
    endsAtMs = Math.min(endsAtMs, jwtEndsAtMs(snapshot, jwt, deployment))
  }
  return { reason: null, verdict, endsAtMs }
}
