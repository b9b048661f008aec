import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { newCredential } from '../packages/server/src/fleet/stream/credentials.ts'
import { STREAM_PATH } from '../packages/server/src/fleet/stream/stream.ts'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, startFleetGateway } from './support/fleet.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

test.each([
  ['control node', 'answers'],
  ['control node', 'is paused'],
  ['relay', 'answers'],
  ['relay', 'is paused'],
])('a %s with a stream to a gateway that %s ends in order', async (role, state) => {
  await using stack = new AsyncDisposableStack()
  const settings = { SALLYPORT_DATA: stack.use(await temporaryFolder()).path }
  const control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  const startRelay = async () =>
    await startServerProcess(
      {
        SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
        SALLYPORT_CONTROL_URL: control.controlUrl,
        SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
      },
      'relay',
    )
  const node = role === 'relay' ? stack.use(await startRelay()) : control
  const gateway = stack.use(await startFleetGateway(node.controlUrl, await enrolmentToken(settings)))
  if (state === 'is paused') process.kill(gateway.process.pid, 'SIGSTOP')
  try {
    // It kills itself if the shutdown takes too long; then there is no exit code.
    expect(await node.stop('SIGTERM')).toBe(0)
  } finally {
    process.kill(gateway.process.pid, 'SIGCONT')
  }
})

test('a relay that asks a paused control node about a gateway ends in order', async () => {
  await using stack = new AsyncDisposableStack()
  const settings = { SALLYPORT_DATA: stack.use(await temporaryFolder()).path }
  const control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  const relay = stack.use(
    await startServerProcess(
      {
        SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
        SALLYPORT_CONTROL_URL: control.controlUrl,
        SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
      },
      'relay',
    ),
  )
  process.kill(control.pid, 'SIGSTOP')
  try {
    const { hostname, port } = new URL(relay.controlUrl)
    const asking = connect(Number(port), hostname)
    stack.defer(() => void asking.destroy())
    const text = `GET ${STREAM_PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${newCredential()}\r\n`
    asking.write(`${text}connection: upgrade\r\nupgrade: websocket\r\n\r\n`)
    asking.on('error', () => undefined).resume()
    // It is answered after the other, so that the relay has read that.
    await fetch(`${relay.controlUrl}/healthz`)
    expect(await relay.stop('SIGTERM')).toBe(0)
  } finally {
    process.kill(control.pid, 'SIGCONT')
  }
})

test('a gateway that has counts for a paused control node ends in order', async () => {
  await using stack = new AsyncDisposableStack()
  const upstream = stack.use(await startEchoUpstream())
  const settings = { SALLYPORT_DATA: stack.use(await temporaryFolder()).path }
  const control = stack.use(
    await startServerProcess({ ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }, 'control'),
  )
  const { path, token } = await publishPipeline(await setUpAcme(control), 'orders', upstream.url)
  const gateway = stack.use(await startFleetGateway(control.controlUrl, await enrolmentToken(settings)))
  const call = async (): Promise<number> =>
    (await new ApiClient(gateway.url).call('GET', path, undefined, { 'x-api-key': token })).status
  await eventually(async () => expect(await call()).toBe(200))
  process.kill(control.pid, 'SIGSTOP')
  try {
    expect(await call()).toBe(200)
    expect(await gateway.process.stop('SIGTERM')).toBe(0)
  } finally {
    process.kill(control.pid, 'SIGCONT')
  }
})
