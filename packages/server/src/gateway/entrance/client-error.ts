import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ProblemCode } from '@sallyport/core'
import { rawProblem } from '../request/answer.ts'

/** What Node.js calls the ways in which a request can be unreadable. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/**
 * Answers what is no readable HTTP request, and ends the connection.
 *
 * @param running the response that the connection is in the middle of, if there is one
 */
export function answerClientError(
  error: Error,
  socket: Duplex,
  running: ServerResponse | undefined,
  requestId: string,
): void {
  const code = 'code' in error ? String(error.code) : ''
  const isBusy = running !== undefined && !running.writableFinished && running.headersSent
  // In the middle of an answer a second one would be taken for its content.
  if (code === 'ECONNRESET' || !socket.writable || isBusy) {
    socket.destroy()
    return
  }
  socket.end(rawProblem(CODES[code] ?? 'invalid_request', requestId), () => socket.destroy())
}
