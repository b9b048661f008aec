import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type FeedRecord, RECORDS_VERSION, Snapshot } from '@sallyport/core'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fleetKeys, fleetName } from '../../crypto/derived/fleet-keys.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { BlockError, encodeBlock } from '../blocks/block.ts'
import { isOwnPart, OwnPartWriter } from '../disk/own-snapshot.ts'
import { BlockFile } from '../disk/block-file.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { BlockReader } from './block-reader.ts'
import { StreamedSnapshot } from './streamed-snapshot.ts'

const keys = fleetKeys(randomBytes(32))
const fleet = fleetName(keys.publicKey)
const key = randomBytes(32)
const at = (revision: number): Position => ({ revision, hash: `hash ${revision}` })

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  path = join(folder, 'gateway.snapshot')
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

function keyRecord(number: number): FeedRecord {
  return {
    kind: 'key',
    organization: 'acme',
    id: `key_${String(number).padStart(16, '0')}`,
    type: 'secret',
    environment: null,
    consumer: null,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: 1_800_000_000_000,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null, createdAtMs: 1_800_000_000_000 }],
  }
}

function snapshotBlock(to: Position, count: number): Buffer {
  const records = Array.from({ length: count }, (_, number) => keyRecord(number))
  const organization: FeedRecord = { kind: 'organization', slug: 'acme' }
  const head = { kind: 'snapshot', fleet, to, part: 0, isLast: true } as const
  return encodeBlock(head, [organization, ...records], keys.signing)
}

function changesBlock(from: Position, to: Position, number: number): Buffer {
  const change = { ...to, atMs: 1, records: [keyRecord(number)] }
  return encodeBlock({ kind: 'changes', fleet, from, to }, [change], keys.signing)
}

async function opened(): Promise<StreamedSnapshot> {
  return await StreamedSnapshot.open({
    publicKey: keys.publicKey,
    path,
    key,
    monotonicMs: () => performance.now(),
    nowMs: () => Date.now(),
    logger: pino({ level: 'silent' }),
    facts: () => ({}),
  })
}

/** Hands blocks to a gateway, as a stream does. @returns why the gateway ended the stream, if it did */
async function receive(
  streamed: StreamedSnapshot,
  blocks: readonly Uint8Array[],
): Promise<readonly string[]> {
  const ending = new AbortController()
  const failures: string[] = []
  const following = streamed.follow({
    remote: {
      ask: async () =>
        await new Promise((_resolve, reject) => {
          ending.signal.addEventListener('abort', () => reject(new Error('the stream has ended')))
        }),
      sendSnapshot: async () => await Promise.resolve(),
    },
    report: () => {},
    leaseMs: 1_000,
    ended: ending.signal,
    fail: (reason) => failures.push(reason),
  })
  await setImmediate()
  for (const block of blocks) streamed.receive(block, 'apply')
  await streamed.idle
  ending.abort()
  await following
  return failures
}

/** Whether each block of the file is one that the gateway has written itself. */
async function ownBlocks(): Promise<readonly boolean[]> {
  const own: boolean[] = []
  const file = await BlockFile.open(path, key, 'gateway state', async (block) => {
    own.push(isOwnPart(block))
    await Promise.resolve()
  })
  await file[Symbol.asyncDispose]()
  return own
}

/** Waits until the file has the tables that the gateway has written itself. */
async function ownFile(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await ownBlocks())[0]).toBe(true)
    },
    { timeout: 30_000, interval: 50 },
  )
}

const MANY = 20_000

test('a gateway with many keys keeps its tables in the file, and starts from them', async () => {
  const records = await (async () => {
    await using first = await opened()
    expect(await receive(first, [snapshotBlock(at(5), MANY)])).toEqual([])
    await ownFile()
    expect(await receive(first, [changesBlock(at(5), at(6), MANY)])).toEqual([])
    return first.cell.current.toRecords()
  })()
  expect((await ownBlocks()).slice(-2)).toEqual([true, false])
  await using second = await opened()
  expect(second.position).toEqual(at(6))
  expect(second.cell.current.keys.size).toBe(MANY + 1)
  expect(second.cell.current.toRecords()).toEqual(records)
  expect(await receive(second, [changesBlock(at(6), at(7), MANY + 1)])).toEqual([])
  expect(second.position).toEqual(at(7))
})

