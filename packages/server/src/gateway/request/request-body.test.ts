import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { RequestBody } from './request-body.ts'

const KIB = 1024
const MIB = 1024 * KIB

test('Of a body that arrives faster than it is read, others have their turn after each 128 KiB', async () => {
  await using server = createServer()
  const requested = once(server, 'request') as Promise<[IncomingMessage]>
  await once(server.listen(0, '127.0.0.1'), 'listening')
  await using caller = connect((server.address() as AddressInfo).port, '127.0.0.1')
  caller.write(`POST / HTTP/1.1\r\nHost: api\r\nContent-Length: ${8 * MIB}\r\n\r\n`)
  const [request] = await requested
  // The system holds so much that Node.js could read for long without waiting.
  await new Promise((sent) => caller.write(Buffer.alloc(MIB), sent))
  caller.write(Buffer.alloc(7 * MIB))

  let bytes = 0
  let bytesOfTurn = 0
  let most = 0
  let isOver = false
  const turns = (async () => {
    while (!isOver) {
      most = Math.max(most, bytesOfTurn)
      bytesOfTurn = 0
      await nextTurn()
    }
  })()
  const body = new RequestBody(request, 8 * MIB, () => undefined)
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    bytesOfTurn += chunk.length
  }
  isOver = true
  await turns
  expect(bytes).toBe(8 * MIB)
  expect(most).toBeLessThanOrEqual(128 * KIB)
})
