import { RawConnection } from '../../packages/server/src/gateway/testing/raw-connection.ts'
import { clientFrame, textFrame, type LastingRequest, type LastingUpstream } from './lasting-upstream.ts'

/** The kinds of exchanges that last, by the path of their pipeline. */
export const EXCHANGE_KINDS = ['ws', 'events', 'download', 'sized', 'upload', 'run'] as const
export type ExchangeKind = (typeof EXCHANGE_KINDS)[number]

/** Both ends of an exchange that goes on until a test ends it. */
export interface LastingExchange {
  readonly kind: ExchangeKind
  readonly caller: RawConnection
  readonly upstream: LastingRequest
}

/** Tells the exchanges of a kind apart: the path of another pipeline of the kind, and a query. */
export interface ExchangePlace {
  readonly pipeline: string
  readonly query: string
}

/**
 * Opens an exchange through a gateway, and waits until both ends take part.
 *
 * @param headers with their line breaks
 * @param place needed if several exchanges are opened at a time
 */
export async function openExchange(
  kind: ExchangeKind,
  port: number,
  upstream: LastingUpstream,
  headers: string,
  place?: ExchangePlace,
): Promise<LastingExchange> {
  const caller = await RawConnection.open(port)
  const path = place === undefined ? `/acme/prod/${kind}` : `/acme/prod/${place.pipeline}?${place.query}`
  if (kind === 'ws') {
    caller.send(
      `GET ${path} HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`,
    )
  } else if (kind === 'upload') {
    caller.send(`POST ${path} HTTP/1.1\r\nHost: api\r\nContent-Length: 1000000\r\n${headers}\r\nfirst`)
  } else caller.send(`GET ${path} HTTP/1.1\r\nHost: api\r\n${headers}\r\n`)
  const request = await upstream.next(place === undefined ? undefined : `/${kind}?${place.query}`)
  if (kind === 'ws') await caller.until('\r\n\r\n')
  if (kind === 'events' || kind === 'download' || kind === 'sized') await caller.until('first')
  while (kind === 'upload' && request.received() < 5) await new Promise(setImmediate)
  return { kind, caller, upstream: request }
}

/** Sends data from the upstream, or from the caller of an upload, and waits until it arrives at the other end. */
export async function expectGoesOn({ kind, caller, upstream }: LastingExchange): Promise<void> {
  if (kind === 'ws') {
    upstream.socket.write(textFrame('still here'))
    await caller.until('still here')
    const before = upstream.received()
    caller.send(clientFrame('me too'))
    while (upstream.received() === before) await new Promise(setImmediate)
  } else if (kind === 'upload') {
    const before = upstream.received()
    caller.send('still here')
    while (upstream.received() < before + 10) await new Promise(setImmediate)
  } else if (kind === 'run') {
    upstream.response?.end('{"done": true}')
    await caller.until(/^HTTP\/1.1 200 [^]*done/)
  } else {
    upstream.response?.write('still here')
    await caller.until('still here')
  }
}

/**
 * Makes both ends send although the exchange was cut, and waits until both are closed.
 *
 * @returns everything that the caller received
 */
export async function expectIsCut({ kind, caller, upstream }: LastingExchange): Promise<string> {
  const before = upstream.received()
  if (kind === 'ws') {
    upstream.socket.write(textFrame('too late'))
    caller.send(clientFrame('too late'))
  } else if (kind === 'upload') caller.send('too late')
  else upstream.response?.write('too late')
  const text = await caller.closed()
  await upstream.closed
  if (upstream.received() !== before)
    throw new Error('the upstream received bytes after the exchange was cut')
  if (text.includes('too late')) throw new Error('the caller received bytes after the exchange was cut')
  return text
}
