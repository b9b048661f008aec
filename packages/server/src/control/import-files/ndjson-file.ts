import { parseStrictJson } from '@sallyport/core'
import type { ReceivedLine } from '../../store/port/keys/imports.ts'
import { importLineOf } from './import-line.ts'
import { IMPORT_LINE_BYTES_MAX, lineTooLong } from './received-bytes.ts'

const LINE_FEED = 0x0a
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Reads a file with one JSON object on each line.
 *
 * @param bytes valid UTF-8
 * @throws Problem `too_large` for a line that is too long
 */
export async function* ndjsonFileLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedLine> {
  let line = 0
  for await (const text of textLines(bytes)) {
    line += 1
    if (text.trim() === '') continue
    const read = parseStrictJson(text, { exactNumbers: true })
    const isObject =
      read.fault === null &&
      typeof read.value === 'object' &&
      read.value !== null &&
      !Array.isArray(read.value)
    yield isObject
      ? importLineOf(line, read.value)
      : { line, message: 'The line is not a JSON object with each field once.' }
  }
}

async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let line = 1
  let rest = Buffer.alloc(0)
  for await (const part of bytes) {
    let data = rest.length === 0 ? Buffer.from(part) : Buffer.concat([rest, part])
    for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED)) {
      yield textOf(data.subarray(0, end), line)
      data = data.subarray(end + 1)
      line += 1
    }
    if (data.length > IMPORT_LINE_BYTES_MAX) throw lineTooLong(line)
    rest = data
  }
  if (rest.length > 0) yield textOf(rest, line)
}

function textOf(bytes: Buffer, line: number): string {
  if (bytes.length > IMPORT_LINE_BYTES_MAX) throw lineTooLong(line)
  const text = bytes.toString()
  return line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
