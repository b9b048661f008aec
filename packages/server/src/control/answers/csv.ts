/** The end of a record (RFC 4180 section 2). */
const END = '\r\n'

/**
 * Before what a spreadsheet could take for a formula, also after spaces and quotes, and in the wide forms that some accept.
 * A text that begins with an apostrophe is marked too, so that the mark can be removed again without doubt.
 */
const FORMULA = /^(?='|[\s"'`]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])/

/**
 * The same within a text, where a spreadsheet begins another cell if it separates cells by semicolons or tabs, as Excel does
 * with the settings of many countries. A quote means nothing to it then, because the cell does not begin with one.
 */
const FORMULA_WITHIN = /(?<=[;\t\r\n])(?='|[\s"'`]*[=+\-@\uff1d\uff0b\uff0d\uff20])/g

/**
 * A record of a CSV file (RFC 4180). Each text is in quotes. What a spreadsheet could take for a formula gets an apostrophe
 * in front: a reader removes one apostrophe from the beginning of a text, and after each ";", tab and line break in it.
 */
export function csvRecord(cells: readonly (string | number)[]): string {
  return cells.map(csvCell).join(',') + END
}

function csvCell(cell: string | number): string {
  if (typeof cell === 'number') return String(cell)
  return `"${cell.replace(FORMULA, "'").replaceAll(FORMULA_WITHIN, "'").replaceAll('"', '""')}"`
}
