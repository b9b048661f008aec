import { IMPORT_LINE_BYTES_MAX, lineTooLong } from './received-bytes.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const QUOTATION_MARK = 0x22

/**
 * Passes CSV on with line feeds as its only line breaks, since files are joined from others and mix them. No cell of a valid
 * line has a line break, so those within quotation marks may change too. It bounds records before they are parsed: a parser
 * only bounds the text of cells, so that commas alone would fill the memory.
 *
 * @throws Problem `too_large` for a record that is too long
 */
export async function* csvText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let line = 1
  let recordBytes = 0
  let isQuoted = false
  let isAfterReturn = false
  for await (const part of bytes) {
    const text = Buffer.allocUnsafe(part.length)
    let length = 0
    for (const byte of part) {
      const isSecondOfBreak = isAfterReturn && byte === LINE_FEED
      isAfterReturn = byte === CARRIAGE_RETURN
      if (isSecondOfBreak) continue
      const isBreak = byte === LINE_FEED || isAfterReturn
      if (byte === QUOTATION_MARK) isQuoted = !isQuoted
      recordBytes = isBreak && !isQuoted ? 0 : recordBytes + 1
      if (recordBytes > IMPORT_LINE_BYTES_MAX) throw lineTooLong(line)
      if (isBreak) line += 1
      text[length] = isBreak ? LINE_FEED : byte
      length += 1
    }
    yield text.subarray(0, length)
  }
}
