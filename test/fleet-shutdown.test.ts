import { expect, test } from 'vitest'
import { enrolmentToken, startFleetGateway } from './support/fleet.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

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
