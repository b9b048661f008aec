import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { startReceiver, type Received } from '../packages/server/src/webhooks/testing/receiver.ts'
import { setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const ACME = '/v1/organizations/acme'

function verified({ headers, body }: Received, secret: string): unknown {
  return new Webhook(secret).verify(body, headers as Record<string, string>)
}

test('an event whose delivery kill -9 interrupts arrives again after the restart, and can be replayed', async () => {
  await using folder = await temporaryFolder()
  await using receiver = await startReceiver()
  const settings = { SALLYPORT_DATA: folder.path }
  await using first = await startServerProcess(settings)
  const acme = await setUpAcme(first)
  for (const url of ['https://10.0.0.1/', 'http://169.254.169.254/latest', 'https://[::ffff:a9fe:a9fe]/']) {
    const refused = await acme.call('POST', `${ACME}/webhooks`, { url, events: ['key.created'] })
    expect([url, refused.status]).toEqual([url, 400])
  }
  const created = await acme.must('POST', `${ACME}/webhooks`, {
    url: receiver.url,
    events: ['key.created', 'member.added'],
  })
  const secret = textAt(created, 'secret')
  expect(secret).toMatch(/^whsec_/)
  // The receiver has the message, and the server never learns that.
  receiver.answer = () => {
    process.kill(first.pid, 'SIGKILL')
    return { status: 200 }
  }
  const key = await acme.must('POST', `${ACME}/keys`, { name: 'told', type: 'secret' })
  await expect.poll(() => receiver.received.length).toBe(1)
  await first.stop('SIGKILL')
  receiver.answer = () => ({ status: 204 })

  await using second = await startServerProcess(settings)
  await expect.poll(() => receiver.received.length).toBe(2)
  const again = acme.at(second.controlUrl)
  const webhook = `${ACME}/webhooks/${textAt(created, 'id')}`
  const deliveries = async () =>
    Object.values((await again.must('GET', `${webhook}/deliveries`))['items'] ?? {})
  await expect.poll(async () => (await deliveries())[0]?.['state']).toBe('delivered')
  const id = textAt((await deliveries())[0], 'id')
  const replayed = await again.must('POST', `${webhook}/deliveries/${id}/replay`)
  expect(replayed['state']).toBe('pending')
  await expect.poll(() => receiver.received.length).toBe(3)
  for (const message of receiver.received) {
    expect(message.headers['webhook-id']).toBe(id)
    expect(verified(message, secret)).toMatchObject({
      type: 'key.created',
      data: { organization: 'acme', key: { id: textAt(key, 'key', 'id'), name: 'told' } },
    })
    expect(message.body).toBe(receiver.received[0]?.body)
  }

  // Neither the log nor the database has the secret.
  const stored = ['sallyport.db', 'sallyport.db-wal'].map((name) =>
    readFileSync(join(folder.path, name), 'latin1'),
  )
  for (const text of [...stored, first.output.stderr, second.output.stderr]) {
    expect(text.includes(secret.slice('whsec_'.length))).toBe(false)
  }
  expect(receiver.received.some(({ body }) => body.includes(textAt(key, 'token').slice(0, 30)))).toBe(false)
})
