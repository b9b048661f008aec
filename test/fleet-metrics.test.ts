import { expect, test } from 'vitest'
import { setUpAcme } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { enrolmentToken, startFleetGateway } from './support/fleet.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

/** The value of a metric at a port; undefined if there is none. */
async function metric(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}

test('a control node and a gateway measure their stream, and notice its end', async () => {
  await using folder = await temporaryFolder()
  const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_LEASE_SECONDS: '2' }
  const url = { SALLYPORT_GATEWAY_URL: 'http://gateways.test' }
  await using control = await startServerProcess({ ...settings, ...url }, 'control')
  expect(await metric(control.controlUrl, 'sallyport_fleet_streams')).toBe(0)
  await using gateway = await startFleetGateway(control.controlUrl, await enrolmentToken(settings))
  await setUpAcme(control)

  await eventually(async () => {
    expect(await metric(control.controlUrl, 'sallyport_fleet_streams')).toBe(1)
    expect(await metric(control.controlUrl, 'sallyport_fleet_gateways{lease="held"}')).toBe(1)
    expect(await metric(control.controlUrl, 'sallyport_fleet_reports_saved_total')).toBeGreaterThan(0)
    expect(await metric(gateway.url, 'sallyport_fleet_connected')).toBe(1)
    expect(await metric(gateway.url, 'sallyport_fleet_lease_seconds')).toBeGreaterThan(0)
    expect(await metric(gateway.url, 'sallyport_fleet_snapshot_file_bytes')).toBeGreaterThan(0)
    for (const name of ['delivery', 'apply'])
      expect(await metric(gateway.url, `sallyport_fleet_${name}_seconds_count`)).toBeGreaterThan(0)
  })
  await using relayFolder = await temporaryFolder()
  await using relay = await startServerProcess(
    {
      SALLYPORT_DATA: relayFolder.path,
      SALLYPORT_CONTROL_URL: control.controlUrl,
      SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
    },
    'relay',
  )
  await using behind = new AsyncDisposableStack()
  behind.use(await startFleetGateway(relay.controlUrl, await enrolmentToken(settings)))
  await eventually(async () => {
    expect(await metric(relay.controlUrl, 'sallyport_fleet_streams')).toBe(1)
    expect(await metric(relay.controlUrl, 'sallyport_fleet_connected')).toBe(1)
    expect(await metric(relay.controlUrl, 'sallyport_fleet_reports_saved_total')).toBeGreaterThan(0)
    expect(await metric(relay.controlUrl, 'sallyport_fleet_snapshot_file_bytes')).toBeGreaterThan(0)
  })
  // Both clocks are the same one.
  expect(Math.abs((await metric(gateway.url, 'sallyport_fleet_clock_offset_seconds')) ?? 9)).toBeLessThan(5)

  expect(await control.stop('SIGTERM')).toBe(0)
  await eventually(async () => {
    expect(await metric(gateway.url, 'sallyport_fleet_connected')).toBe(0)
    expect(await metric(gateway.url, 'sallyport_fleet_lease_seconds')).toBeLessThan(0)
  })
})
