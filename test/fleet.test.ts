import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, startFleetGateway, type FleetGateway } from './support/fleet.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { THREE_THREADS } from './support/three-threads.ts'

/** A control node on SQLite without a gateway of its own, a gateway without a database, and one behind a relay. */
describe('a control node and its gateways', () => {
  const stack = new AsyncDisposableStack()
  let settings: Readonly<Record<string, string>>
  let control: ServerProcess
  let gateways: readonly FleetGateway[]
  let acme: ApiClient
  let path: string
  let consumer: string

  beforeAll(async () => {
    const upstream = stack.use(await startEchoUpstream())
    const folder = stack.use(await temporaryFolder())
    settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_LEASE_SECONDS: '2' }
    control = stack.use(
      await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
    )
    const token = await enrolmentToken(settings, 2)
    const relayFolder = stack.use(await temporaryFolder())
    const relay = stack.use(
      await startServerProcess(
        {
          SALLYPORT_DATA: relayFolder.path,
          SALLYPORT_CONTROL_URL: control.controlUrl,
          SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
        },
        'relay',
      ),
    )
    gateways = await Promise.all(
      [control, relay].map(({ controlUrl }) => startFleetGateway(controlUrl, token, THREE_THREADS)),
    )
    for (const gateway of gateways) stack.use(gateway)
    acme = await setUpAcme(control)
    ;({ path } = await publishPipeline(acme, 'orders', `${upstream.url}/orders`))
    const consumers = await acme.must('GET', '/v1/organizations/acme/consumers?environment=prod')
    consumer = (consumers['items'] as unknown as { id: string }[])[0]?.id ?? ''
  })
  afterAll(async () => await stack.disposeAsync())

  async function newKey(): Promise<{
    readonly id: string
    readonly token: string
    readonly receipt: unknown
  }> {
    const made = await acme.must('POST', '/v1/organizations/acme/keys', {
      name: 'caller',
      type: 'secret',
      environment: 'prod',
      consumer,
    })
    return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token'), receipt: made['receipt'] }
  }

  const call = async (gateway: FleetGateway, token: string): Promise<number> =>
    (await new ApiClient(gateway.url).call('GET', path, undefined, { 'x-api-key': token })).status

  test('decide by each change as soon as its receipt is confirmed', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, token } = await newKey()
      for (const gateway of gateways)
        await eventually(async () => expect(await call(gateway, token)).toBe(200))
      const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}`)
      expect(receipt).toMatchObject({ confirmed: true, gateways: { length: 3 } })
      for (const gateway of gateways) expect(await call(gateway, token)).toBe(401)
    }
  })

  test('report what they have seen: a sample of the requests, and the counts of all', async () => {
    const { id, token } = await newKey()
    for (const gateway of gateways) await eventually(async () => expect(await call(gateway, token)).toBe(200))
    await eventually(async () => {
      const seen = await acme.must('GET', `/v1/organizations/acme/requests?key=${id}&code=valid`)
      expect(seen).toMatchObject({ items: { length: 2 }, gateways: { length: 2 } })
    })
    await eventually(async () => {
      const key = await acme.must('GET', `/v1/organizations/acme/keys/${id}`)
      expect(key).toMatchObject({ secrets: [{ requests: 2 }] })
    })
  })

  /** Deletes a key while a gateway is paused, until its lease is over. @returns the last receipt */
  async function deleteDuringPause(paused: FleetGateway, id: string): Promise<unknown> {
    process.kill(paused.process.pid, 'SIGSTOP')
    try {
      const first = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=1`)
      expect(first['receipt']).toMatchObject({ confirmed: false })
      const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${id}?wait=30`)
      return receipt
    } finally {
      process.kill(paused.process.pid, 'SIGCONT')
    }
  }

  test('say of a gateway that is cut off that it may still serve, unless all environments refuse then', async () => {
    const [other, paused] = gateways
    if (paused === undefined || other === undefined) throw new Error('there are two gateways')
    const serving = await newKey()
    const past = { state: 'past', confirmed: false }
    expect(await deleteDuringPause(paused, serving.id)).toMatchObject({
      confirmed: false,
      gateways: expect.arrayContaining([expect.objectContaining(past)]) as unknown,
    })
    expect(await call(other, serving.token)).toBe(401)
    await eventually(async () => expect(await call(paused, serving.token)).toBe(401))

    await eventually(async () => {
      const { items: listed } = await acme.must('GET', '/v1/organizations/acme/gateways')
      expect(listed).not.toContainEqual(expect.objectContaining({ lease: 'over' }))
    })
    const { items } = await acme.must('GET', '/v1/organizations/acme/environments')
    for (const { name } of items as unknown as readonly { readonly name: string }[]) {
      const changed = await acme.must('PATCH', `/v1/organizations/acme/environments/${name}`, {
        whenStale: 'refuse',
      })
      expect(changed['receipt']).toMatchObject({ confirmed: true })
    }
    const refused = await newKey()
    expect(await deleteDuringPause(paused, refused.id)).toMatchObject({
      confirmed: true,
      gateways: expect.arrayContaining([expect.objectContaining({ ...past, confirmed: true })]) as unknown,
    })
    // It was paused for longer than its lease, and has not asked since.
    expect([401, 503]).toContain(await call(paused, refused.token))
    await eventually(async () => expect(await call(paused, refused.token)).toBe(401))
  })

  test.each([0, 1])('go on where they were after kill -9, with what changed meanwhile: %i', async (index) => {
    const killed = gateways[index]
    if (killed === undefined) throw new Error('there are two gateways')
    const before = await newKey()
    await eventually(async () => expect(await call(killed, before.token)).toBe(200))
    await killed.process.stop('SIGKILL')
    const during = await newKey()
    await acme.must('DELETE', `/v1/organizations/acme/keys/${before.id}?wait=0`)
    await killed.startAgain()
    await eventually(() =>
      expect(killed.process.output.stderr).toContain('started from the snapshot of the last run'),
    )
    await eventually(async () => expect(await call(killed, during.token)).toBe(200))
    expect(await call(killed, before.token)).toBe(401)
  })
})
