import { randomBytes } from 'node:crypto'
import type { FeedRecord } from '@sallyport/core'
import { beforeEach, expect, test } from 'vitest'
import { fleetKeys, fleetName, type FleetKeys } from '../../crypto/derived/fleet-keys.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { BlockError, encodeBlock } from '../blocks/block.ts'
import { BlockReader } from './block-reader.ts'

const keys = fleetKeys(randomBytes(32))
const at = (revision: number): Position => ({ revision, hash: `hash ${revision}` })
const organization = (slug: string): FeedRecord => ({ kind: 'organization', slug })

function changes(from: Position, to: Position, slug: string, by: FleetKeys = keys): Buffer {
  const head = { kind: 'changes', fleet: fleetName(by.publicKey), from, to } as const
  return encodeBlock(head, [{ ...to, atMs: 1, records: [organization(slug)] }], by.signing)
}

function part(to: Position, index: number, isLast: boolean, slug: string): Buffer {
  const head = { kind: 'snapshot', fleet: fleetName(keys.publicKey), to, part: index, isLast } as const
  return encodeBlock(head, [organization(slug)], keys.signing)
}

let cell: SnapshotCell
let reader: BlockReader
beforeEach(() => {
  cell = new SnapshotCell()
  reader = new BlockReader(keys.publicKey, cell)
})

const known = (...slugs: readonly string[]): readonly boolean[] =>
  slugs.map((slug) => cell.current.organization(slug) !== undefined)

test('a snapshot is in force with its last part, and the changes after it one after the other', async () => {
  await reader.read(part(at(5), 0, false, 'one'))
  expect([reader.position.revision, ...known('one')]).toEqual([0, false])
  await reader.read(part(at(5), 1, true, 'two'))
  expect([reader.position, ...known('one', 'two')]).toEqual([at(5), true, true])
  await reader.read(changes(at(5), at(6), 'three'))
  expect([reader.position, ...known('one', 'three')]).toEqual([at(6), true, true])
})

test.each([
  ['that skips one', () => [changes(at(6), at(7), 'b')]],
  ['from another history', () => [changes({ revision: 5, hash: 'of another history' }, at(6), 'b')]],
  ['that came before', () => [changes(at(5), at(6), 'a'), changes(at(5), at(6), 'b')]],
  ['of another fleet', () => [changes(at(5), at(6), 'b', fleetKeys(randomBytes(32)))]],
  ['in the middle of a snapshot', () => [part(at(9), 0, false, 'a'), changes(at(5), at(6), 'b')]],
  ['that is the second part of nothing', () => [part(at(9), 1, true, 'b')]],
  ['that skips a part', () => [part(at(9), 0, false, 'a'), part(at(9), 2, true, 'b')]],
  ['that is a part of another snapshot', () => [part(at(9), 0, false, 'a'), part(at(10), 1, true, 'b')]],
  ['of random bytes', () => [randomBytes(300)]],
])('a block %s is refused, and changes nothing', async (_, blocks) => {
  await reader.read(part(at(5), 0, true, 'one'))
  const sent = blocks()
  for (const block of sent.slice(0, -1)) await reader.read(block)
  const before = reader.position
  await expect(reader.read(sent.at(-1) ?? new Uint8Array())).rejects.toThrow(BlockError)
  expect([reader.position, ...known('one', 'b')]).toEqual([before, true, false])
})

test('another stream begins a snapshot anew, of which parts had arrived', async () => {
  await reader.read(part(at(5), 0, false, 'lost'))
  reader.reset()
  await reader.read(part(at(6), 0, true, 'one'))
  expect([reader.position, ...known('lost', 'one')]).toEqual([at(6), false, true])
})
