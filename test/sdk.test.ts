import { createClient, SallyportError, type Client } from '@sallyport/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const stack = new AsyncDisposableStack()
let url: string
let owner: Client

beforeAll(async () => {
  const { path } = stack.use(await temporaryFolder())
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: path }))
  url = server.controlUrl
  const organization = { slug: 'acme', name: 'Acme' }
  const { token } = await createClient({ url }).setUp({ setupToken: server.setupToken, organization })
  owner = createClient({ url, token, organization: 'acme' })
})

afterAll(async () => {
  await stack.disposeAsync()
})

test('a key is created, used, rolled and deleted', async () => {
  const { key, token } = await owner.createKey({ name: 'SDK', type: 'secret', roles: ['auditor'] })
  const auditor = createClient({ url, token: token ?? '' })
  expect(await auditor.whoami()).toMatchObject({ organization: 'acme', key: { id: key.id } })
  const rolled = await owner.rollKey({ key: key.id, graceSeconds: 60 })
  expect(rolled.token).not.toBe(token)
  expect((await owner.finishRoll({ key: key.id })).key.state).toBe('active')
  await expect(auditor.whoami()).rejects.toMatchObject({ status: 401, code: 'unauthenticated' })
  expect((await owner.deleteKey({ key: key.id })).receipt.revision).toBeGreaterThan(0)
})

test('a list has the items of all pages', async () => {
  for (let index = 0; index < 5; index += 1)
    await owner.createKey({ name: `Listed ${index}`, type: 'secret' })
  const names: string[] = []
  for await (const { name } of owner.listKeys({ search: 'listed', sort: 'name', limit: 2 })) names.push(name)
  expect(names).toEqual([0, 1, 2, 3, 4].map((index) => `Listed ${index}`))
  const page = await owner.listKeys({ search: 'listed', limit: 1 }).page()
  expect([page.total, page.items.length]).toEqual([5, 1])
})

test('a call with the same idempotency key takes effect once', async () => {
  const create = async () =>
    (await owner.createConsumer({ name: 'once', environment: 'test' }, { idempotencyKey: 'sdk-1' })).consumer
      .id
  expect(await create()).toBe(await create())
})

test('a refusal says why, and where', async () => {
  const refused = owner.createKey({ name: '', type: 'secret', roles: ['nope'] })
  await expect(refused).rejects.toBeInstanceOf(SallyportError)
  await expect(refused).rejects.toMatchObject({
    code: 'invalid_request',
    status: 400,
    errors: [{ path: '/name', message: expect.any(String) }],
    requestId: expect.stringMatching(/\S/),
  })
})

test('files go both ways', async () => {
  const file = new Blob([`name,sha256\n"Imported",${'ab'.repeat(32)}\n`])
  const { id } = await owner.importKeys({ file, contentType: 'text/csv' })
  await expect.poll(async () => (await owner.getImport({ import: id })).state).toBe('done')
  const csv = await (await owner.exportKeys({ accept: 'text/csv', search: 'imported' })).text()
  expect(csv).toMatch(/Imported/)
})
