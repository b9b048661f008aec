import { STATUS_CODES, type RequestListener, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem } from '@sallyport/core'
import { readExpectation } from '../connections/expectation.ts'
import { parseProblem, type ParseError } from '../connections/parse-problem.ts'
import { endRefused, isHalfClosed } from '../connections/half-close.ts'
import { closeIfDiscarding } from '../connections/unread-body.ts'
import { afterResponses } from '../connections/pending-responses.ts'
import { answerOf } from './problem-answer.ts'
import { newRequestId } from './request-id.ts'

/**
 * Responds to bytes that Node cannot parse as a request, after the responses to the requests before them. Only the socket
 * exists, so the response is written by hand. The connection is closed, because the start of the next request is unknown.
 */
export function answerClientError(
  randomBytes: (count: number) => Uint8Array,
): (error: ParseError, socket: Duplex) => void {
  const refuse = (error: ParseError, socket: Duplex): void => {
    if (isHalfClosed(socket) || closeIfDiscarding(socket)) return
    const problem = parseProblem(error)
    if (problem === null || !isWritable(socket)) {
      socket.destroy(error)
      return
    }
    const { code, detail } = problem
    endRefused(socket, rawAnswer(new Problem(code, detail === undefined ? {} : { detail }), randomBytes))
  }
  return (error, socket) => afterResponses(socket, () => refuse(error, socket))
}

/** A response in bytes, the last one on its connection. */
function rawAnswer(problem: Problem, randomBytes: (count: number) => Uint8Array): string {
  const { status, headers, body } = answerOf(problem, false)
  const lines = Object.entries({
    ...headers,
    'x-request-id': newRequestId(randomBytes),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`
}

/** Refuses `CONNECT`, to which Node.js would respond by closing the connection. */
export function answerConnect(server: Server, randomBytes: (count: number) => Uint8Array): void {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    const detail = 'This server is not a proxy. See /docs for all routes.'
    const refusal = rawAnswer(new Problem('method_not_supported', { detail }), randomBytes)
    afterResponses(socket, () => endRefused(socket, refusal))
  })
}

/** Whether a response can still be written: the socket is open, and no other response has started on it. */
function isWritable(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as Duplex & {
    readonly _httpMessage?: { readonly headersSent: boolean } | null
  }
  return socket.writable && answer?.headersSent !== true
}

/** Refuses an `Expect` that is not `100-continue` (RFC 9110 section 10.1.1). */
export function answerExpectations(server: Server, randomBytes: (count: number) => Uint8Array): void {
  const answer: RequestListener = (request, response) => {
    const expectation = readExpectation(request.headers.expect)
    if (expectation !== 'unknown') {
      if (expectation === 'continue') response.writeContinue()
      server.emit('request', request, response)
      return
    }
    const { status, headers, body } = answerOf(new Problem('expectation_failed'), false)
    response.shouldKeepAlive = false
    response
      .writeHead(status, {
        ...headers,
        'x-request-id': newRequestId(randomBytes),
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      })
      .end(body)
  }
  server.on('checkContinue', answer)
  server.on('checkExpectation', answer)
}
