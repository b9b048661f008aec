import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, startFleetGateway, type FleetGateway } from './support/fleet.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startTcpRelay, type TcpRelay } from './support/tcp-relay.ts'
import { startEchoUpstream } from './support/upstream.ts'
import { THREE_THREADS } from './support/three-threads.ts'

/* Each request is counted once, although the answers to reports of usage are lost on their way to the gateway. */

const stack = new AsyncDisposableStack()
let acme: ApiClient
let network: TcpRelay
let gateway: FleetGateway
let path: string
let token: string
/** The requests that were made. */
let made = 0

beforeAll(async () => {
  const upstream = stack.use(await startEchoUpstream())
  const settings = { SALLYPORT_DATA: stack.use(await temporaryFolder()).path }
  const control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  acme = await setUpAcme(control)
  ;({ path, token } = await publishPipeline(acme, 'orders', upstream.url))
  network = stack.use(await startTcpRelay(control.controlUrl))
  gateway = stack.use(await startFleetGateway(network.url, await enrolmentToken(settings), THREE_THREADS))
  await eventually(async () => expect(await call()).toBe(200))
  await eventually(async () => expect(await counted()).toBe(made))
})
afterAll(async () => await stack.disposeAsync())

async function call(): Promise<number> {
  const { status } = await new ApiClient(gateway.url).call('GET', path, undefined, { 'x-api-key': token })
  if (status === 200) made += 1
  return status
}

/** The requests that the control node has counted as let in. */
async function counted(): Promise<number> {
  const { items } = await acme.must('GET', '/v1/organizations/acme/usage?groupBy=pipeline')
  const rows = items as unknown as readonly { readonly allowed: number }[]
  return rows.reduce((sum, { allowed }) => sum + allowed, 0)
}

/** Calls, and lets the node count it without that the gateway learns it. */
async function callWithoutAnswer(): Promise<void> {
  network.holdAnswers()
  expect(await call()).toBe(200)
  await eventually(async () => expect(await counted()).toBe(made))
  network.cut()
}

test('a report whose answer is lost is counted once, over another stream', async () => {
  for (const _ of [1, 2]) {
    await callWithoutAnswer()
    network.mend()
    // It is sent after the report that was not answered.
    expect(await call()).toBe(200)
    await eventually(async () => expect(await counted()).toBeGreaterThanOrEqual(made))
    expect(await counted()).toBe(made)
  }
})

test('a gateway that ends before the answer is counted on after its next start', async () => {
  await callWithoutAnswer()
  await gateway.process.stop('SIGKILL')
  network.mend()
  await gateway.startAgain()
  await eventually(async () => expect(await call()).toBe(200))
  await eventually(async () => expect(await counted()).toBeGreaterThanOrEqual(made))
  expect(await counted()).toBe(made)
})
