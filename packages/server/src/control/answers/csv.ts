/** The end of a record (RFC 4180 section 2). */
const END = '\r\n'

/**
 * What a spreadsheet could take for a formula, also after spaces and quotes, and in the wide forms that some accept. A text
 * that begins with an apostrophe is marked too, so that the mark can be removed again without doubt.
 */
const FORMULA = /^(?:'|[\s"'`]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/

/**
 * A record of a CSV file (RFC 4180). Each text is in quotes. A text that a spreadsheet could take for a formula gets an
 * apostrophe in front: whoever reads the file removes one apostrophe from the beginning of a text that has one.
 */
export function csvRecord(cells: readonly (string | number)[]): string {
  return cells.map(csvCell).join(',') + END
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  return `"${(FORMULA.test(cell) ? `'${cell}` : cell).replaceAll('"', '""')}"`
}
