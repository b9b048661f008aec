import { expect, test } from 'vitest'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, removeGateway, startFleetGateway } from './support/fleet.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { THREE_THREADS } from './support/three-threads.ts'

test('a gateway that is removed while it runs refuses every call, also after a start without a control node', async () => {
  await using upstream = await startEchoUpstream()
  await using folder = await temporaryFolder()
  await using relayFolder = await temporaryFolder()
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_LEASE_SECONDS: '2' }
  const url = { SALLYPORT_GATEWAY_URL: 'http://gateways.test' }
  await using control = await startServerProcess({ ...settings, ...url }, 'control')
  await using relay = await startServerProcess(
    {
      SALLYPORT_DATA: relayFolder.path,
      SALLYPORT_CONTROL_URL: control.controlUrl,
      SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
    },
    'relay',
  )
  // What is left of the token does not bring them back.
  const token = await enrolmentToken(settings, 9)
  await using direct = await startFleetGateway(control.controlUrl, token, THREE_THREADS)
  await using relayed = await startFleetGateway(relay.controlUrl, token, THREE_THREADS)
  const gateways = [direct, relayed]
  const acme = await setUpAcme(control)
  const { path, token: key } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const call = async (at: string): Promise<number> =>
    (await new ApiClient(at).call('GET', path, undefined, { 'x-api-key': key })).status
  const readiness = async (at: string): Promise<unknown> =>
    (await new ApiClient(at).call('GET', '/readyz')).body
  for (const gateway of gateways) await eventually(async () => expect(await call(gateway.url)).toBe(200))

  const listed = await acme.must('GET', '/v1/organizations/acme/gateways')
  const items = listed['items'] as unknown as readonly {
    readonly id: string
    readonly name: string | null
    readonly role: string
  }[]
  for (const { id } of items.filter(({ name, role }) => name !== null && role === 'gateway'))
    await removeGateway(settings, id)
  for (const gateway of gateways) {
    // The stream through the relay ends when that one's next grant is over.
    await eventually(async () => expect(await call(gateway.url)).toBe(503))
    expect(await readiness(gateway.url)).toMatchObject({ ready: false, reason: 'removed' })
    await eventually(() =>
      expect(gateway.process.output.stderr).toContain('this gateway was removed from its fleet'),
    )
  }

  await control.stop('SIGTERM')
  await relay.stop('SIGTERM')
  for (const gateway of gateways) {
    await gateway.process.stop('SIGTERM')
    await gateway.startAgain()
    expect(await call(gateway.url)).toBe(503)
    expect(await readiness(gateway.url)).toMatchObject({ reason: 'removed' })
  }
})
