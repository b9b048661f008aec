import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface RawCall {
  readonly method?: string
  /** Sent as it is: nothing resolves or encodes it. */
  readonly path: string
  /** A list for a header that is sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

/** Sends a request that `fetch` would not send. */
export async function rawCall(
  url: string,
  { method = 'GET', path, headers = {}, body }: RawCall,
): Promise<RawAnswer> {
  const { hostname, port, host } = new URL(url)
  const pairs = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => [name, value]),
  )
  const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))]
  const sent = request({
    hostname,
    port,
    method,
    path,
    headers: ['host', host, ...pairs, ...length],
    agent: false,
  })
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
}

/** Sends the lines of a request without a body, and reads the first line of the answer. */
export async function firstLine(url: string, ...lines: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  const [chunk] = (await once(socket.setEncoding('latin1'), 'data')) as [string]
  socket.destroy()
  return chunk.split('\r\n')[0] ?? ''
}
