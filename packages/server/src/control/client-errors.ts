import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem, type ProblemCode } from '@sallyport/core'
import { endRefused, isHalfClosed } from '../connections/half-close.ts'
import { closeIfDiscarding } from '../connections/unread-body.ts'
import { afterResponses } from '../connections/pending-responses.ts'
import { answerOf } from './problem-answer.ts'
import { newRequestId } from './request-id.ts'

/** The problems for error codes of Node's HTTP parser; any other code is an invalid request. */
const PARSER_CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
}

/**
 * Responds to bytes that Node cannot parse as a request, after the responses to the requests before them. Only the socket
 * exists, so the response is written by hand. The connection is closed, because the start of the next request is unknown.
 */
export function answerClientError(
  randomBytes: (count: number) => Uint8Array,
): (error: Error & { code?: string }, socket: Duplex) => void {
  const refuse = (error: Error & { code?: string }, socket: Duplex): void => {
    if (isHalfClosed(socket) || closeIfDiscarding(socket)) return
    if (!isWritable(socket)) {
      socket.destroy(error)
      return
    }
    const code = PARSER_CODES[error.code ?? ''] ?? 'invalid_request'
    const problem =
      code === 'invalid_request'
        ? new Problem(code, { detail: 'This is not a valid HTTP/1.1 request.' })
        : new Problem(code)
    endRefused(socket, rawAnswer(problem, randomBytes))
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
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'Error'}\r\n${lines.join('')}\r\n${body}`
}

/** Refuses `CONNECT`, to which Node.js would respond by closing the connection. */
export function answerConnect(server: Server, randomBytes: (count: number) => Uint8Array): void {
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy())
    const detail = 'This server is not a proxy. See /docs for all routes.'
    const refusal = rawAnswer(new Problem('invalid_request', { detail }), randomBytes)
    afterResponses(socket, () => endRefused(socket, refusal))
  })
}

/**
 * Answers a client that closes its sending side after its request and waits for the answer (RFC 9293 section 3.6). Node.js
 * would otherwise close the connection without an answer, although the write is done. A request that is not complete by
 * then never will be, so its connection is closed after the answers to the requests before it.
 */
export function answerHalfClosed(server: Server): void {
  Object.assign(server, { httpAllowHalfOpen: true })
  const newest = new WeakMap<Duplex, IncomingMessage>()
  server.on('request', (request) => newest.set(request.socket, request))
  server.on('connection', (socket) => {
    socket.on('end', () => {
      // Where Node.js itself finds the request incomplete, the refusal has been written.
      if (newest.get(socket)?.complete !== false || socket.writableEnded) return
      afterResponses(socket, () => socket.destroySoon())
    })
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
  server.on('checkExpectation', (_request, response) => {
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
  })
}
