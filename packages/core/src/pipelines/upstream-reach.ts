import { looseSegments } from '../paths/loose-segments.ts'
import type { UrlTemplate } from '../templates/url-template.ts'
import type { Trigger } from './pipeline-spec.ts'

/*
 * Which paths of an upstream the callers of a step can reach. It is an upper bound: two steps that share no path
 * according to this file share none on any upstream that reads paths as leniently as `looseSegments`, or less so.
 */

/** A segment of an upstream's path: fixed text, or text with placeholders between a prefix and a suffix. */
interface SegmentReach {
  readonly prefix: string
  /** Null for fixed text, which is `prefix`. */
  readonly suffix: string | null
}

/** The paths that a URL template can produce. */
export interface UpstreamReach {
  /** Scheme, host and port, in the form in which equal origins are equal texts. */
  readonly origin: string
  readonly segments: readonly SegmentReach[]
  /** Whether any number of further segments can follow. */
  readonly isOpenEnded: boolean
}

// Private-use characters stand for placeholders: a template's text is ASCII.
const ONE = '\ue000'
const MANY = '\ue001'
const PLACEHOLDER = /[\ue000\ue001]/

/** @param encodedSlashes whether the value of one path parameter can hold several segments */
export function upstreamReach(template: UrlTemplate, encodedSlashes: boolean): UpstreamReach {
  const path = template.path.map((part) => {
    if (part.kind === 'text') return part.text
    if (part.kind === 'rest' || part.kind === 'path') return MANY
    return part.kind === 'parameter' && encodedSlashes ? MANY : ONE
  })
  const segments: SegmentReach[] = []
  for (const segment of looseSegments(path.join(''))) {
    const start = segment.search(PLACEHOLDER)
    if (start < 0) {
      segments.push({ prefix: segment, suffix: null })
      continue
    }
    const isMany = segment.includes(MANY)
    // "{*}" and "{path}" can be empty, and a parameter with text beside it cannot.
    if (segment === MANY) return { origin: comparableOrigin(template.origin), segments, isOpenEnded: true }
    const end = Math.max(segment.lastIndexOf(ONE), segment.lastIndexOf(MANY))
    segments.push({ prefix: segment.slice(0, start), suffix: isMany ? '' : segment.slice(end + 1) })
    if (isMany) return { origin: comparableOrigin(template.origin), segments, isOpenEnded: true }
  }
  return { origin: comparableOrigin(template.origin), segments, isOpenEnded: false }
}

/**
 * An origin in lower case and without the scheme's default port.
 *
 * @param origin of scheme `http` or `https`
 */
function comparableOrigin(origin: string): string {
  const lower = origin.toLowerCase()
  const defaultPort = lower.startsWith('https:') ? ':443' : ':80'
  return lower.endsWith(defaultPort) ? lower.slice(0, -defaultPort.length) : lower
}

/** The comparable origin of a URL template, without parsing the rest of it. */
export function templateOrigin(url: string): string {
  return comparableOrigin(/^https?:\/\/[^/?#]*/.exec(url)?.[0] ?? '')
}

/** Whether both can produce the same path on the same origin. */
export function canReachSamePath(one: UpstreamReach, other: UpstreamReach): boolean {
  if (one.origin !== other.origin) return false
  for (let index = 0; ; index += 1) {
    const first = one.segments[index]
    const second = other.segments[index]
    if (first === undefined) return second === undefined || one.isOpenEnded
    if (second === undefined) return other.isOpenEnded
    if (!canBeEqual(first, second)) return false
  }
}

function canBeEqual(one: SegmentReach, other: SegmentReach): boolean {
  if (one.suffix !== null && other.suffix !== null) {
    const prefixes = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix)
    return prefixes && (one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix))
  }
  if (one.suffix !== null) return canProduce(one.prefix, one.suffix, other.prefix)
  if (other.suffix !== null) return canProduce(other.prefix, other.suffix, one.prefix)
  return one.prefix === other.prefix
}

/** Whether a text begins and ends like this, with a value of at least one character in between. */
function canProduce(prefix: string, suffix: string, text: string): boolean {
  return text.length > prefix.length + suffix.length && text.startsWith(prefix) && text.endsWith(suffix)
}

/** What a trigger demands of its callers. */
export interface Guard extends Pick<Trigger, 'authentication' | 'acceptsPublicKeys'> {
  /** Whether only callers of some addresses are admitted. */
  readonly limitsAddresses?: boolean
}

/** Whether a trigger admits callers that another one refuses, because a credential is missing or of their address. */
export function needsLess(trigger: Guard, other: Guard): boolean {
  if (other.limitsAddresses === true && trigger.limitsAddresses !== true) return true
  const { apiKey, jwt, basic } = trigger.authentication
  const asked = other.authentication
  if ((asked.apiKey && !apiKey) || (asked.jwt && !jwt) || (asked.basic && !basic)) return true
  return asked.apiKey && trigger.acceptsPublicKeys && !other.acceptsPublicKeys
}
