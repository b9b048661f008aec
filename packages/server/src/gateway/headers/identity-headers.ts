import type { Principal, Snapshot } from '@sallyport/core'
import { headerSafe, NOTHING } from './header-value.ts'

/** What every identity header's name begins with. The same names from a caller are dropped, always. */
export const IDENTITY_PREFIX = 'x-sallyport-'

/** Whoever a request goes on for, as upstreams are told. */
export interface Identity {
  readonly organization: string
  /** The consumer's name, which it has for good. */
  readonly consumer: string | null
  /** Its id; null exactly where the name is. */
  readonly consumerId: string | null
  readonly keyId: string | null
  readonly claims: Readonly<Record<string, unknown>> | null
}

/** Where a request goes on. */
export interface IdentityPlace {
  readonly record: { readonly organization: string }
  /** Header values. */
  readonly environmentHeader: string
  readonly pipelineHeader: string
}

/** What upstreams are told of a principal. Names are looked up here, for an answer, and not for the decision. */
export function identityOf(
  snapshot: Snapshot,
  { organization, consumer, keyId, claims }: Principal,
): Identity {
  const name = consumer === null ? null : (snapshot.consumer(consumer)?.name ?? consumer)
  return { organization, consumer: name, consumerId: consumer, keyId, claims }
}

/** Appends the six identity headers, each with a value, to a flat list of names and values. */
export function appendIdentity(headers: string[], identity: Identity | null, place: IdentityPlace): void {
  headers.push(
    'x-sallyport-organization',
    headerSafe(identity === null ? place.record.organization : identity.organization),
    'x-sallyport-environment',
    place.environmentHeader,
    'x-sallyport-pipeline',
    place.pipelineHeader,
    'x-sallyport-consumer',
    identity === null || identity.consumer === null ? NOTHING : headerSafe(identity.consumer),
    'x-sallyport-key',
    identity === null || identity.keyId === null ? NOTHING : identity.keyId,
    'x-sallyport-claims',
    identity === null || identity.claims === null ? NOTHING : encodedClaims(identity.claims),
  )
}

/** A repeated token has the very same claims, and to encode them takes longer than to judge it. */
const encoded = new WeakMap<object, string>()

function encodedClaims(claims: Readonly<Record<string, unknown>>): string {
  let text = encoded.get(claims)
  if (text === undefined) {
    text = Buffer.from(JSON.stringify(claims)).toString('base64url')
    encoded.set(claims, text)
  }
  return text
}
