import { expect, test, vi } from 'vitest'
import { startPostgres } from './services/postgres-server.ts'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { failedStartOutput } from './support/failed-start.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startTcpRelay } from './support/tcp-relay.ts'
import { startEchoUpstream } from './support/upstream.ts'

test('on a read-only standby writes are 503 with the cause in the log, and reads and the gateway go on', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startEchoUpstream()
  await using primary = await startPostgres()
  await using relay = await startTcpRelay(primary.url)
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_DATABASE_URL: relay.url }
  await using server = await startServerProcess(settings)
  const acme = await setUpAcme(server)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const gateway = new ApiClient(server.gatewayUrl)
  const create = async () =>
    await acme.call('POST', '/v1/organizations/acme/keys', { name: 'written', type: 'secret' })
  await using standby = await startPostgres({ standbyOf: primary.url })
  const connectTo = (url: string): void => {
    relay.cut()
    relay.retarget(url)
    relay.mend()
  }

  connectTo(standby.url)
  await vi.waitFor(async () => expect((await acme.call('GET', '/v1/whoami')).status).toBe(200), 20_000)
  for (let round = 0; round < 10; round += 1) {
    expect(await create()).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    const removal = await acme.call('DELETE', `/v1/organizations/acme/keys/${orders.keyId}`)
    expect(removal).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    const call = await gateway.call('GET', orders.path, undefined, { 'x-api-key': orders.token })
    expect(call.status).toBe(200)
  }
  expect(server.output.stderr).toContain('cannot set transaction read-write mode during recovery')

  connectTo(primary.url)
  await vi.waitFor(async () => expect((await create()).status).toBe(201), 20_000)

  await using other = await temporaryFolder()
  expect(
    await failedStartOutput({ SALLYPORT_DATA: other.path, SALLYPORT_DATABASE_URL: standby.url }),
  ).toContain('is a read-only standby. Use the primary server.')
})
