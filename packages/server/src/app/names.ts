import type { FieldError } from './refusals.ts'

/** Names that would stand where the gateway and the control plane have paths of their own. */
const RESERVED_SLUGS: ReadonlySet<string> = new Set(['authz', 'healthz', 'readyz', 'metrics', 'docs', 'v1'])

/** The most characters of a name that is for people to read. */
const TITLE_CHARS_MAX = 128
/** The most characters of a description. */
const DESCRIPTION_CHARS_MAX = 1024

const SLUG = /^[a-z][a-z0-9-]{1,38}$/
const NAME = /^[a-z][a-z0-9-]{0,62}$/
// The "other" and separator classes hold controls, lone surrogates and the marks that turn the direction of text
// round, with which one name can be made to look like another.
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u
const PRINTABLE_LINES = /^[^\p{Cc}\p{Cs}\p{Cf}]*$/u

/** What is wrong with an organization's slug. */
export function slugErrors(path: string, slug: string): FieldError[] {
  if (!SLUG.test(slug)) {
    return [{ path, message: 'A slug is 2 to 39 of a-z, 0-9 and "-", and starts with a letter.' }]
  }
  return RESERVED_SLUGS.has(slug) ? [{ path, message: `"${slug}" is taken by Sallyport itself.` }] : []
}

/** What is wrong with the name of an environment, a project or a pipeline: it stands in paths. */
export function nameErrors(path: string, name: string): FieldError[] {
  return NAME.test(name)
    ? []
    : [{ path, message: 'A name is 1 to 63 of a-z, 0-9 and "-", and starts with a letter.' }]
}

/** What is wrong with a name that is for people alone: of an organization, a consumer or a key. */
export function titleErrors(path: string, title: string): FieldError[] {
  const length = Array.from(title).length
  return length >= 1 && length <= TITLE_CHARS_MAX && PRINTABLE.test(title) && title.trim() === title
    ? []
    : [
        {
          path,
          message: `A name is 1 to ${TITLE_CHARS_MAX} printable characters, with no space at either end.`,
        },
      ]
}

/** What is wrong with a description, which may have several lines. */
export function descriptionErrors(path: string, description: string | null): FieldError[] {
  if (description === null) return []
  return Array.from(description).length <= DESCRIPTION_CHARS_MAX &&
    PRINTABLE_LINES.test(description.replace(/[\n\t]/g, ' '))
    ? []
    : [{ path, message: `A description is at most ${DESCRIPTION_CHARS_MAX} printable characters.` }]
}
