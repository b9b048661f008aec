import { randomBytes } from 'node:crypto'
import type { FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { fleetKeys, fleetName, fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import { BlockError, decodeBlock, encodeBlock, type BlockChange, type ChangesHead } from './block.ts'

const { signing, publicKey } = fleetKeys(randomBytes(32))
const fleet = fleetName(publicKey)
const key = fleetPublicKey(publicKey)
const records: readonly FeedRecord[] = [{ kind: 'organization', slug: 'acme' }]
const head: ChangesHead = {
  kind: 'changes',
  fleet,
  from: { revision: 1, hash: 'one' },
  to: { revision: 2, hash: 'two' },
}
const changes: readonly BlockChange[] = [{ revision: 2, hash: 'two', atMs: 5, records }]
const many = Array.from({ length: 1_000 }, (): FeedRecord => ({ kind: 'organization', slug: 'acme' }))

test.each([
  ['short', records],
  ['long', many],
])('a block with a %s content is read as it was written', (_, content) => {
  const part = { kind: 'snapshot', fleet, to: head.to, part: 0, isLast: true } as const
  expect(decodeBlock(encodeBlock(head, changes, signing), fleet, key)).toEqual({ head, changes })
  const encoded = encodeBlock(part, content, signing)
  expect(decodeBlock(encoded, fleet, key)).toEqual({ head: part, records: content })
  expect(encoded.length).toBeLessThan(500)
})

test('a block with any byte changed, or cut anywhere, is refused', () => {
  const block = encodeBlock(head, changes, signing)
  for (let at = 0; at < block.length; at += 1) {
    const changed = Buffer.from(block)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => decodeBlock(changed, fleet, key)).toThrow(BlockError)
    expect(() => decodeBlock(block.subarray(0, at), fleet, key)).toThrow(BlockError)
  }
  expect(() => decodeBlock(Buffer.concat([block, Buffer.alloc(1)]), fleet, key)).toThrow(BlockError)
})

test('a block of another fleet, or under another name, is refused', () => {
  const other = fleetKeys(randomBytes(32))
  expect(() => decodeBlock(encodeBlock(head, changes, other.signing), fleet, key)).toThrow('signature')
  const named = encodeBlock({ ...head, fleet: 'another' }, changes, signing)
  expect(() => decodeBlock(named, fleet, key)).toThrow('of the fleet another')
})
