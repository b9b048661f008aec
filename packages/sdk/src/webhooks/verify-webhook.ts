import { type LocalErrorCode, SallyportError } from '../calls/sallyport-error.ts'
import { headerOf, type RequestHeaders } from '../calls/request-headers.ts'

/** How far the time of a message may be from the clock of its receiver, in seconds. */
const TOLERANCE_SECONDS = 300
const SECRET_PREFIX = 'whsec_'
/** Signatures of one message: two while a secret is rotated. More are not looked at. */
const SIGNATURES_MAX = 10

/** An event as a webhook gets it. docs/webhooks.md has the `data` of each `type`. */
export interface WebhookEvent {
  /** Such as `key.created`. */
  readonly type: string
  /** When it happened, in RFC 3339. */
  readonly timestamp: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface VerifyWebhookInput {
  /** The body exactly as it arrived. JSON that was parsed and written again has another signature. */
  readonly body: string | Uint8Array<ArrayBuffer>
  readonly headers: RequestHeaders
  /** The secret of the webhook, which begins with `whsec_`; several while it is rotated. */
  readonly secret: string | readonly string[]
  /** How far the time of the message may be from this clock, in seconds: 300 unless given. */
  readonly toleranceSeconds?: number | undefined
  /** The time, in ms since 1970: now unless given. */
  readonly nowMs?: number | undefined
}

/**
 * Verifies a message of a webhook (Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body`), and reads its event.
 * Ignore a message whose header `webhook-id` you have handled: each event is sent at least once.
 *
 * @throws SallyportError `webhook_invalid`: answer 400, and use nothing of the message
 * @throws TypeError for a secret that is not one of a webhook
 */
export async function verifyWebhook({
  body,
  headers,
  secret,
  toleranceSeconds = TOLERANCE_SECONDS,
  nowMs = Date.now(),
}: VerifyWebhookInput): Promise<WebhookEvent> {
  const id = requiredHeader(headers, 'webhook-id')
  const timestamp = requiredHeader(headers, 'webhook-timestamp')
  const signatures = signaturesOf(requiredHeader(headers, 'webhook-signature'))
  const secrets = typeof secret === 'string' ? [secret] : secret
  const signed = bytesOf(`${id}.${timestamp}.`, body)
  if (!(await isSigned(signed, signatures, secrets.map(keyBytes)))) {
    throw invalid('No signature of the message fits its body and the secret.')
  }
  const ageSeconds = nowMs / 1000 - Number(timestamp)
  // Also for a time that is not a number.
  if (!(Math.abs(ageSeconds) <= toleranceSeconds)) {
    throw invalid(
      `The time of the message is more than ${toleranceSeconds} s from the clock of this machine.`,
    )
  }
  return eventOf(body)
}

async function isSigned(
  signed: Uint8Array<ArrayBuffer>,
  signatures: readonly Uint8Array<ArrayBuffer>[],
  keys: readonly Uint8Array<ArrayBuffer>[],
): Promise<boolean> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
    // Compares in constant time.
    for (const signature of signatures)
      if (await crypto.subtle.verify(algorithm, key, signature, signed)) return true
  }
  return false
}

function requiredHeader(headers: RequestHeaders, name: string): string {
  const value = headerOf(headers, name)
  if (value === null || value === '') throw invalid(`The message has no header "${name}".`)
  return value
}

/** The signatures of version 1, of a list such as `v1,…  v1,…`. */
function signaturesOf(list: string): readonly Uint8Array<ArrayBuffer>[] {
  return list
    .split(' ')
    .slice(0, SIGNATURES_MAX)
    .flatMap((one) => (one.startsWith('v1,') ? (fromBase64(one.slice('v1,'.length)) ?? []) : []))
}

function keyBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = secret.startsWith(SECRET_PREFIX) ? fromBase64(secret.slice(SECRET_PREFIX.length)) : null
  if (bytes === null || bytes.length === 0) {
    throw new TypeError(
      `The secret of a webhook begins with ${SECRET_PREFIX}: use the one that its creation showed.`,
    )
  }
  return bytes
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return null
  }
}

function bytesOf(start: string, body: VerifyWebhookInput['body']): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const first = encoder.encode(start)
  const second = typeof body === 'string' ? encoder.encode(body) : body
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

function eventOf(body: VerifyWebhookInput['body']): WebhookEvent {
  try {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
    return JSON.parse(text) as WebhookEvent
  } catch (cause) {
    throw invalid('The body of the message is not JSON.', cause)
  }
}

function invalid(detail: string, cause?: unknown): SallyportError {
  return new SallyportError({ code: 'webhook_invalid' satisfies LocalErrorCode, status: 0, detail, cause })
}
