import { randomBytes } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { FeedRecord } from '@sallyport/core'
import type { FeedSource } from '../../store/port/feed.ts'
import type { Position } from '../../sync/cell-writer.ts'
import { mustRead } from '../stream/upgrade-needed.ts'
import type { BlockWriter, ChangesBlock } from './block-writer.ts'

const LENGTH_BYTES = 4
/** Records that one block has about. */
const RECORDS_PER_BLOCK = 4_000
/** How long a snapshot is used for further gateways, in ms. The changes since are sent after it. */
const USED_MS = 60_000

/** A snapshot as blocks in a file, which gateways read at their own pace. */
interface Spooled {
  readonly position: Position
  readonly file: FileHandle
  readonly bytes: number
  /** The version of the records that it is written in. */
  readonly needs: number
  readonly madeAtMs: number
  readers: number
  isUsed: boolean
}

export interface SnapshotSpoolDeps {
  readonly feed: Pick<FeedSource, 'readSnapshot'>
  readonly writer: BlockWriter
  /** Where the file is. It has no name there once it is open. */
  readonly folder: string
  readonly monotonicMs: () => number
}

/**
 * Reads everything from the database for gateways that need it all: once for all that ask in the same minute, and never
 * slower than the database answers, because a read transaction must not wait for a gateway.
 */
export class SnapshotSpool implements AsyncDisposable {
  readonly #deps: SnapshotSpoolDeps
  #current: Spooled | undefined
  #making: Promise<void> | undefined

  constructor(deps: SnapshotSpoolDeps) {
    this.#deps = deps
  }

  /**
   * Hands a snapshot over.
   *
   * @param send gets its blocks one after the other
   * @param reads the highest version of the records that the gateway reads
   * @returns its position
   * @throws UpgradeNeeded
   */
  async read(send: (block: Uint8Array) => Promise<void>, reads: number): Promise<Position> {
    const spooled = await this.#acquire()
    try {
      mustRead(spooled.position.revision, spooled.needs, reads)
      for (let at = 0; at < spooled.bytes;) {
        const length = (await read(spooled.file, at, LENGTH_BYTES)).readUInt32BE()
        await send(await read(spooled.file, at + LENGTH_BYTES, length))
        at += LENGTH_BYTES + length
      }
      return spooled.position
    } finally {
      spooled.readers -= 1
      await closeUnused(spooled)
    }
  }

  /** The same for a gateway that keeps it on its disk only. */
  async keep(send: (block: Uint8Array) => Promise<void>, reads: number): Promise<void> {
    await this.read(send, reads)
  }

  /** Lets the next gateway have a new snapshot. */
  async forget(): Promise<void> {
    await this.#use(undefined)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#making?.catch(() => undefined)
    await this.#use(undefined)
  }

  async #acquire(): Promise<Spooled> {
    for (;;) {
      const current = this.#current
      if (current !== undefined && this.#deps.monotonicMs() - current.madeAtMs < USED_MS) {
        current.readers += 1
        return current
      }
      this.#making ??= this.#make()
        .then((made) => this.#use(made))
        .finally(() => (this.#making = undefined))
      await this.#making
    }
  }

  async #use(next: Spooled | undefined): Promise<void> {
    const before = this.#current
    this.#current = next
    if (before === undefined) return
    before.isUsed = false
    await closeUnused(before)
  }

  async #make(): Promise<Spooled> {
    const { feed, writer, folder, monotonicMs } = this.#deps
    const path = join(folder, `snapshot-${randomBytes(8).toString('hex')}`)
    const file = await open(path, 'wx+', 0o600)
    await unlink(path)
    const madeAtMs = monotonicMs()
    let bytes = 0
    let newest = 1
    const write = async ({ bytes: block, needs }: Pick<ChangesBlock, 'bytes' | 'needs'>): Promise<void> => {
      newest = Math.max(newest, needs)
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32BE(block.length)
      await file.writev([length, block])
      bytes += LENGTH_BYTES + block.length
    }
    try {
      const position = await feed.readSnapshot(async ({ records, revision, hash }) => {
        const to = { revision, hash }
        let part = 0
        let waiting: FeedRecord[] = []
        for await (const batch of records) {
          for (const record of batch) waiting.push(record)
          if (waiting.length < RECORDS_PER_BLOCK) continue
          await write(writer.snapshotPart(to, part, false, waiting))
          part += 1
          waiting = []
        }
        await write(writer.snapshotPart(to, part, true, waiting))
        return to
      })
      return { position, file, bytes, needs: newest, madeAtMs, readers: 0, isUsed: true }
    } catch (error) {
      await file.close()
      throw error
    }
  }
}

async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await file.read(buffer, 0, length, at)
  if (bytesRead < length) throw new Error('The file of a snapshot is shorter than it was written.')
  return buffer
}

async function closeUnused({ file, readers, isUsed }: Spooled): Promise<void> {
  if (!isUsed && readers === 0) await file.close()
}
