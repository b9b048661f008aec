import { createClient, etagOf } from '@sallyport/sdk'
import { QueryClient } from '@tanstack/react-query'
import { expect, test } from 'vitest'
import { shareTagged } from './share-tagged.ts'

/*
 * What the cache keeps of answers of the SDK: only they have an ETag.
 */

interface Role {
  readonly name: string
  readonly permissions: readonly { readonly permission: string }[]
  readonly holders: number
}

const ROLE: Role = { name: 'partner', permissions: [{ permission: 'keys.read' }], holders: 1 }

interface State {
  readonly role: Role
  readonly etag: string
}

/** A call that is answered with these states, one after the other. */
function answeredWith(...states: State[]): () => Promise<object> {
  const client = createClient({
    url: 'http://127.0.0.1',
    organization: 'acme',
    fetch: async () => {
      const state = states.shift()
      return await Promise.resolve(
        new Response(JSON.stringify(state?.role), { headers: { etag: state?.etag ?? '' } }),
      )
    },
  })
  return async () => await client.getRole({ role: 'partner' })
}

/** The same query, answered twice. */
async function readTwice(first: State, second: State, within = (role: object): object => role) {
  const queries = new QueryClient({ defaultOptions: { queries: { structuralSharing: shareTagged } } })
  const read = answeredWith(first, second)
  const query = { queryKey: ['role'], queryFn: async () => within(await read()) }
  await queries.fetchQuery(query)
  const before = queries.getQueryData<object>(['role'])
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
