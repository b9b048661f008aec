import { createHash } from 'node:crypto'

const LINES_PER_PART = 1000

/** The token of a line of the file, which was issued elsewhere. */
export function importedToken(number: number): string {
  return `elsewhere-${number}`
}

/** A file of CSV with the digests of so many tokens, all keys of `prod`, in parts that are made when they are sent. */
export async function* csvOfDigests(keys: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('name,sha256,environment\n')
  for (let start = 0; start < keys; start += LINES_PER_PART) {
    const lines = Array.from({ length: Math.min(LINES_PER_PART, keys - start) }, (_, index) => {
      const digest = createHash('sha256').update(importedToken(start + index))
      return `key ${start + index},${digest.digest('hex')},prod\n`
    })
    yield await Promise.resolve(Buffer.from(lines.join('')))
  }
}
