import { printLine, type Terminal, widthOf } from '../terminal/terminal.ts'
import { cell } from './cell.ts'
import { structured, type StructuredFormat, structuredItems } from './structured.ts'
import { memberTable, table } from './table.ts'

export const FORMATS = ['table', 'json', 'yaml'] as const satisfies readonly ('table' | StructuredFormat)[]
export type Format = (typeof FORMATS)[number]

/** How a result is printed. */
export interface ResultOptions {
  readonly format: Format
  /** Whether only ids are printed. */
  readonly isQuiet: boolean
  readonly columns: readonly string[]
  /** The member that identifies an item. */
  readonly id: string
}

type Item = Readonly<Record<string, unknown>>

/** Prints the items of a list to standard output. */
export function printItems(terminal: Terminal, items: readonly Item[], options: ResultOptions): void {
  const { format, isQuiet, columns, id } = options
  const { output, notes } = terminal
  if (isQuiet) {
    for (const item of items) printLine(output, cell(item[id]))
  } else if (format !== 'table') {
    for (const line of structuredItems(items, format)) printLine(output, line)
  } else if (items.length === 0) {
    printLine(notes, 'Nothing found.')
  } else {
    printLine(output, table(items, columns, { width: widthOf(output), keep: id }))
  }
}

/** Prints one item to standard output. */
export function printItem(terminal: Terminal, item: Item, options: ResultOptions): void {
  const { format, isQuiet, columns, id } = options
  const { output } = terminal
  if (isQuiet) {
    printLine(output, cell(item[id]))
  } else if (format !== 'table') {
    printLine(output, structured(item, format))
  } else {
    const rest = Object.keys(item).filter((member) => !columns.includes(member))
    const members = [...columns, ...rest].filter((member) => member in item)
    printLine(output, memberTable(item, members, { width: widthOf(output) }))
  }
}
