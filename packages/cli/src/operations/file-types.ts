import { extname } from 'node:path'
import { UsageError } from '../terminal/failure.ts'

/** The short names of the media types of files, which are also their endings. */
const TYPES: Readonly<Record<string, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' }
/** Other endings. */
const ENDINGS: Readonly<Record<string, string>> = { '.csv': 'csv', '.ndjson': 'ndjson', '.jsonl': 'ndjson' }

export const FILE_TYPES: readonly string[] = Object.keys(TYPES)

/**
 * The media type of a file.
 *
 * @param type a short name; by the ending of the file unless given
 * @throws UsageError
 */
export function mediaTypeOf(type: string | undefined, file: string): string {
  const mediaType = TYPES[type ?? ENDINGS[extname(file).toLowerCase()] ?? '']
  if (mediaType === undefined)
    throw new UsageError(`${file}: say what it is with --as ${FILE_TYPES.join(' or --as ')}.`)
  return mediaType
}
