import { beforeEach, expect, test } from 'vitest'
import type { JwsHeader } from '../../crypto/compact-jws.ts'
import { importKeySet, type KeySet } from '../../crypto/key-set.ts'
import { makeSigner } from '../testing/signing-keys.ts'
import { RemoteKeySet } from './remote-key-set.ts'

const MINUTE = 60_000
const KNOWN: JwsHeader = { alg: 'EdDSA', kid: 'known', typ: 'JWT', cty: undefined }
const UNKNOWN: JwsHeader = { ...KNOWN, kid: 'unknown' }
const { publicJwk } = await makeSigner('known')
const published = await importKeySet([publicJwk])

/** The answer to each fetch so far: call it to end the fetch. */
let fetches: ((result: KeySet | Promise<KeySet>) => void)[]
let faults: unknown[]
let set: RemoteKeySet

beforeEach(() => {
  fetches = []
  faults = []
  const load = (): Promise<KeySet> => new Promise((resolve) => fetches.push(resolve))
  set = new RemoteKeySet(load, (error) => faults.push(error))
})

const unavailable = expect.objectContaining({ code: 'unavailable' }) as unknown

// The monotonic clock of a process starts near zero.
test('Keys are fetched on first use, at any time of the clock, and fresh for ten minutes', async () => {
  const first = set.keysFor(KNOWN, 0)
  expect(fetches).toHaveLength(1)
  fetches[0]?.(published)
  expect(await first).toEqual({ keys: published, areFresh: true })
  expect(await set.keysFor(KNOWN, 10 * MINUTE - 1)).toEqual({ keys: published, areFresh: true })
  expect(fetches).toHaveLength(1)
  expect(await set.keysFor(KNOWN, 10 * MINUTE)).toEqual({ keys: published, areFresh: false })
  expect(fetches).toHaveLength(2)
})

test('Every token waits for the first fetch, and a token with a known key for no other one', async () => {
  const waiting = [set.keysFor(KNOWN, 0), set.keysFor(UNKNOWN, 0)]
  fetches[0]?.(published)
  expect(await Promise.all(waiting)).toEqual([
    { keys: published, areFresh: true },
    { keys: published, areFresh: true },
  ])
  const unknown = set.keysFor(UNKNOWN, 30_000)
  expect(fetches).toHaveLength(2)
  expect(await set.keysFor(KNOWN, 30_000)).toEqual({ keys: published, areFresh: true })
  fetches[1]?.({ keys: [], problems: [] })
  expect((await unknown).keys.keys).toEqual([])
})

test('A failed fetch is reported, and repeated after ten seconds', async () => {
  const failure = new Error('down')
  const failed = set.keysFor(KNOWN, 0)
  fetches[0]?.(Promise.reject(failure))
  await expect(failed).rejects.toEqual(unavailable)
  expect(faults).toEqual([failure])
  await expect(set.keysFor(KNOWN, 9_999)).rejects.toEqual(unavailable)
  expect(fetches).toHaveLength(1)
  const again = set.keysFor(KNOWN, 10_000)
  fetches[1]?.(published)
  expect(await again).toEqual({ keys: published, areFresh: true })
})
