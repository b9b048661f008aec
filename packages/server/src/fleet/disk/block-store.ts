import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { FIRST_POSITION, isSamePosition, type Position } from '../../sync/cell-writer.ts'
import type { BlockHead, ChangesHead, SnapshotHead } from '../blocks/block.ts'
import { BlockFile, BlockFileError } from './block-file.ts'
import { isOwnPart } from './own-snapshot.ts'

/** What every file of this gateway is sealed for. */
const NAME = 'gateway state'
/** Older files are not used, in ms: too much may have been revoked since. */
const AGE_MS_MAX = 7 * 24 * 60 * 60 * 1000
/** A file is replaced when its changes take more than its snapshot, and more than this, in bytes. */
const CHANGES_BYTES_MIN = 16 * 1024 * 1024

export interface BlockStoreDeps {
  readonly path: string
  /** Of 32 bytes; seals the file. */
  readonly key: Uint8Array
  /** In ms since 1970. */
  readonly nowMs: () => number
  /** Called when everything up to a position outlasts the end of the process. */
  readonly onKept: (position: Position) => void
  readonly onFault: (cause: unknown) => void
}

/** A block, and why it came: to be applied, or as a part of a snapshot that only makes the file shorter. */
interface Arrived {
  readonly block: Uint8Array
  readonly head: BlockHead
  readonly isForDisk: boolean
}

interface Change {
  readonly block: Uint8Array
  readonly head: ChangesHead
}

/** A snapshot that is being written beside the file in use. */
interface Draft {
  readonly file: BlockFile
  readonly to: Position
  /** Whether it only makes the file shorter. Then it must lead to where the gateway is. */
  readonly isForDisk: boolean
  parts: number
  /** The changes that arrived meanwhile. */
  readonly since: Change[]
}

/**
 * What a gateway has got, in a file: the parts of a snapshot, then the changes since. It starts from there when it reaches no
 * control node. If the file cannot be written, it is removed, so that the gateway never starts from an older state than it has
 * reported.
 */
export class BlockStore implements AsyncDisposable {
  readonly #deps: BlockStoreDeps
  #file: BlockFile | undefined
  #snapshotBytes = 0
  #draft: Draft | undefined
  #waiting: Arrived[] = []
  #writing: Promise<void> | undefined
  #isMarkDue = false
  #isOwn = false
  /** Whether the file lacks something and could not be removed. */
  #isBroken = false
  /** Where the gateway is when it has all that was written. */
  #position = FIRST_POSITION

  constructor(deps: BlockStoreDeps) {
    this.#deps = deps
  }

