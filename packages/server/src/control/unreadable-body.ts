import { Problem } from '@sallyport/core'

/** A position in a body. */
export interface BodyPosition {
  readonly text: string
  /** In UTF-16 code units. */
  readonly index: number
}

/**
 * The problem of a body that cannot be read. It names line and column and never quotes the body, which can contain a
 * token.
 *
 * @param message a sentence without its full stop if there is a position
 */
export function unreadable(message: string, position: BodyPosition | null, cause: unknown): Problem {
  const detail = position === null ? message : `${message} (${lineAndColumn(position)}).`
  return new Problem('invalid_request', {
    detail,
    extensions: { errors: [{ path: '', message: detail }] },
    cause,
  })
}

function lineAndColumn({ text, index }: BodyPosition): string {
  const before = text.slice(0, index).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
