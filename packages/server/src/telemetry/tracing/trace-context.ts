/** The bit of `trace-flags` that says that the caller may have recorded the trace. */
export const SAMPLED = 0b01
/** The bit of `trace-flags` that says that the right half of the trace id is random (Trace Context Level 2). */
export const RANDOM = 0b10

/** Where a request stands in a trace, as `traceparent` and `tracestate` of its sender say it (W3C Trace Context). */
export interface TraceContext {
  /** 32 hexadecimal digits in lower case, not all of them 0. */
  readonly traceId: string
  /** The id of the sender's span: 16 such digits. */
  readonly spanId: string
  /** Only the bits that this version of the standard defines. */
  readonly flags: number
  /** The list of `tracestate`, to be passed on as it is; empty if there is none, or if it is malformed. */
  readonly state: string
}

/** Section 3.2 of the standard. Later versions may append members, each after another "-". */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)
const NO_VERSION = 'ff'
const OWN_VERSION = '00'

/**
 * Reads the context of a request. Node.js joins repeated headers with a comma, so a repeated `traceparent` is malformed.
 *
 * @returns undefined without a valid `traceparent`; then a `tracestate` means nothing (section 4.3)
 */
export function readTraceContext(
  traceparent: string | string[] | undefined,
  tracestate: string | string[] | undefined,
): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined
  const [, version = '', traceId = '', spanId = '', flags = '', more] = TRACEPARENT.exec(traceparent) ?? []
  if (version === '' || version === NO_VERSION || traceId === NO_TRACE || spanId === NO_SPAN) return undefined
  if (version === OWN_VERSION && more !== undefined) return undefined
  return {
    traceId,
    spanId,
    flags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM),
    state: readTraceState(typeof tracestate === 'string' ? tracestate : (tracestate?.join(',') ?? '')),
  }
}

/** The value of `traceparent` for a request that a span sends. */
export function traceparentOf({ traceId, spanId, flags }: Omit<TraceContext, 'state'>): string {
  return `${OWN_VERSION}-${traceId}-${spanId}-0${flags.toString(16)}`
}

/** Members of a `tracestate` that are passed on at most (section 3.3.1.1). */
const MEMBERS_MAX = 32
/** Its size at most, in characters: four times what the standard asks every system to pass on. */
const STATE_CHARS_MAX = 2048
/** A simple key, or one of a tenant in a system (section 3.3.1.3.1), and a value of printable characters. */
const MEMBER =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const AROUND_MEMBERS = /^[ \t]+|[ \t]+$/g

/** The list without empty members, or an empty text if a member is malformed or there are too many. */
function readTraceState(text: string): string {
  if (text === '' || text.length > STATE_CHARS_MAX) return ''
  const members = text
    .split(',')
    .map((member) => member.replaceAll(AROUND_MEMBERS, ''))
    .filter((member) => member !== '')
  return members.length <= MEMBERS_MAX && members.every((member) => MEMBER.test(member))
    ? members.join(',')
    : ''
}
