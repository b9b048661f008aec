import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, throwAwayFolder } from './support/server-process.ts'
import { startUpstream } from './support/upstream.ts'

const ENDS_WITHIN_MS = 10_000

test(
  'SIGTERM lets the requests under way finish, takes no new ones, and ends in time',
  { timeout: 60_000 },
  async () => {
    await using folder = await throwAwayFolder()
    const held: ServerResponse[] = []
    const reached = Promise.withResolvers<void>()
    await using upstream = await startUpstream((_, response) => {
      held.push(response)
      reached.resolve()
    })
    await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
    const acme = await setUpAcme(server)
    const slow = await publishPipeline(acme, 'slow', `${upstream.url}/slow`)
    const call = async (): Promise<Response> =>
      await fetch(server.gatewayUrl + slow.path, { headers: { 'x-api-key': slow.token } })

    const underWay = call()
    await reached.promise
    const startedAtMs = performance.now()
    const ended = server.stop('SIGTERM')
    // The listener is gone before the request is: only then is the upstream's answer sent.
    await vi.waitFor(async () => {
      expect(await connects(server.gatewayUrl)).toBe(false)
    }, 5000)
    held[0]?.end('late but whole')
    const answer = await underWay
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('late but whole')
    expect(await ended).toBe(0)
    expect(performance.now() - startedAtMs).toBeLessThan(ENDS_WITHIN_MS)
  },
)

test(
  'a request that never ends does not keep the server from ending in time',
  { timeout: 60_000 },
  async () => {
    await using folder = await throwAwayFolder()
    const reached = Promise.withResolvers<void>()
    await using upstream = await startUpstream(() => {
      reached.resolve()
    })
    await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
    const acme = await setUpAcme(server)
    const stuck = await publishPipeline(acme, 'stuck', `${upstream.url}/stuck`)
    const underWay = fetch(server.gatewayUrl + stuck.path, { headers: { 'x-api-key': stuck.token } }).then(
      () => 'answered',
      () => 'cut off',
    )
    await reached.promise
    const startedAtMs = performance.now()
    await server.stop('SIGTERM')
    expect(performance.now() - startedAtMs).toBeLessThan(ENDS_WITHIN_MS + 1000)
    expect(await underWay).toBe('cut off')
  },
)

test(
  'what was made before a restart is there after it, and the files are for their owner alone',
  { timeout: 60_000 },
  async () => {
    await using folder = await throwAwayFolder()
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
  },
)

test('settings that are wrong stop the start, every one of them named', async () => {
  await using folder = await throwAwayFolder()
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

/** Whether somebody listens there. */
async function connects(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const came = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return came
}
