import { Problem, WINDOW_MS, type Permission, type RateLimit } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'

/** What limits a credential besides its permissions. */
export interface CredentialBounds {
  /** When it ends, in ms since 1970; null for never. */
  readonly expiresAtMs: number | null
  /** The ranges in CIDR form from which it works; empty for everywhere. */
  readonly addressRules: readonly string[]
  readonly rateLimits: readonly RateLimit[]
}

/** The bounds of a credential that never ends and works everywhere without limits, such as a Basic credential. */
export const NO_BOUNDS: CredentialBounds = { expiresAtMs: null, addressRules: [], rateLimits: [] }

/** A bound that a credential exceeds, in words. */
export type Excess = 'expiry' | 'address rules' | 'rate limits'

/** The bounds in which `wanted` allows more than `held`. */
export function excessOf(held: CredentialBounds, wanted: CredentialBounds): readonly Excess[] {
  const excess: Excess[] = []
  if ((wanted.expiresAtMs ?? Infinity) > (held.expiresAtMs ?? Infinity)) excess.push('expiry')
  if (!addressesWithin(held.addressRules, wanted.addressRules)) excess.push('address rules')
  if (!rateLimitsWithin(held.rateLimits, wanted.rateLimits)) excess.push('rate limits')
  return excess
}

/** Whether each wanted range lies within one of the held ranges. No ranges mean every address. */
function addressesWithin(held: readonly string[], wanted: readonly string[]): boolean {
  if (held.length === 0) return true
  if (wanted.length === 0) return false
  const outer = held.map((range) => ({ bits: bitsOf(range), set: new AddressSet([range]) }))
  return wanted.every((range) =>
    outer.some(({ bits, set }) => bitsOf(range) >= bits && set.has(range.split('/', 1)[0] ?? '')),
  )
}

/**
 * The ranges in which an address must be to lie within both of two lists, where no ranges mean every address. Of two
 * ranges that overlap, one contains the other.
 *
 * @returns a list that no address satisfies, if both lists have ranges and share no address
 */
export function commonAddresses(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one
  const common = [...new Set([...rangesWithin(one, other), ...rangesWithin(other, one)])]
  return common.length === 0 ? [UNSPECIFIED] : common
}

function rangesWithin(inner: readonly string[], outer: readonly string[]): readonly string[] {
  return inner.filter((range) => addressesWithin(outer, [range]))
}

/** The unspecified address, from which no request comes (RFC 4291 section 2.5.2). */
const UNSPECIFIED = '::/128'

/** The prefix length of a range in canonical form; NaN, which compares as false, for any other text. */
function bitsOf(range: string): number {
  return Number.parseInt(range.split('/')[1] ?? '', 10)
}

/** Whether each held limit has a wanted one that allows no larger burst and no faster refill. */
function rateLimitsWithin(held: readonly RateLimit[], wanted: readonly RateLimit[]): boolean {
  return held.every((limit) =>
    wanted.some(
      (other) =>
        // A counter of a consumer is shared by all its keys, so it allows less than a counter of each key.
        (limit.by === 'credential' || other.by === limit.by) &&
        other.requests <= limit.requests &&
        other.requests * WINDOW_MS[limit.per] <= limit.requests * WINDOW_MS[other.per],
    ),
  )
}

/** The refusal of an actor that would give a credential more than its own. */
export function boundsExceeded(
  {
    usesOldSecret = false,
    portal,
  }: { readonly usesOldSecret?: boolean; readonly portal?: object | undefined },
  permission: Permission,
  excess: readonly Excess[],
): Problem {
  const detail = portal === undefined ? excessOfKey(usesOldSecret, excess) : excessOfPortal(excess)
  return new Problem('permission_missing', {
    detail,
    extensions: { permission },
  })
}

function excessOfPortal(excess: readonly Excess[]): string {
  return `The ${excess.join(' and the ')} would allow more than the key that made the link to this portal. Choose narrower bounds, or ask the people who sent you the link.`
}

function excessOfKey(usesOldSecret: boolean, excess: readonly Excess[]): string {
  return usesOldSecret && excess.includes('expiry')
    ? 'You use the old secret of a key that was rolled. It ends soon, so it can give nothing that lasts longer. Use the new secret of the key.'
    : `The ${excess.join(' and the ')} would allow more than the key that you use, and you can only give what you have yourself. Choose narrower bounds, or use a key without these bounds.`
}
