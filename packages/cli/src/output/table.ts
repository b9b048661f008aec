import stringWidth from 'string-width'
import { cell, cellLines, heading } from './cell.ts'

const GAP = '  '
const COLUMN_WIDTH_MIN = 8
const VALUE_WIDTH_MIN = 20

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

/** The members of one item, each from its own line on. What does not fit goes on in the next one, and nothing is cut. */
export function memberTable(
  item: Row,
  members: readonly string[],
  { width }: Pick<TableOptions, 'width'>,
): string {
  const headings = members.map(heading)
  const indent = Math.max(0, ...headings.map((text) => stringWidth(text))) + GAP.length
  const room = width === undefined ? Infinity : Math.max(VALUE_WIDTH_MIN, width - indent)
  return members
    .flatMap((member, index) =>
      cellLines(item[member])
        .flatMap((line) => wrapped(line, room))
        .map((line, at) => (padded(at === 0 ? (headings[index] ?? '') : '', indent) + line).trimEnd()),
    )
    .join('\n')
}

function lines(
  rows: readonly (readonly string[])[],
  columns: readonly string[],
  { width, keep }: TableOptions,
): string {
  const natural = columns.map((_, index) =>
    rows.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), 0),
  )
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

/** Breaks a line at its spaces, and a word that is wider than the line in itself. */
function wrapped(line: string, width: number): readonly string[] {
  const rows: string[] = []
  let row = ''
  for (const word of line.split(/(?<= )(?=\S)/)) {
    if (row.trim() !== '' && stringWidth((row + word).trimEnd()) > width) {
      rows.push(row.trimEnd())
      row = ''
    }
    row += word
    while (stringWidth(row.trimEnd()) > width) {
      const [head, rest] = split(row, width)
      rows.push(head)
      row = rest
    }
  }
  return [...rows, row.trimEnd()]
}

/** The first characters that are as wide as a line, and the others. */
function split(text: string, width: number): readonly [string, string] {
  let head = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (head !== '' && stringWidth(head + segment) > width) break
    head += segment
  }
  return [head, text.slice(head.length)]
}
