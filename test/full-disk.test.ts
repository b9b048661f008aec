import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { run } from './services/programs.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const DISK_BYTES = 8 * 1024 * 1024

/** Mounts a file system of this size in memory; it is unmounted on disposal. */
async function mountSmallDisk(path: string): Promise<AsyncDisposable> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES},mode=0700`, 'tmpfs', path])
  } catch (cause) {
    throw new Error(
      'This test needs a small file system and could not mount one. Run it as root on Linux, in a container with ' +
        'the capability SYS_ADMIN.',
      { cause },
    )
  }
  return {
    async [Symbol.asyncDispose]() {
      await run('umount', [path])
    },
  }
}

/** Writes a file until the disk is full. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    // Smaller blocks at the end, so that nothing is left.
    for (let blockBytes = 64 * 1024; blockBytes >= 1; blockBytes = Math.floor(blockBytes / 4)) {
      for (;;) {
        try {
          await file.write(Buffer.alloc(blockBytes))
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          break
        }
      }
    }
  } finally {
    await file.close()
  }
}

test('on a full disk writes are 503, nothing acknowledged is lost, and writing goes on when there is space', async () => {
  await using folder = await temporaryFolder()
  await using _ = await mountSmallDisk(folder.path)
  await using upstream = await startEchoUpstream()
  await using server = await startServerProcess({ SALLYPORT_DATA: folder.path })
  const acme = await setUpAcme(server)
  const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
  const gateway = new ApiClient(server.gatewayUrl)
  const acknowledged: string[] = []
  const create = async (): Promise<number> => {
    const made = await acme.call('POST', '/v1/organizations/acme/keys', {
      name: 'written '.repeat(10),
      type: 'secret',
    })
    if (made.status === 201) acknowledged.push(textAt(made.body, 'key', 'id'))
    else expect(made.body).toMatchObject({ status: 503, code: 'unavailable' })
    return made.status
  }
  await fill(join(folder.path, 'filler'))
  const refused: number[] = []
  // The write-ahead log may have room for some more.
  while (refused.length < 20) {
    const status = await create()
    if (status !== 201) refused.push(status)
  }
  expect(new Set(refused)).toEqual(new Set([503]))
  expect(server.output.stderr).toContain('database or disk is full')
  const call = await gateway.call('GET', orders.path, undefined, { 'x-api-key': orders.token })
  expect(call.status).toBe(200)
  expect((await acme.call('GET', '/v1/whoami')).status).toBe(200)
  await rm(join(folder.path, 'filler'))
  await vi.waitFor(async () => expect(await create()).toBe(201), 20_000)
  for (const id of acknowledged) {
    expect((await acme.call('GET', `/v1/organizations/acme/keys/${id}`)).status).toBe(200)
  }
  await server.stop('SIGTERM')
})
