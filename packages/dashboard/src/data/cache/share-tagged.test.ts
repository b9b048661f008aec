import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient, etagOf } from '@sallyport/sdk'
import { QueryClient } from '@tanstack/react-query'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shareTagged } from './share-tagged.ts'

/*
 * What the cache keeps, with real answers of a server: only they have an ETag.
 */

interface Role {
  readonly name: string
  readonly permissions: readonly { readonly permission: string }[]
  readonly holders: number
}

const ROLE: Role = { name: 'partner', permissions: [{ permission: 'keys.read' }], holders: 1 }

let answered: { readonly role: Role; readonly etag: string } = { role: ROLE, etag: '"a"' }
const server = createServer((_request, response) => {
  response.setHeader('etag', answered.etag).end(JSON.stringify(answered.role))
})

beforeAll(async () => await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening)))
afterAll(() => void server.close())

function roles() {
  const { port } = server.address() as AddressInfo
  const client = createClient({ url: `http://127.0.0.1:${port}`, organization: 'acme' })
  return async (): Promise<object> => await client.getRole({ role: 'partner' })
}

/** The same query, answered twice. */
async function readTwice(first: typeof answered, second: typeof answered, within = (role: object): object => role) {
  const queries = new QueryClient({ defaultOptions: { queries: { structuralSharing: shareTagged } } })
  const read = roles()
  const query = { queryKey: ['role'], queryFn: async () => within(await read()) }
  answered = first
  await queries.fetchQuery(query)
  const before = queries.getQueryData<object>(['role'])
  answered = second
  await queries.fetchQuery(query)
  const after = queries.getQueryData<object>(['role'])
  if (before === undefined || after === undefined) throw new Error('the query has read nothing')
  return { before, after }
}

test('keeps the same object for an equal answer with the same ETag', async () => {
  const state = { role: ROLE, etag: '"a"' }
  const { before, after } = await readTwice(state, state)
  expect(after).toBe(before)
  expect(etagOf(after)).toBe('"a"')
})

test('gives the copy of a changed answer its ETag, and leaves the earlier one to the earlier object', async () => {
  const { before, after } = await readTwice(
    { role: ROLE, etag: '"a"' },
    { role: { ...ROLE, name: 'other' }, etag: '"b"' },
  )
  expect([etagOf(before), etagOf(after)]).toEqual(['"a"', '"b"'])
  expect(after).toEqual({ ...ROLE, name: 'other' })
  expect((after as Role).permissions).toBe((before as Role).permissions)
})

test('keeps the ETag of an answer in which only a counter has changed', async () => {
  const { after } = await readTwice(
    { role: ROLE, etag: '"a"' },
    { role: { ...ROLE, holders: 2 }, etag: '"a"' },
  )
  expect(etagOf(after)).toBe('"a"')
})

test('replaces an equal answer that has another ETag', async () => {
  const { before, after } = await readTwice({ role: ROLE, etag: '"a"' }, { role: ROLE, etag: '"b"' })
  expect(after).toEqual(before)
  expect([etagOf(before), etagOf(after)]).toEqual(['"a"', '"b"'])
})

test('keeps the ETags of answers that a query has put together', async () => {
  const { before, after } = await readTwice(
    { role: ROLE, etag: '"a"' },
    { role: { ...ROLE, name: 'other' }, etag: '"b"' },
    (role) => ({ all: [{ role, place: 'prod' }] }),
  )
  const tagIn = (data: object): string | undefined =>
    etagOf((data as { readonly all: readonly [{ readonly role: object }] }).all[0].role)
  expect([tagIn(before), tagIn(after)]).toEqual(['"a"', '"b"'])
})

test('takes a list that became shorter, and a member that went', () => {
  expect(shareTagged([1, 2], [1])).toEqual([1])
  expect(shareTagged({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 })
  expect(shareTagged({ a: undefined }, { b: undefined })).toEqual({ b: undefined })
  const at = new Date()
  expect(shareTagged({ at: new Date(0) }, { at })).toEqual({ at })
})
