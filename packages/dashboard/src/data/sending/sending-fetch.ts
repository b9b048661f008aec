/**
 * A `fetch` for the SDK that tells how much of the body was sent, which that of browsers does not. A file is read while it is
 * sent, and is never in memory as a whole.
 *
 * @param onSent gets the bytes that have left the browser
 */
export function sendingFetch(onSent: (bytes: number) => void): typeof globalThis.fetch {
  return async (address, { method = 'GET', headers, body, signal } = {}) =>
    await new Promise<Response>((resolve, reject) => {
      signal?.throwIfAborted()
      const request = new XMLHttpRequest()
      request.open(method, address instanceof Request ? address.url : address)
      new Headers(headers).forEach((value, name) => request.setRequestHeader(name, value))
      request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded))
      request.addEventListener('load', () => resolve(answerOf(request)))
      request.addEventListener('error', () => reject(new TypeError('The connection broke off.')))
      request.addEventListener('abort', () => reject(new DOMException('The call was ended.', 'AbortError')))
      signal?.addEventListener('abort', () => request.abort())
      request.send(body instanceof ReadableStream ? null : (body ?? null))
    })
}

function answerOf(request: XMLHttpRequest): Response {
  const headers = new Headers()
  for (const name of ['content-type', 'retry-after', 'x-request-id']) {
    const value = request.getResponseHeader(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(request.responseText, { status: request.status, headers })
}
