/** What a spreadsheet would run as a formula, at the beginning of a text or of a part that it makes a cell of its own. */
const FORMULA = /(^|[;\t\r\n])(?=["\s]*[=+\-@]|')/g

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = value.replaceAll(FORMULA, "$1'")
  return /[",;\t\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Rows as CSV (RFC 4180). A text that a spreadsheet could take for a formula gets an apostrophe in front. */
export function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('')
}
