import { hash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from './parent.ts'

/*
 * What a useful `/authz` on `node:http` costs at least: it reads the headers that Sallyport reads, hashes the token with
 * SHA-256, and sends headers of the same number and length. It decides nothing.
 */

/** As long as an id of Sallyport. */
const ID_PREFIX = 'AAAAAAAA-'
/** The settings of Sallyport's server that have an effect on each response. */
const KEEP_ALIVE_MS = 65_000

let requests = 0

/** Reads the headers that describe the request and its caller, so that Node.js joins and names them. */
function describe({ headers, socket }: IncomingMessage): number {
  const read = [
    headers.host,
    headers['x-original-method'],
    headers['x-original-url'],
    headers['x-forwarded-uri'],
    headers['x-forwarded-method'],
    headers['x-forwarded-for'],
    headers['x-request-id'],
    headers['x-sallyport-mode'],
    headers['transfer-encoding'],
    headers['content-length'],
    headers.origin,
    headers.expect,
    headers.upgrade,
    socket.remoteAddress,
  ]
  return read.reduce((chars, value) => chars + (value?.length ?? 0), 0)
}

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  const token = request.headers['x-api-key']
  const isKnown = typeof token === 'string' && describe(request) > 0
  const digest = hash('sha256', isKnown ? token : '', 'latin1')
  requests += 1
  response.writeHead(digest.length === 32 ? 200 : 401, [
    'x-request-id',
    ID_PREFIX + requests.toString(36),
    'content-length',
    '0',
    'x-sallyport-organization',
    'acme',
    'x-sallyport-environment',
    'prod',
    'x-sallyport-pipeline',
    'orders',
    'x-sallyport-consumer',
    'consumer-123',
    'x-sallyport-key',
    isKnown ? token.slice(0, 20) : '-',
    'x-sallyport-claims',
    '-',
    'x-sallyport-labels',
    '-',
    'x-sallyport-outcome',
    'allowed',
  ])
  response.end()
})

server.listen(0, '127.0.0.1', () => {
  serveParent((server.address() as AddressInfo).port)
})
