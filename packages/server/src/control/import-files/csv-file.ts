import { Readable } from 'node:stream'
import { parseStrictJson, Problem } from '@sallyport/core'
import { CsvError, parse } from 'csv-parse'
import { IMPORT_FIELDS } from '../../contract/keys/imports.ts'
import type { ReceivedLine } from '../../store/port/keys/imports.ts'
import { importLineOf } from './import-line.ts'
import { csvText } from './csv-text.ts'

/** A record with the line that it ends in. */
interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Reads a file of CSV (RFC 4180) with a header.
 *
 * @param bytes valid UTF-8
 * @throws Problem `invalid_request` if the header or the quotation marks are wrong, `too_large` for a line that is too long
 */
export async function* csvFileLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedLine> {
  let columns: readonly string[] | undefined
  for await (const { record, info } of records(bytes)) {
    if (columns === undefined) {
      columns = columnsOf(record)
      continue
    }
    yield record.length === columns.length
      ? importLineOf(info.lines, fieldsOf(columns, record))
      : {
          line: info.lines,
          message: `The line has ${record.length} cells, but the header has ${columns.length}.`,
        }
  }
  if (columns === undefined)
    throw header('', 'The file is empty. Begin it with a header, such as name,token.')
}

async function* records(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRecord> {
  const source = Readable.from(csvText(bytes), { objectMode: false })
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: '\n',
    relax_column_count: true,
    skip_empty_lines: true,
  })
  source.on('error', (error) => parser.destroy(error))
  source.pipe(parser)
  try {
    for await (const one of parser) yield one as CsvRecord
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    const line = typeof cause['lines'] === 'number' ? cause['lines'] : 0
    // The message of the parser can quote a cell.
    throw new Problem('invalid_request', {
      detail: `The quotation marks in or before line ${line} are wrong. Put a cell that has some into quotation marks, and write each of its own twice (RFC 4180).`,
    })
  } finally {
    source.destroy()
  }
}

function columnsOf(record: readonly string[]): readonly string[] {
  const columns = record.map((name) => name.trim())
  // In a file without a header these are cells, so that any of them can be a token.
  const unknown = columns.flatMap((name, index) => (IMPORT_FIELDS.includes(name) ? [] : [index + 1]))
  if (unknown.length > 0) {
    const listed = IMPORT_FIELDS.join(', ')
    const errors = unknown.slice(0, COLUMNS_SHOWN_MAX).map((column) => ({
      path: `/${column}`,
      message: `The name of column ${column} is unknown. The first line names the columns: ${listed}.`,
    }))
    throw new Problem('invalid_request', { extensions: { errors } })
  }
  const repeated = columns.find((name, index) => columns.indexOf(name) < index)
  if (repeated !== undefined) throw header(`/${repeated}`, 'This column is there twice. Remove one of them.')
  if (!columns.includes('name')) throw header('/name', 'This column is required.')
  if (!columns.includes('token') && !columns.includes('sha256')) {
    throw header('/token', 'One of the columns token and sha256 is required.')
  }
  return columns
}

const COLUMNS_SHOWN_MAX = 100

function header(path: string, message: string): Problem {
  return new Problem('invalid_request', { extensions: { errors: [{ path, message }] } })
}

/** The cells that are not empty, by the names of their columns. */
function fieldsOf(columns: readonly string[], cells: readonly string[]): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {}
  for (const [index, column] of columns.entries()) {
    const cell = cells[index] ?? ''
    if (cell === '') continue
    fields[column] = VALUES[column]?.(cell) ?? cell
  }
  return fields
}

/** How cells are read that are more than a text: as exports of keys write them. */
const VALUES: Readonly<Record<string, (cell: string) => unknown>> = {
  roles: (cell) => cell.split(/[ ;]+/).filter((role) => role !== ''),
  labels: (cell) => {
    const read = parseStrictJson(cell)
    return read.fault === null ? read.value : undefined
  },
}
