import type { CustomFetch } from 'openid-client'
import type { Dispatcher } from 'undici'
import { isLoopback } from '../../address/loopback.ts'
import { BodyTooLarge, readBody } from '../../egress/read-body.ts'

/** A provider did not answer, or not as a working server does. The person is not at fault. */
export class ProviderDown extends Error {
  override readonly name = 'ProviderDown'
}

interface RequestLimits {
  readonly bytesMax: number
  /** For all requests together. */
  readonly signal: AbortSignal
  /** Whether `http://` is allowed, on this machine only. */
  readonly allowsLoopback: boolean
}

/** The headers of a response that the library reads. */
const HEADERS_READ = ['content-type', 'www-authenticate']
const TOO_MANY_REQUESTS = 429
const SERVER_ERROR = 500

/**
 * Makes the function that sends the library's requests. Redirects are not followed, because the server could choose
 * another host; answers are not decompressed, so that their size is the size that was received.
 *
 * @param dispatcher must not follow redirects either
 */
export function providerFetch(dispatcher: Dispatcher, limits: RequestLimits): CustomFetch {
  return async (target, { method, headers, body }) => {
    const url = new URL(target)
    if (!isAllowed(url, limits.allowsLoopback)) {
      throw new ProviderDown(`the provider's metadata names ${url.origin}, which is not https://`)
    }
    try {
      const response = await dispatcher.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method,
        headers,
        body: body instanceof URLSearchParams ? body.toString() : null,
        // Covers the body too.
        signal: limits.signal,
      })
      const read = await readBody(response.body, limits.bytesMax)
      const { statusCode } = response
      if (statusCode >= SERVER_ERROR || statusCode === TOO_MANY_REQUESTS) {
        throw new ProviderDown(`${url.origin} responded with status ${statusCode}`)
      }
      return new Response(hasBody(statusCode) ? read : null, {
        status: statusCode,
        headers: HEADERS_READ.flatMap((name): [string, string][] => {
          const value = response.headers[name]
          return typeof value === 'string' ? [[name, value]] : []
        }),
      })
    } catch (error) {
      if (error instanceof ProviderDown) throw error
      if (error instanceof BodyTooLarge) throw new ProviderDown(error.message)
      throw new ProviderDown(`${url.origin} did not respond: ${String(error)}`)
    }
  }
}

/** Whether the provider's metadata may send requests, or a person's browser, to a URL. */
export function isAllowed(url: URL, allowsLoopback: boolean): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && allowsLoopback && isLoopback(url.hostname))
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}
