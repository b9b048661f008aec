import stringWidth from 'string-width'
import { cell, heading } from './cell.ts'

const GAP = '  '
const COLUMN_WIDTH_MIN = 8

export interface TableOptions {
  /** Where to cut lines, in columns of characters; undefined for nowhere. */
  readonly width: number | undefined
  /** A column that is cut only after all others, because half of an id names nothing. */
  readonly keep?: string
}

type Row = Readonly<Record<string, unknown>>

/** Rows below a line of headings. */
export function table(rows: readonly Row[], columns: readonly string[], options: TableOptions): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])))
  return lines([columns.map(heading), ...cells], columns, options)
}

/** The members of one item, each on its line. */
export function memberTable(item: Row, members: readonly string[], options: TableOptions): string {
  return lines(
    members.map((member) => [heading(member), cell(item[member])]),
    ['heading', 'value'],
    { ...options, keep: 'heading' },
  )
}

function lines(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  { width, keep }: TableOptions,
): string {
  const natural = columns.map((_, index) => Math.max(...rows.map((row) => stringWidth(row[index] ?? ''))))
  const widths = width === undefined ? natural : fitted(natural, columns.indexOf(keep ?? ''), width)
  return rows
    .map((row) =>
      row
        .map((text, index) => padded(text, widths[index] ?? 0))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n')
}

/** Takes from the widest column until the line fits. @param kept the index of the column that is cut last */
function fitted(natural: readonly number[], kept: number, width: number): readonly number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, each) => sum + each, GAP.length * (widths.length - 1)) - width
  while (excess > 0) {
    const cuttable = widths.map((each, index) => (index === kept ? 0 : each))
    const widest = Math.max(...cuttable) > COLUMN_WIDTH_MIN ? cuttable.indexOf(Math.max(...cuttable)) : kept
    if (widest < 0 || (widths[widest] ?? 0) <= COLUMN_WIDTH_MIN) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess -= 1
  }
  return widths
}

function padded(text: string, width: number): string {
  const textWidth = stringWidth(text)
  if (textWidth <= width) return text + ' '.repeat(width - textWidth)
  let cut = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(cut + segment) > width - 1) break
    cut += segment
  }
  return `${cut}…${' '.repeat(width - 1 - stringWidth(cut))}`
}
