import { open, type FileHandle } from 'node:fs/promises'
import { openBytes, SEAL_BYTES, sealBytes } from './sealed-file.ts'

/*
 * A file of blocks that only grows. Each block is sealed for its place in the file. At the start of the file stand two marks,
 * written in turns, which say how many blocks there are: a file that is shorter was cut, and one that is longer was being
 * written when its process ended.
 *
 *   2 × mark     number of blocks (8 bytes) · end of the last one (8) · time of the mark (8), sealed
 *   blocks       length of the sealed bytes (4) · sealed bytes
 */
const NUMBER_BYTES = 8
const MARK_BYTES = 3 * NUMBER_BYTES + SEAL_BYTES
const MARKS = 2
const START = MARKS * MARK_BYTES
const LENGTH_BYTES = 4
const BLOCK_BYTES_MAX = 512 * 1024 * 1024

const NO_BYTES = Buffer.alloc(0)

/** A file that is not as it was written. */
export class BlockFileError extends Error {}

interface Mark {
  readonly blocks: number
  readonly end: number
  readonly atMs: number
}

export class BlockFile implements AsyncDisposable {
  readonly #file: FileHandle
  readonly #key: Uint8Array
  readonly #name: string
  #mark: Mark
  #buffer: Buffer<ArrayBuffer> = NO_BYTES
  /** Counts the marks, which take turns. */
  #marks = 0

  private constructor(file: FileHandle, key: Uint8Array, name: string, mark: Mark) {
    this.#file = file
    this.#key = key
    this.#name = name
    this.#mark = mark
  }

  /**
   * Makes an empty file.
   *
   * @param key of 32 bytes
   * @param name of the file among all of this key, so that none can take the place of another
   * @param atMs in ms since 1970
   */
  static async create(path: string, key: Uint8Array, name: string, atMs: number): Promise<BlockFile> {
    const file = await open(path, 'w+', 0o600)
    const made = new BlockFile(file, key, name, { blocks: 0, end: START, atMs })
    await made.#writeMark()
    await made.#writeMark()
    return made
  }

  /**
   * Opens a file and hands its blocks over.
   *
   * @param use gets them one after the other
   * @throws BlockFileError if the file was altered or cut
   */
  static async open(
    path: string,
    key: Uint8Array,
    name: string,
    use: (block: Buffer) => Promise<void>,
  ): Promise<BlockFile> {
    const file = await open(path, 'r+')
    try {
      const { size } = await file.stat()
      const mark = await newestMark(file, size, key, name)
      const opened = new BlockFile(file, key, name, mark)
      let at = START
      let blocks = 0
      for (;;) {
        const block = await opened.#blockAt(at, size, blocks)
        if (block === undefined) break
        await use(block.content)
        at = block.end
        blocks += 1
      }
      opened.#buffer = NO_BYTES
      if (blocks < mark.blocks) throw new BlockFileError(`Block ${blocks} of ${path} was altered or cut off.`)
      opened.#mark = { ...mark, blocks, end: at }
      return opened
    } catch (error) {
      await file.close()
      throw error
    }
  }

  /** Its length in bytes. */
  get bytes(): number {
    return this.#mark.end
  }

  /** When it was last marked, in ms since 1970. */
  get atMs(): number {
    return this.#mark.atMs
  }

  /** Adds blocks. They outlast the end of the process when this is done, and a failure of the power after `sync`. */
  async append(blocks: readonly Uint8Array[], atMs: number): Promise<void> {
    const parts: Buffer[] = []
    let { end, blocks: count } = this.#mark
    for (const block of blocks) {
      const sealed = sealBytes(this.#key, block, `${this.#name}/${count}`)
      const length = Buffer.alloc(LENGTH_BYTES)
      length.writeUInt32BE(sealed.length)
      parts.push(length, sealed)
      end += LENGTH_BYTES + sealed.length
      count += 1
    }
    if (parts.length > 0) await writeAll(this.#file, Buffer.concat(parts), this.#mark.end)
    this.#mark = { blocks: count, end, atMs }
    await this.#writeMark()
  }

  async sync(): Promise<void> {
    await this.#file.datasync()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }

  async #writeMark(): Promise<void> {
    const { blocks, end, atMs } = this.#mark
    const content = Buffer.alloc(3 * NUMBER_BYTES)
    for (const [index, number] of [blocks, end, Math.floor(atMs)].entries())
      content.writeBigUInt64BE(BigInt(number), index * NUMBER_BYTES)
    const slot = this.#marks % MARKS
    this.#marks += 1
    await writeAll(this.#file, sealBytes(this.#key, content, `${this.#name}/mark`), slot * MARK_BYTES)
  }

  /** A buffer for one sealed block after the other: new ones would be much work for the garbage collector. */
  #sealedBuffer(length: number): Buffer<ArrayBuffer> {
    if (this.#buffer.length < length) this.#buffer = Buffer.allocUnsafeSlow(length)
    return this.#buffer.subarray(0, length)
  }

  /** @returns undefined behind the last whole block */
  async #blockAt(
    at: number,
    size: number,
    index: number,
  ): Promise<{ readonly content: Buffer; readonly end: number } | undefined> {
    const length = (await readAll(this.#file, at, size, LENGTH_BYTES))?.readUInt32BE()
    if (length === undefined || length > BLOCK_BYTES_MAX || at + LENGTH_BYTES + length > size)
      return undefined
    const sealed = await readAll(this.#file, at + LENGTH_BYTES, size, length, this.#sealedBuffer(length))
    const content = sealed && openBytes(this.#key, sealed, `${this.#name}/${index}`)
    return content && { content, end: at + LENGTH_BYTES + length }
  }
}

async function newestMark(file: FileHandle, size: number, key: Uint8Array, name: string): Promise<Mark> {
  const marks: Mark[] = []
  for (let slot = 0; slot < MARKS; slot += 1) {
    const sealed = await readAll(file, slot * MARK_BYTES, size, MARK_BYTES)
    const content = sealed && openBytes(key, sealed, `${name}/mark`)
    if (content === undefined) continue
    const [blocks = 0, end = 0, atMs = 0] = [0, 1, 2].map((index) =>
      Number(content.readBigUInt64BE(index * NUMBER_BYTES)),
    )
    marks.push({ blocks, end, atMs })
  }
  const [newest] = marks.toSorted((one, other) => other.blocks - one.blocks || other.atMs - one.atMs)
  if (newest === undefined) throw new BlockFileError('The file has no mark that this gateway has written.')
  return newest
}

/** @param buffer of the length, for the bytes. @returns undefined if the file ends before */
async function readAll(
  file: FileHandle,
  at: number,
  size: number,
  length: number,
  buffer = Buffer.alloc(length),
): Promise<Buffer | undefined> {
  if (at + length > size) return undefined
  let read = 0
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, at + read)
    if (bytesRead === 0) return undefined
    read += bytesRead
  }
  return buffer
}

async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, at + written)
    written += bytesWritten
  }
}
