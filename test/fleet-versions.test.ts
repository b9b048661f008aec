import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildLaterRelease, buildNextRelease, type OtherRelease } from './fleet-versions/next-release.ts'
import { ApiClient, setUpAcme, textAt, type Json } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, startFleetGateway, type FleetGateway } from './support/fleet.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const GATEWAY_URL = { SALLYPORT_GATEWAY_URL: 'http://gateways.test' }
const CONSUMERS = '/v1/organizations/acme/consumers'

/** A control node, a gateway beside it, and one behind a relay, all of this release. */
class Fleet implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack()
  readonly #settings: Readonly<Record<string, string>>
  readonly gateways: readonly FleetGateway[]
  readonly acme: ApiClient
  readonly #path: string
  readonly #token: string
  control: ServerProcess
  #changes = 0

  private constructor(
    stack: AsyncDisposableStack,
    settings: Readonly<Record<string, string>>,
    control: ServerProcess,
    gateways: readonly FleetGateway[],
    acme: ApiClient,
    called: { readonly path: string; readonly token: string },
  ) {
    this.#stack = stack
    this.#settings = settings
    this.control = control
    this.gateways = gateways
    this.acme = acme
    this.#path = called.path
    this.#token = called.token
  }

  static async start(): Promise<Fleet> {
    await using stack = new AsyncDisposableStack()
    const upstream = stack.use(await startEchoUpstream())
    const folder = stack.use(await temporaryFolder())
    const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_LEASE_SECONDS: '2', ...GATEWAY_URL }
    const control = await startServerProcess(settings, 'control')
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
    const token = await enrolmentToken(settings, 2)
    const gateways: FleetGateway[] = []
    for (const { controlUrl } of [control, relay])
      gateways.push(stack.use(await startFleetGateway(controlUrl, token)))
    const acme = await setUpAcme(control)
    const called = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
    const fleet = new Fleet(stack.move(), settings, control, gateways, acme, called)
    for (const gateway of gateways)
      await eventually(async () => expect(await fleet.call(gateway)).toBe('valid'))
    return fleet
  }

  /** @returns the code of the refusal, or `valid` */
  async call({ url }: FleetGateway, token = this.#token): Promise<string> {
    const answer = await new ApiClient(url).call('GET', this.#path, undefined, { 'x-api-key': token })
    return answer.status === 200 ? 'valid' : textAt(answer.body, 'code')
  }

  /** Calls as a load balancer does, which goes to the other gateway when one does not listen. */
  async callAny(): Promise<string> {
    for (const gateway of this.gateways) {
      try {
        return await this.call(gateway)
      } catch {
        // It is being started again.
      }
    }
    return 'no gateway listens'
  }

  /** Calls without a pause while something else is done. @returns the distinct outcomes */
  async callDuring(work: () => Promise<void>): Promise<readonly string[]> {
    const outcomes = new Set<string>()
    let isDone = false
    const calling = (async () => {
      while (!isDone) outcomes.add(await this.callAny())
    })()
    try {
      await work()
    } finally {
      isDone = true
      await calling
    }
    return [...outcomes]
  }

  /** Replaces the control node by one of another release. */
  async replaceControl(program?: string): Promise<void> {
    const port = new URL(this.control.controlUrl).port
    await this.control.stop('SIGTERM')
    this.control = await startServerProcess({ ...this.#settings, SALLYPORT_PORT: port }, 'control', program)
  }

  /** Changes something until all gateways have a stream and get it. */
  async untilConfirmed(): Promise<void> {
    await eventually(async () => {
      this.#changes += 1
      const { receipt } = await this.addConsumer(`plain-${this.#changes}`, 1)
      expect(receipt).toMatchObject({ confirmed: true })
    })
  }

  async replaceGateway(index: number, program?: string): Promise<void> {
    const gateway = this.gateways[index]
    await gateway?.process.stop('SIGTERM')
    await gateway?.startAgain({}, program)
  }

  /** Creates a consumer with a key. The next release suspends it if its name says so. */
  async addConsumer(
    name: string,
    waitSeconds = 30,
  ): Promise<{ readonly token: string; readonly receipt: Json | undefined }> {
    const made = await this.acme.must('POST', CONSUMERS, { name, environment: 'prod', pipelines: ['orders'] })
    // A change takes rights away, so it has a receipt, and it is one of the consumer.
    const id = textAt(made, 'consumer', 'id')
    const labels = { 'changed-for': name }
    const changed = await this.acme.must('PATCH', `${CONSUMERS}/${id}?wait=${waitSeconds}`, { labels })
    return { token: textAt(made, 'token'), receipt: changed['receipt'] }
  }

  /** The gateways without a database, as the API lists them. */
  async listed(): Promise<readonly unknown[]> {
    const { items } = await this.acme.must('GET', '/v1/organizations/acme/gateways')
    const all = items as unknown as readonly { readonly name: string | null; readonly role: string }[]
    return all.filter(({ name, role }) => name !== null && role === 'gateway')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.control[Symbol.asyncDispose]()
    await this.#stack.disposeAsync()
  }
}

describe('a fleet of two releases', () => {
  const stack = new AsyncDisposableStack()
  let next: OtherRelease
  let later: OtherRelease

  beforeAll(async () => {
    next = stack.use(await buildNextRelease())
    later = stack.use(await buildLaterRelease())
  })
  afterAll(async () => await stack.disposeAsync())

  test('whose control node is upgraded first: gateways do not ignore what they cannot read', async () => {
    await using fleet = await Fleet.start()
    const duringNode = await fleet.callDuring(async () => {
      await fleet.replaceControl(next.program)
      // Old gateways read all that says nothing new.
      await fleet.untilConfirmed()
    })
    expect(duringNode).toEqual(['valid'])

    const { token, receipt } = await fleet.addConsumer('suspended-1', 1)
    expect(receipt).toMatchObject({ confirmed: false })
    await eventually(async () => {
      const listed = await fleet.listed()
      expect(listed).toHaveLength(2)
      for (const one of listed) expect(one).toMatchObject({ needsUpgrade: true, stale: true, lease: 'over' })
    })
    await eventually(() => expect(fleet.control.output.stderr).toContain('a gateway must be upgraded'))
    for (const gateway of fleet.gateways) {
      await eventually(() =>
        expect(gateway.process.output.stderr).toContain('needs version 2 of the records'),
      )
      expect(await fleet.call(gateway, token)).toBe('credential_invalid')
      expect(await fleet.call(gateway)).toBe('valid')
    }

    for (const [index, gateway] of fleet.gateways.entries()) {
      const during = await fleet.callDuring(async () => {
        await fleet.replaceGateway(index, next.program)
        await eventually(async () => expect(await fleet.call(gateway, token)).toBe('key_inactive'))
      })
      expect(during).toEqual(['valid'])
    }
    await fleet.untilConfirmed()
    for (const one of await fleet.listed()) expect(one).toMatchObject({ needsUpgrade: false })
    expect((await fleet.addConsumer('suspended-2')).receipt).toMatchObject({ confirmed: true })
  })

  test('whose gateways are upgraded first', async () => {
    await using fleet = await Fleet.start()
    for (const [index, gateway] of fleet.gateways.entries()) {
      const during = await fleet.callDuring(async () => {
        await fleet.replaceGateway(index, next.program)
        await fleet.untilConfirmed()
        const { token, receipt } = await fleet.addConsumer(`suspended-${index}`)
        expect(receipt).toMatchObject({ confirmed: true })
        // This release of the control node suspends nothing yet.
        await eventually(async () => expect(await fleet.call(gateway, token)).toBe('valid'))
      })
      expect(during).toEqual(['valid'])
    }
    const during = await fleet.callDuring(async () => {
      await fleet.replaceControl(next.program)
      await fleet.untilConfirmed()
      const { token, receipt } = await fleet.addConsumer('suspended-9')
      expect(receipt).toMatchObject({ confirmed: true })
      for (const gateway of fleet.gateways) expect(await fleet.call(gateway, token)).toBe('key_inactive')
    })
    expect(during).toEqual(['valid'])
  })

  test('that cannot speak with each other: both logs say which side to upgrade', async () => {
    await using fleet = await Fleet.start()
    await fleet.replaceGateway(0, later.program)
    const tooNew = fleet.gateways[0]
    if (tooNew === undefined) throw new Error('there are two gateways')
    await eventually(() => {
      expect(tooNew.process.output.stderr).toContain('Upgrade the control node.')
      expect(fleet.control.output.stderr).toContain('Upgrade the control node.')
    })
    // It goes on by what it has.
    expect(await fleet.call(tooNew)).toBe('valid')

    await fleet.replaceControl(later.program)
    await eventually(async () => {
      expect(await fleet.listed()).toContainEqual(expect.objectContaining({ lease: 'held', stale: false }))
    })
    await fleet.replaceGateway(0)
    await eventually(() => {
      expect(tooNew.process.output.stderr).toContain('Upgrade the gateway.')
      expect(fleet.control.output.stderr).toContain('Upgrade the gateway.')
    })
  })
})
