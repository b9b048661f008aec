import { randomBytes } from 'node:crypto'
import { UnknownRecordPart, type FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { fleetKeys, fleetName, fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import { FIRST_POSITION } from '../../sync/cell-writer.ts'
import { decodeHead, encodeBlock, decodeBlock, type ChangesHead } from '../blocks/block.ts'
import { BlockWriter } from './block-writer.ts'

const keys = fleetKeys(randomBytes(32))
const writer = new BlockWriter(keys, { unseal: () => '' })

function change(revision: number, record: unknown) {
  return { revision, hash: `hash ${revision}`, atMs: 1, records: [record as FeedRecord] }
}

test('changes that all gateways read are one block, which says nothing of versions', () => {
  const blocks = [
    ...writer.changes(
      FIRST_POSITION,
      [1, 2, 3].map((one) => change(one, { kind: 'organization', slug: `o${one}` })),
    ),
  ]
  expect(blocks).toMatchObject([{ needs: 1, from: FIRST_POSITION, to: { revision: 3 } }])
  const head = decodeHead(
    blocks[0]?.bytes ?? Buffer.of(),
    fleetName(keys.publicKey),
    fleetPublicKey(keys.publicKey),
  )
  expect(head).not.toHaveProperty('needs')
})

test('a record of a later release is not written, in a change and in a snapshot', () => {
  const record = { kind: 'organization', slug: 'acme', suspended: true }
  expect(() => [...writer.changes(FIRST_POSITION, [change(1, record)])]).toThrow(UnknownRecordPart)
  const to = { revision: 1, hash: 'hash 1' }
  expect(() => writer.snapshotPart(to, 0, true, [record as FeedRecord])).toThrow(UnknownRecordPart)
})

test('a block that needs a later version is not read, and says so', () => {
  const fleet = fleetName(keys.publicKey)
  const head: ChangesHead = {
    kind: 'changes',
    fleet,
    from: FIRST_POSITION,
    to: { revision: 7, hash: 'h' },
    needs: 2,
  }
  const bytes = encodeBlock(head, [], keys.signing)
  const key = fleetPublicKey(keys.publicKey)
  expect(decodeHead(bytes, fleet, key)).toEqual(head)
  expect(() => decodeBlock(bytes, fleet, key)).toThrow('Revision 7 needs version 2 of the records')
  expect(decodeBlock(encodeBlock({ ...head, needs: 1 }, [], keys.signing), fleet, key)).toMatchObject({
    changes: [],
  })
})
