import { CLAIM_VALUE_PREFIX, type PathValues } from '@sallyport/core'
import { headerSafe, type Identity } from '../headers/identity-headers.ts'
import type { UpstreamToken } from '../message/upstream-token.ts'

/** The most characters of one value about the caller in a header. */
export const VALUE_CHARS_MAX = 8192

/** The run that sends a request. */
export interface UpstreamRun {
  readonly token?: UpstreamToken | null
  readonly identity: Identity
}

/** The values of a run by the names of placeholders, each a valid header value. */
export interface RunValues extends PathValues {
  /** The name of the consumer; null without one. */
  readonly consumer: string | null
  /** The id of the key; null without one. */
  readonly key: string | null
}

/** The values that headers can name; undefined for one that the run does not have. */
export function runValues({ token, identity }: UpstreamRun): RunValues {
  return {
    consumer: identity.consumer,
    key: identity.keyId,
    get(name) {
      if (name === 'oauth.token') return token?.value
      const value = callerValue(identity, name)
      return value === undefined || value === null ? undefined : headerText(value)
    },
  }
}

function callerValue(identity: Identity, name: string): unknown {
  switch (name) {
    case 'auth.organization':
      return identity.organization
    case 'auth.consumer':
      return identity.consumer
    case 'auth.consumerId':
      return identity.consumerId
    case 'auth.key':
      return identity.keyId
    default: {
      const claim = name.slice(CLAIM_VALUE_PREFIX.length)
      const { claims } = identity
      return claims !== null && Object.hasOwn(claims, claim) ? claims[claim] : undefined
    }
  }
}

/**
 * A string as it is and any other value as JSON, percent-encoded unless it is visible ASCII without "%", as in
 * `x-sallyport-consumer`: so no value ends its header, and each can be read back exactly.
 */
function headerText(value: unknown): string {
  return headerSafe(typeof value === 'string' ? value : JSON.stringify(value))
}
