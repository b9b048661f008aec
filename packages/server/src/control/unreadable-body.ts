import { Problem } from '@sallyport/core'

/** A position in a body. */
export interface BodyPosition {
  readonly text: string
  /** In UTF-16 code units. */
  readonly index: number
  /** The value there, as a JSON Pointer, if it is known. */
  readonly path?: string
}

const NAME_CHARS_MAX = 100

/**
 * The problem of a body that cannot be read. It names line and column and never quotes values of the body, which can be
 * tokens.
 *
 * @param message a sentence without its full stop if there is a position
 */
export function unreadable(message: string, position: BodyPosition | null, cause: unknown): Problem {
  const detail = position === null ? message : `${message} (${lineAndColumn(position)}).`
  return new Problem('invalid_request', {
    detail,
    extensions: { errors: [{ path: position?.path ?? '', message: detail }] },
    cause,
  })
}

/** The message about two members of one name in an object, in the form that `unreadable` takes. */
export function duplicateMember(body: string, name: string): string {
  const shown = name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX)}…` : name
  return `An object in the ${body} has two members ${JSON.stringify(shown)}. Remove one of them`
}

function lineAndColumn({ text, index }: BodyPosition): string {
  const before = text.slice(0, index).split('\n')
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
}
