import { decodeBase62 } from '@sallyport/core'
import type { ImportChunk, ImportLine, ImportWriter } from '../../store/port/keys/imports.ts'
import { CHUNK_LINES_MAX, STORED_LINES, TURN_LINES } from './import-bounds.ts'

/** The first two digits of an id, 62 × 62 values, in groups of four. */
const BUCKETS = 961
const GROUP = 4
const DIGITS_START = 'key_'.length
const DIGITS_END = DIGITS_START + 2
/** The most chunks of one bucket among the lines that are stored together. */
const PARTS_MAX = Math.ceil(STORED_LINES / CHUNK_LINES_MAX)
/** How many chunks are read at a time. */
const CHUNKS_READ = 50

/** The bucket of a line: ids are spread evenly, and those of a later bucket are greater. */
function bucketOf(line: ImportLine): number {
  return 'id' in line
    ? Math.floor(decodeBase62(line.id, DIGITS_START, DIGITS_END) / GROUP)
    : line.line % BUCKETS
}

/**
 * Sorts lines into chunks by their buckets. The lines of one token are all in one bucket, so that a bucket can have many
 * chunks.
 *
 * @param flush how often lines of the import were stored before
 */
export function chunksOf(lines: readonly ImportLine[], flush: number): readonly ImportChunk[] {
  return [...Map.groupBy(lines, bucketOf)]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([bucket, own]) =>
      Array.from({ length: Math.ceil(own.length / CHUNK_LINES_MAX) }, (_, part) => ({
        bucket,
        number: flush * PARTS_MAX + part,
        lines: own.slice(part * CHUNK_LINES_MAX, (part + 1) * CHUNK_LINES_MAX),
      })),
    )
}

/** The first chunks of an import, with about as many lines as one transaction works off; none if no line is left. */
export async function chunksOfTurn(
  imports: Pick<ImportWriter, 'firstChunks'>,
  organization: string,
  id: string,
): Promise<readonly ImportChunk[]> {
  const chunks: ImportChunk[] = []
  let lines = 0
  let isMore = true
  while (isMore && lines < TURN_LINES) {
    const read = await imports.firstChunks(organization, id, CHUNKS_READ, chunks.at(-1))
    chunks.push(...read)
    lines += read.reduce((sum, chunk) => sum + chunk.lines.length, 0)
    isMore = read.length === CHUNKS_READ
  }
  return chunks
}
