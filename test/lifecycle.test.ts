import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startUpstream } from './support/upstream.ts'
import { eventually } from './support/eventually.ts'

const SHUTDOWN_MS_MAX = 10_000

test('on SIGTERM the server finishes requests in progress, accepts no new ones, and exits in time', async () => {
  await using folder = await temporaryFolder()
  const held: ServerResponse[] = []
  const received = Promise.withResolvers<void>()
  await using upstream = await startUpstream((_, response) => {
    held.push(response)
    received.resolve()
  })
  await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
  const acme = await setUpAcme(server)
  const slow = await publishPipeline(acme, 'slow', `${upstream.url}/slow`)
  const call = async (): Promise<Response> =>
    await fetch(server.gatewayUrl + slow.path, { headers: { 'x-api-key': slow.token } })

  const pending = call()
  await received.promise
  const startedAtMs = performance.now()
  const ended = server.stop('SIGTERM')
  // The upstream responds only after the listener is closed, so the request outlives the listener.
  await eventually(async () => {
    expect(await connects(server.gatewayUrl)).toBe(false)
  })
  held[0]?.end('late but complete')
  const response = await pending
  expect(response.status).toBe(200)
  expect(await response.text()).toBe('late but complete')
  expect(await ended).toBe(0)
  expect(performance.now() - startedAtMs).toBeLessThan(SHUTDOWN_MS_MAX)
})

test('an endless request does not delay the exit of the server beyond its limit', async () => {
  await using folder = await temporaryFolder()
  const received = Promise.withResolvers<void>()
  await using upstream = await startUpstream(() => {
    received.resolve()
  })
  await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
  const acme = await setUpAcme(server)
  const stuck = await publishPipeline(acme, 'stuck', `${upstream.url}/stuck`)
  const pending = fetch(server.gatewayUrl + stuck.path, { headers: { 'x-api-key': stuck.token } }).then(
    () => 'answered',
    () => 'cut off',
  )
  await received.promise
  const startedAtMs = performance.now()
  await server.stop('SIGTERM')
  expect(performance.now() - startedAtMs).toBeLessThan(SHUTDOWN_MS_MAX + 1000)
  expect(await pending).toBe('cut off')
})

test('data survives a restart, and only its owner can read the data files', async () => {
  await using folder = await temporaryFolder()
  await using upstream = await startUpstream((_, response) => response.end('here'))
  const data = join(folder.path, 'data')
  const first = await startServerProcess({ SALLYPORT_DATA: data })
  const acme = await setUpAcme(first)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  expect(await first.stop('SIGTERM')).toBe(0)
  for (const name of ['sallyport.db', 'master.key'])
    expect((await stat(join(data, name))).mode & 0o077).toBe(0)

  await using second = await startServerProcess({ SALLYPORT_DATA: data })
  expect(second.output.stdout).not.toContain('set-up token')
  const gateway = new ApiClient(second.gatewayUrl)
  const call = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(second.gatewayUrl + orders.path, { headers })).status
  expect(await call({ 'x-api-key': orders.token })).toBe(200)
  expect(await call({})).toBe(401)
  expect(await gateway.call('GET', '/readyz')).toMatchObject({ status: 200, body: { ready: true } })
})

test('the server does not start with invalid settings, and names each of them', async () => {
  await using folder = await temporaryFolder()
  const start = startServerProcess({
    SALLYPORT_DATA: folder.path,
    SALLYPORT_PORT: 'eighty',
    SALLYPORT_UPSTREAM_ALLOW: '10.0.0.0/33',
    SALLYPORT_MASTER_KEY: 'short',
  })
  await expect(start).rejects.toThrow(
    /ended with 2:[^]*SALLYPORT_PORT[^]*SALLYPORT_MASTER_KEY[^]*SALLYPORT_UPSTREAM_ALLOW/,
  )
})

/** Whether a server accepts connections at the URL. */
async function connects(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const isConnected = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isConnected
}
