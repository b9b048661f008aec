import { createHash, type Hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { ReceivedLine } from '../../store/port/keys/imports.ts'
import { requirePlainUtf8 } from '../routing/plain-utf8.ts'
import { csvFileLines } from './csv-file.ts'
import { ndjsonFileLines } from './ndjson-file.ts'
import {
  IMPORT_BYTES_MAX,
  IMPORT_LINES_MAX,
  receivedBytes,
  TOO_LARGE,
  TOO_MANY_LINES,
} from './received-bytes.ts'

/** The forms of a file, by their media types. */
const READERS: ReadonlyMap<string, (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<ReceivedLine>> =
  new Map([
    ['text/csv', csvFileLines],
    ['application/x-ndjson', ndjsonFileLines],
  ])
export const IMPORT_MEDIA_TYPES = [...READERS.keys()]

export interface ImportBody {
  readonly lines: AsyncIterable<ReceivedLine>
  /** SHA-256 of the body, in hexadecimal digits; only after its last line. */
  digest(): string
}

/**
 * Reads the file in a body while it arrives.
 *
 * @throws Problem `unsupported_media_type`, `too_large`
 */
export function importBody({ headers, body }: FastifyRequest): ImportBody {
  const [type = ''] = (headers['content-type'] ?? '').split(';')
  const reader = READERS.get(type.trim().toLowerCase())
  if (reader === undefined || !(body instanceof Readable)) {
    throw new Problem('unsupported_media_type', {
      detail: `Send the file with Content-Type: ${IMPORT_MEDIA_TYPES.join(' or ')}.`,
    })
  }
  requirePlainUtf8(headers)
  if (Number(headers['content-length'] ?? 0) > IMPORT_BYTES_MAX) {
    throw new Problem('too_large', { detail: TOO_LARGE })
  }
  const hash = createHash('sha256')
  // A destroyed body could not be read on, and a sender that goes on sending would not get the refusal of a line.
  const bytes: AsyncIterable<Uint8Array> = body.iterator({ destroyOnReturn: false })
  return { lines: counted(reader(hashed(receivedBytes(bytes), hash))), digest: () => hash.digest('hex') }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const part of bytes) {
    hash.update(part)
    yield part
  }
}

async function* counted(lines: AsyncIterable<ReceivedLine>): AsyncGenerator<ReceivedLine> {
  let count = 0
  for await (const line of lines) {
    count += 1
    if (count > IMPORT_LINES_MAX) throw new Problem('too_large', { detail: TOO_MANY_LINES })
    yield line
  }
}
