import { expect, test } from 'vitest'
import { enrolmentToken, startFleetGateway } from './support/fleet.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

test.each(['a gateway that answers', 'a gateway that is paused'])(
  'a control node with a stream to %s ends in order',
  async (kind) => {
    await using folder = await temporaryFolder()
    const settings = { SALLYPORT_DATA: folder.path }
    await using control = await startServerProcess(
      { ...settings, SALLYPORT_GATEWAY_URL: 'http://gateways.test' },
      'control',
    )
    await using gateway = await startFleetGateway(control.controlUrl, await enrolmentToken(settings))
    if (kind.endsWith('paused')) process.kill(gateway.process.pid, 'SIGSTOP')
    try {
      // It kills itself if the shutdown takes too long; then there is no exit code.
      expect(await control.stop('SIGTERM')).toBe(0)
    } finally {
      process.kill(gateway.process.pid, 'SIGCONT')
    }
  },
)
