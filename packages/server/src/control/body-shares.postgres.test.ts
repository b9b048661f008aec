import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { ACME, openAcme } from './testing/control-world.ts'

/** More than one key, or one organization, can send at a time. */
const ABORTED = 200
/** At most this many at a time, so that each still waits for the database when its client leaves. */
const AT_A_TIME = 20

test('bodies whose clients leave while the database authenticates them give their room back', async () => {
  await using database = await openTestDatabase()
  await using world = await openAcme({}, undefined, { kind: 'postgres', url: database.url })
  const port = await world.port()
  const clients = new Map<number | undefined, Socket>()
  let arrived = 0
  world.app.server.on('request', ({ socket }: IncomingMessage) => {
    const client = clients.get(socket.remotePort)
    if (client === undefined) return
    arrived += 1
    client.resetAndDestroy()
  })
  const head =
    `POST ${ACME}/projects HTTP/1.1\r\nhost: localhost\r\nauthorization: ${world.owner.authorization}\r\n` +
    'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
  const abort = async (): Promise<void> => {
    const client = connect({ port, host: '127.0.0.1' })
    await once(client, 'connect')
    clients.set(client.localPort, client)
    client.write(head)
    await once(client, 'close')
  }
  for (let count = 0; count < ABORTED; count += AT_A_TIME) {
    await Promise.all(Array.from({ length: AT_A_TIME }, abort))
  }
  expect(arrived).toBe(ABORTED)
  const create = async (): Promise<number> =>
    (await world.own('POST', `${ACME}/projects`, { name: 'after' })).status
  // The last ones may still be with the database.
  await expect.poll(create).toBe(201)
})
