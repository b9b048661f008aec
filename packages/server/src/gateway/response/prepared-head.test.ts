import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { announceKeepAlive } from './keep-alive.ts'
import { headerLines, sendPrepared } from './prepared-head.ts'

const HEADERS = ['X-Request-Id', 'abc-1', 'content-length', '0', 'x-sallyport-consumer', 'mobile-app']

/** What a server sends for one request. */
async function answered(request: string, listener: RequestListener): Promise<string> {
  const server = createServer({ keepAliveTimeout: 0, requireHostHeader: false }, (asked, response) => {
    announceKeepAlive(response)
    listener(asked, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(request)
  const [bytes] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  server.close()
  return bytes.toString('latin1')
}

/** The same, with the same date each time. */
async function sent(request: string, listener: RequestListener): Promise<string> {
  const text = await answered(request, listener)
  return text.replace(/^Date: \w{3}, \d{2} \w{3} \d{4} [0-9:]{8} GMT\r$/m, 'Date: …\r')
}

const usual: RequestListener = (_request, response) => {
  response.writeHead(200, HEADERS).end()
}

test.each(['GET', 'HEAD', 'POST'])(
  'a prepared response to %s is that of writeHead, byte by byte',
  async (method) => {
    const request = `${method} / HTTP/1.1\r\nHost: a.example\r\n\r\n`
    let isSent = false
    const prepared = await sent(request, (_request, response) => {
      isSent = sendPrepared(response, headerLines(HEADERS), Date.now())
    })
    expect(isSent).toBe(true)
    expect(prepared).toBe(await sent(request, usual))
    expect(prepared).toContain('\r\nDate: …\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\n')
  },
)

test('a prepared response has the date of its second', async () => {
  const request = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'
  const dateAt = async (nowMs: number): Promise<string | undefined> => {
    const text = await answered(request, (_request, response) => {
      sendPrepared(response, headerLines(HEADERS), nowMs)
    })
    return /^Date: (.*)\r$/m.exec(text)?.[1]
  }
  const atMs = Date.UTC(2027, 0, 1)
  expect(await dateAt(atMs + 999)).toBe('Fri, 01 Jan 2027 00:00:00 GMT')
  expect(await dateAt(atMs + 1000)).toBe('Fri, 01 Jan 2027 00:00:01 GMT')
})

test.each([
  ['whose connection closes', 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n'],
  ['of HTTP/1.0', 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
  ['with a body', 'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\na'],
])('a request %s gets no prepared response', async (_case, request) => {
  let isSent = true
  await sent(request, (asked, response) => {
    isSent = sendPrepared(response, headerLines(HEADERS), Date.now())
    usual(asked, response)
  })
  expect(isSent).toBe(false)
})
