import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startReceiver } from '../packages/server/src/webhooks/testing/receiver.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { shiftedClock } from './support/shifted-clock.ts'
import { startEchoUpstream } from './support/upstream.ts'

const ACME = '/v1/organizations/acme'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

test('a scheduled roll that kill -9 interrupts delivers one token, which replaces the old one', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startEchoUpstream()
  await using receiver = await startReceiver()
  const clock = await shiftedClock(folder.path)
  const settings = { SALLYPORT_DATA: join(folder.path, 'data'), ...clock.settings }
  await using first = await startServerProcess(settings)
  const acme = await setUpAcme(first)
  const { path, token, keyId } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const events = ['key.rotated']
  const webhook = await acme.must('POST', `${ACME}/webhooks`, { url: receiver.url, events })
  const rotation = `${ACME}/keys/${keyId}/rotation`
  const set = { rotateEveryDays: 1, webhook: textAt(webhook, 'id') }
  const { rotation: planned } = await acme.must('PUT', rotation, set)
  expect(planned).toMatchObject({ state: 'scheduled' })
  await first.stop('SIGKILL')

  // The receiver has the token, and the server never learns that.
  await clock.set(DAY_MS)
  await using second = await startServerProcess(settings)
  receiver.answer = () => {
    process.kill(second.pid, 'SIGKILL')
    return { status: 204 }
  }
  await expect.poll(() => receiver.received.length).toBe(1)
  await second.stop('SIGKILL')
  receiver.answer = () => ({ status: 204 })

  await using third = await startServerProcess(settings)
  await expect.poll(() => receiver.received.length).toBe(2)
  const tokens = receiver.received.map(({ body }) => textAt(JSON.parse(body), 'data', 'token'))
  expect(new Set(tokens).size).toBe(1)
  const [fresh = ''] = tokens
  const outcomes = async (url: string): Promise<readonly number[]> => {
    const gateway = new ApiClient(url)
    const send = async (key: string) =>
      (await gateway.call('GET', path, undefined, { 'x-api-key': key })).status
    return [await send(token), await send(fresh)]
  }
  expect(await outcomes(third.gatewayUrl)).toEqual([200, 200])
  const read = async () => await acme.at(third.controlUrl).must('GET', rotation)
  await expect
    .poll(read, { timeout: 60_000, interval: 500 })
    .toMatchObject({ state: 'scheduled', problem: null })
  expect((await read())['lastRotatedAt']).not.toBeNull()
  expect(await outcomes(third.gatewayUrl)).toEqual([200, 200])
  await clock.set(DAY_MS + 12 * HOUR_MS + 120_000)
  await expect.poll(async () => await outcomes(third.gatewayUrl)).toEqual([401, 200])
  for (const { output } of [first, second, third]) {
    expect(`${output.stdout}${output.stderr}`).not.toContain(fresh)
  }
})
