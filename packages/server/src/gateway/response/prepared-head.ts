import { STATUS_CODES, ServerResponse } from 'node:http'
import { hasBody } from '../../connections/unread-body.ts'
import { KEEP_ALIVE_MS } from './keep-alive.ts'

/** Where `writeHead` puts the head that `end` sends. Node.js has no public property for it. */
const HEAD = '_header'
type WithHead = ServerResponse & { [HEAD]: string | null }

/** Whether this version of Node.js keeps the head there. If not, each response is sent as any other. */
const CAN_PREPARE = ((): boolean => {
  const probe = Object.create(ServerResponse.prototype) as WithHead
  probe[HEAD] = 'HTTP/1.1 200 OK\r\n\r\n'
  return probe.headersSent
})()

const STATUS_LINE = `HTTP/1.1 200 ${STATUS_CODES[200]}\r\n`
const KEPT = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_MS / 1000}\r\n\r\n`
const SECOND_MS = 1000

/** The end of the head of each response in one second. */
let end = { second: -1, lines: '' }

function endLines(nowMs: number): string {
  const second = Math.floor(nowMs / SECOND_MS)
  if (end.second !== second) end = { second, lines: `Date: ${new Date(nowMs).toUTCString()}\r\n${KEPT}` }
  return end.lines
}

/**
 * Sends a response with the status 200 and no content, whose head was serialized before: byte by byte the one that `writeHead`
 * would send, at a fifth of its cost.
 *
 * @param lines the headers with their ends of line, with the length of the content, and without those of the connection and the date
 * @returns false if nothing was sent, since the connection does not stay open, or a body is to be read from it
 */
export function sendPrepared(response: ServerResponse, lines: string, nowMs: number): boolean {
  const { req: request } = response
  const isUsual =
    CAN_PREPARE &&
    response.shouldKeepAlive &&
    request.httpVersionMinor === 1 &&
    !hasBody(request) &&
    request.headers.expect === undefined
  if (!isUsual) return false
  const prepared = response as WithHead
  prepared[HEAD] = STATUS_LINE + lines + endLines(nowMs)
  response.end()
  return true
}

/** Headers as such lines. @param headers alternating names and values, all of them valid */
export function headerLines(headers: readonly string[]): string {
  let lines = ''
  for (let index = 0; index + 1 < headers.length; index += 2) {
    lines += `${headers[index]}: ${headers[index + 1]}\r\n`
  }
  // As one flat text, since it is part of many.
  return Buffer.from(lines, 'latin1').toString('latin1')
}
