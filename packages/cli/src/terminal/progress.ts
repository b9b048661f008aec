import stringWidth from 'string-width'
import { oneLine } from './safe-text.ts'
import { printLine, type Terminal, widthOf } from './terminal.ts'

/** Back to the start of the line, which is cleared (ECMA-48, CR and EL). */
const CLEAR_LINE = '\r\u001B[K'

/** How far something has come: one line that is written again and again on a terminal, a line for each change in a pipe. */
export class Progress {
  readonly #notes: Terminal['notes']
  #shown = ''

  constructor({ notes }: Pick<Terminal, 'notes'>) {
    this.#notes = notes
  }

  show(text: string): void {
    const line = oneLine(text)
    if (line === this.#shown) return
    this.#shown = line
    const width = widthOf(this.#notes)
    if (width === undefined) printLine(this.#notes, line)
    // A line that the terminal breaks could not be cleared.
    else
      this.#notes.write(
        CLEAR_LINE + (stringWidth(line) < width ? line : `${line.slice(0, Math.max(0, (width >> 1) - 1))}…`),
      )
  }

  /** Makes room for other lines. */
  end(): void {
    if (this.#shown !== '' && widthOf(this.#notes) !== undefined) this.#notes.write(CLEAR_LINE)
    this.#shown = ''
  }
}
