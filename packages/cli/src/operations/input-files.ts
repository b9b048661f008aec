import { createReadStream, openAsBlob } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { UsageError } from '../terminal/failure.ts'

/** The file name that stands for standard input. */
export const STANDARD_INPUT = '-'

/** More than the largest body that a server takes, apart from files that are sent as they are. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024

/** Why a file cannot be read, in words. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
}

/** The files that a command line names, of which `-` is standard input. */
export class InputFiles {
  readonly #standardInput: NodeJS.ReadableStream
  #isTaken = false

  constructor(standardInput: NodeJS.ReadableStream) {
    this.#standardInput = standardInput
  }

  /** Reads a file of text. @throws UsageError */
  async text(file: string): Promise<string> {
    const stream = file === STANDARD_INPUT ? this.#take() : createReadStream(file)
    const chunks: Buffer[] = []
    let bytes = 0
    try {
      for await (const chunk of stream) {
        const buffer = Buffer.from(chunk)
        chunks.push(buffer)
        bytes += buffer.length
        if (bytes > TEXT_BYTES_MAX)
          throw new UsageError(`${nameOf(file)} is longer than ${TEXT_BYTES_MAX} bytes.`)
      }
    } catch (cause) {
      throw cause instanceof UsageError ? cause : unreadable(file, cause)
    }
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
    } catch (cause) {
      throw new UsageError(`${nameOf(file)} is not a text in UTF-8.`, { cause })
    }
  }

  /** The content of a file of any length, which is read as it is sent. @throws UsageError */
  async content(file: string): Promise<Blob | ReadableStream<Uint8Array>> {
    if (file === STANDARD_INPUT) return bytesOf(this.#take())
    try {
      const facts = await stat(file)
      if (facts.isDirectory()) throw new UsageError(`${file} cannot be read: it is a folder.`)
      // A pipe has no length, and can be read only once.
      return facts.isFile() ? await openAsBlob(file) : bytesOf(createReadStream(file))
    } catch (cause) {
      throw cause instanceof UsageError ? cause : unreadable(file, cause)
    }
  }

  /** @throws UsageError */
  #take(): NodeJS.ReadableStream {
    if (this.#isTaken)
      throw new UsageError('Standard input can be read only once. Give what else is needed in a file.')
    this.#isTaken = true
    return this.#standardInput
  }
}

function bytesOf(stream: NodeJS.ReadableStream): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>
}

function unreadable(file: string, cause: unknown): UsageError {
  const { code = '', message } = cause as NodeJS.ErrnoException
  return new UsageError(`${nameOf(file)} cannot be read: ${REASONS[code] ?? message}.`, { cause })
}

function nameOf(file: string): string {
  return file === STANDARD_INPUT ? 'Standard input' : file
}