  /**
   * Reads the file that there is, and goes on with it.
   *
   * @param use gets its blocks one after the other
   * @returns when the file was last up to date, in ms since 1970; undefined without a file
   * @throws BlockFileError for a file that is too old, was altered or cut; errors of `use`
   */
  async restore(use: (block: Buffer) => Promise<BlockHead>): Promise<number | undefined> {
    const { path, key, nowMs } = this.#deps
    let snapshotBytes = 0
    const file = await BlockFile.open(path, key, NAME, async (block) => {
      const { kind, to } = await use(block)
      this.#position = to
      if (kind === 'snapshot') snapshotBytes += block.length
      this.#isOwn ||= isOwnPart(block)
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    if (file === undefined) return undefined
    if (nowMs() - file.atMs > AGE_MS_MAX) {
      await file[Symbol.asyncDispose]()
      throw new BlockFileError('The file is older than 7 days.')
    }
    this.#file = file
    this.#snapshotBytes = snapshotBytes
    return file.atMs
  }

  /** Puts a file aside that cannot be used. @throws errors of the disk */
  async setAside(): Promise<void> {
    await rename(this.#deps.path, `${this.#deps.path}.refused`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await syncFolder(dirname(this.#deps.path))
  }

  /**
   * Reads what is in the file.
   *
   * @param use gets its blocks one after the other
   * @throws BlockFileError, errors of the disk; ENOENT without a file
   */
  async each(use: (block: Buffer) => Promise<void>): Promise<void> {
    await this.#writing
    const file = await BlockFile.open(this.#deps.path, this.#deps.key, NAME, use)
    await file[Symbol.asyncDispose]()
  }

  /** Whether the snapshot of the file that was restored is one of the gateway's own. */
  get isOwn(): boolean {
    return this.#isOwn
  }

  /** Resolves when everything that was appended before is written, or has failed. */
  get written(): Promise<void> {
    return this.#writing ?? Promise.resolve()
  }

  /** Of the file in use, 0 without one. */
  get bytes(): number {
    return this.#file?.bytes ?? 0
  }

  /** Whether the file has become so long that a new snapshot should replace it, or could not be written. */
  get needsSnapshot(): boolean {
    if (this.#file === undefined || this.#isBroken) return true
    const changesBytes = this.#file.bytes - this.#snapshotBytes
    return changesBytes > Math.max(CHANGES_BYTES_MIN, this.#snapshotBytes)
  }

  /** Keeps a block, soon. */
  append(block: Uint8Array, head: BlockHead, isForDisk: boolean): void {
    this.#waiting.push({ block, head, isForDisk })
    this.#writing ??= this.#write()
  }

  /** Notes that the gateway is up to date. */
  mark(): void {
    this.#isMarkDue = true
    this.#writing ??= this.#write()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
    await this.#dropDraft()
    await this.#file?.[Symbol.asyncDispose]()
    this.#file = undefined
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 || this.#isMarkDue) {
      const arrived = this.#waiting
      this.#waiting = []
      this.#isMarkDue = false
      // What follows a gap must not be written behind it.
      if (this.#isBroken && !(await this.#removeFile())) continue
      try {
        await this.#writeAll(arrived)
      } catch (cause) {
        this.#deps.onFault(cause)
        if (!(await this.#removeFile())) continue
      }
      const reached = arrived.findLast(isReached)
      if (reached !== undefined) this.#deps.onKept(reached.head.to)
    }
    this.#writing = undefined
  }

  async #writeAll(arrived: readonly Arrived[]): Promise<void> {
    let changes: Change[] = []
    const flush = async (): Promise<void> => {
      const blocks = changes.map(({ block }) => block)
      changes = []
      await this.#file?.append(blocks, this.#deps.nowMs())
    }
    for (const { block, head, isForDisk } of arrived) {
      if (head.kind === 'changes') {
        if (this.#file === undefined && isSamePosition(head.from, FIRST_POSITION)) {
          const { path, key, nowMs } = this.#deps
          this.#file = await BlockFile.create(path, key, NAME, nowMs())
        }
        changes.push({ block, head })
        this.#draft?.since.push({ block, head })
        this.#position = head.to
        continue
      }
      await flush()
      await this.#writePart(block, head, isForDisk)
    }
    await flush()
    await this.#file?.sync()
  }

  async #writePart(block: Uint8Array, { to, part, isLast }: SnapshotHead, isForDisk: boolean): Promise<void> {
    const { path, key, nowMs } = this.#deps
    if (part === 0) {
      await this.#dropDraft()
      const file = await BlockFile.create(`${path}.new`, key, NAME, nowMs())
      this.#draft = { file, to, isForDisk, parts: 0, since: [] }
    }
    const draft = this.#draft
    if (draft === undefined || draft.parts !== part || !isSamePosition(draft.to, to)) {
      await this.#dropDraft()
      return
    }
    draft.parts += 1
    await draft.file.append([block], nowMs())
    if (isLast) await this.#finish(draft)
  }

  /** Replaces the file by a snapshot and the changes since. */
  async #finish(draft: Draft): Promise<void> {
    const { path, nowMs } = this.#deps
    const { file, to, isForDisk, since } = draft
    const first = since.findIndex(({ head }) => isSamePosition(head.from, to))
    // The changes do not lead on from this snapshot; a later one will fit.
    if (isForDisk && first < 0 && !isSamePosition(this.#position, to)) {
      await this.#dropDraft()
      return
    }
    if (!isForDisk) this.#position = to
    const snapshotBytes = file.bytes
    if (first >= 0)
      await file.append(
        since.slice(first).map(({ block }) => block),
        nowMs(),
      )
    await file.sync()
    await rename(`${path}.new`, path)
    await syncFolder(dirname(path))
    await this.#file?.[Symbol.asyncDispose]()
    this.#file = file
    this.#snapshotBytes = snapshotBytes
    this.#draft = undefined
  }

  async #dropDraft(): Promise<void> {
    const draft = this.#draft
    this.#draft = undefined
    if (draft === undefined) return
    await draft.file[Symbol.asyncDispose]()
    await rm(`${this.#deps.path}.new`, { force: true })
  }

  /** @returns whether there is no file any more */
  async #removeFile(): Promise<boolean> {
    try {
      await this.#dropDraft()
      await this.#file?.[Symbol.asyncDispose]()
      this.#file = undefined
      await rm(this.#deps.path, { force: true })
      await syncFolder(dirname(this.#deps.path))
      this.#isBroken = false
      return true
    } catch (cause) {
      this.#deps.onFault(cause)
      this.#isBroken = true
      return false
    }
  }
}

/** Whether the gateway has the position of a block once it has the block. */
function isReached({ head, isForDisk }: Arrived): boolean {
  return !isForDisk && (head.kind === 'changes' || head.isLast)
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
