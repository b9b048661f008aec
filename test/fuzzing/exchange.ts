import { connect } from 'node:net'

/** A response with its parsed body. */
export interface WireAnswer {
  /** 0 if the connection ended without a response. */
  readonly status: number
  readonly head: string
  readonly body: string
}

/**
 * Sends bytes on a new connection and reads until the server closes it. Skips interim responses.
 *
 * @param isIncomplete whether the request lacks its end; then the connection is half-closed
 * @throws Error if the server does not close within the time
 */
export async function exchange(
  url: string,
  bytes: Buffer,
  isIncomplete: boolean,
  withinMs: number,
): Promise<WireAnswer> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const chunks: Buffer[] = []
  let isLate = false
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A server that refuses a body early resets the connection while the body is still being written.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => {
    isLate = true
    socket.destroy()
  }, withinMs)
  // Node.js ends a half-closed connection without a response, so that only an incomplete request may be half-closed.
  if (isIncomplete) socket.end(bytes)
  else socket.write(bytes)
  // Not `once`, which would reject with that error.
  await new Promise((resolve) => socket.once('close', resolve))
  clearTimeout(timer)
  let text = Buffer.concat(chunks).toString()
  if (isLate) throw new Error(`No complete response within ${withinMs} ms, only ${JSON.stringify(text)}`)
  while (/^HTTP\/1\.1 1\d\d /.test(text)) text = text.slice(text.indexOf('\r\n\r\n') + 4)
  const end = text.indexOf('\r\n\r\n')
  const head = end < 0 ? text : text.slice(0, end)
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0), head, body: text.slice(end + 4) }
}
