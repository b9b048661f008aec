import type { Dispatcher } from 'undici'
import type { AttemptError } from '../store/port/webhooks/deliveries.ts'
import type { WebhookMessage } from './message.ts'

/** What is read of an answer, which nobody needs: enough to use the connection again. */
const ANSWER_BYTES_MAX = 16 * 1024

export type Answer =
  | { readonly status: number; readonly error: null }
  | { readonly status: null; readonly error: AttemptError }

/**
 * Posts a message. Redirects are not followed: the receiver could otherwise choose an address that it must not reach.
 *
 * @param signal ends the attempt, including its connection
 * @param onError gets the exact cause, which belongs in the log only
 * @returns the status, or a class of error that says nothing about the network behind the URL; never throws
 */
export async function sendMessage(
  agent: Pick<Dispatcher, 'request'>,
  url: string,
  { headers, body }: WebhookMessage,
  signal: AbortSignal,
  onError: (cause: unknown) => void,
): Promise<Answer> {
  try {
    const { origin, pathname, search } = new URL(url)
    const answer = await agent.request({
      origin,
      path: pathname + search,
      method: 'POST',
      headers,
      body,
      signal,
    })
    // The status is the answer; what follows cannot change it.
    await answer.body.dump({ limit: ANSWER_BYTES_MAX, signal }).catch(() => undefined)
    return { status: answer.statusCode, error: null }
  } catch (error) {
    onError(error)
    return { status: null, error: signal.aborted ? 'timeout' : errorOf(error) }
  }
}

/**
 * A name that does not exist, one whose address must not be called, and an address where nothing listens are one class, so
 * that attempts do not map a private network.
 */
function errorOf(error: unknown): AttemptError {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown }
  if (typeof code !== 'string') return cause === undefined ? 'connection_lost' : errorOf(cause)
  if (UNREACHABLE.has(code) || code.startsWith('EAI_')) return 'unreachable'
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT') return 'timeout'
  return /CERT|TLS|SSL|EPROTO|^UNABLE_TO_/.test(code) ? 'tls_failed' : 'connection_lost'
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'SALLYPORT_ADDRESS_REFUSED',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  // Of name servers; ETIMEOUT too, because only names of the network behind can be slow or quick.
  'ENOTFOUND',
  'ENODATA',
  'ESERVFAIL',
  'EREFUSED',
  'ETIMEOUT',
  'EBADNAME',
  'EFORMERR',
  'EBADRESP',
])