test('changes that come while the tables are written follow them in the file', async () => {
  {
    await using first = await opened()
    const blocks = [
      snapshotBlock(at(5), MANY),
      changesBlock(at(5), at(6), MANY),
      changesBlock(at(6), at(7), MANY + 1),
    ]
    expect(await receive(first, blocks)).toEqual([])
    await ownFile()
  }
  await using second = await opened()
  expect(second.position).toEqual(at(7))
  expect(second.cell.current.keys.size).toBe(MANY + 2)
})

test('a gateway that ends while it writes its tables starts from the blocks of its control node', async () => {
  {
    await using first = await opened()
    await receive(first, [snapshotBlock(at(5), MANY)])
  }
  await using second = await opened()
  expect(second.position).toEqual(at(5))
  expect(second.cell.current.keys.size).toBe(MANY)
  await ownFile()
})

test('a gateway with fewer keys keeps the blocks of its control node', async () => {
  {
    await using first = await opened()
    await receive(first, [snapshotBlock(at(5), 10)])
  }
  expect(await ownBlocks()).toEqual([false])
})

test('a new snapshot of the control node replaces tables that are being written', async () => {
  {
    await using first = await opened()
    await receive(first, [snapshotBlock(at(5), MANY), snapshotBlock(at(8), 10)])
  }
  await using second = await opened()
  expect(second.position).toEqual(at(8))
  expect(second.cell.current.keys.size).toBe(10)
})

test('tables that were altered or cut are put aside', async () => {
  {
    await using first = await opened()
    await receive(first, [snapshotBlock(at(5), MANY)])
    await ownFile()
  }
  const whole = await readFile(path)
  for (const damaged of [
    whole.subarray(0, -1),
    altered(whole, whole.length >> 1),
    altered(whole, whole.length - 1),
  ]) {
    await writeFile(path, damaged)
    await using second = await opened()
    expect(second.position.revision).toBe(0)
    expect(await readFile(`${path}.refused`)).toEqual(damaged)
  }
})

function altered(bytes: Buffer, at_: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at_] = (copy[at_] ?? 0) ^ 1
  return copy
}

test('a stream cannot bring tables', async () => {
  await using streamed = await opened()
  const parts = new OwnPartWriter(fleet, at(5))
  const failures = await receive(streamed, [parts.next([], false).block])
  expect(failures).toEqual([expect.stringContaining('signature')])
  expect(streamed.position.revision).toBe(0)
})

async function readKept(blocks: readonly Buffer[]): Promise<Position> {
  const reader = new BlockReader(keys.publicKey, new SnapshotCell())
  for (const block of blocks) await reader.readKept(block)
  return reader.position
}

/** The parts of an empty snapshot of revision 0. */
async function emptyParts(of = fleet, to: Position = at(0), needs?: number): Promise<Buffer[]> {
  const parts = new OwnPartWriter(of, to, needs)
  const bytes: Uint8Array[] = []
  for await (const piece of Snapshot.empty().toBytes()) bytes.push(piece)
  return [parts.next([], false).block, parts.next(bytes, false).block, parts.next([], true).block]
}

test('tables come in whole, in order and of the right fleet', async () => {
  const [first, second, last] = (await emptyParts()) as [Buffer, Buffer, Buffer]
  expect(await readKept([first, second, last])).toEqual(at(0))
  await expect(readKept([first, last])).rejects.toThrow(BlockError)
  await expect(readKept([second, last])).rejects.toThrow(BlockError)
  await expect(readKept([first, second, changesBlock(at(0), at(1), 1)])).rejects.toThrow(BlockError)
  await expect(emptyParts('another').then(readKept)).rejects.toThrow(BlockError)
  await expect(emptyParts(fleet, at(3)).then(readKept)).rejects.toThrow(/revision 0 instead of 3/)
})

test('tables that a later release has written are put aside: they may have a restriction that this one overlooks', async () => {
  const later = await emptyParts(fleet, at(0), RECORDS_VERSION + 1)
  await expect(readKept(later)).rejects.toThrow(/Upgrade the gateway/)
  {
    await using file = await BlockFile.create(path, key, 'gateway state', Date.now())
    for (const part of later) await file.append([part], Date.now())
  }
  await using gateway = await opened()
  expect(gateway.cell.isLoaded).toBe(false)
  expect((await readFile(`${path}.refused`)).length).toBeGreaterThan(0)
})
