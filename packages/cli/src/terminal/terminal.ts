import type { ReadStream, WriteStream } from 'node:tty'

/** What a command reads from and writes to. */
export interface Terminal {
  readonly input: NodeJS.ReadStream | ReadStream
  /** Results, and nothing else. */
  readonly output: NodeJS.WriteStream | WriteStream
  /** Everything that is said beside the result. */
  readonly notes: NodeJS.WriteStream | WriteStream
  readonly environment: Readonly<Record<string, string | undefined>>
}

export function printLine(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`)
}

/** The width of a stream in columns of characters; undefined if it is not a terminal. */
export function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns : undefined
}
