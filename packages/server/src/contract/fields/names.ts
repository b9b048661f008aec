import { z } from 'zod'

/** An organization's slug: a letter, then up to 38 more characters. */
const SLUG = /^[a-z][a-z0-9-]{1,38}$/
/** Part of paths: of environments, projects and pipelines. */
const NAME = /^[a-z][a-z0-9-]{0,62}$/
/** Travels to upstreams in a header, so it is printable ASCII (RFC 9110 section 5.5). */
const CONSUMER_NAME = /^[!-~](?:[ -~]{0,126}[!-~])?$/

const DISPLAY_NAME_CHARS_MAX = 128
const DESCRIPTION_CHARS_MAX = 1024
/** The longest text in a path or filter; longer than any name or id. */
const REFERENCE_CHARS_MAX = 128

// The "other" and separator classes hold controls, lone surrogates and the marks that turn the direction of text
// round, with which one name can be made to look like another.
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}]*$/u
const PRINTABLE_LINES = /^(?:[^\p{Cc}\p{Cs}\p{Cf}]|[\t\n])*$/u

export const slug = z.string().regex(SLUG, 'A slug is 2 to 39 of a-z, 0-9 and "-", and starts with a letter.')

/** The name of an environment, a project or a pipeline. */
export const resourceName = z
  .string()
  .regex(NAME, 'A name is 1 to 63 of a-z, 0-9 and "-", and starts with a letter.')

export const consumerName = z
  .string()
  .regex(
    CONSUMER_NAME,
    'A consumer is named with 1 to 128 printable ASCII characters, no space at either end.',
  )

/** A name for people to read. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'A name is not empty.')
  .max(DISPLAY_NAME_CHARS_MAX)
  .regex(PRINTABLE, 'A name has printable characters alone.')

export const description = z
  .string()
  .max(DESCRIPTION_CHARS_MAX)
  .regex(PRINTABLE_LINES, 'A description has printable characters, tabs and line breaks alone.')

/** The name or id of something that should be there already; whether it is, the operation finds out. */
export const reference = z
  .string()
  .min(1)
  .max(REFERENCE_CHARS_MAX)
  .regex(/^[ -~]*$/, 'A name or id is printable ASCII.')

/** Path parameters below an organization, each a reference. */
export function pathParameters<const Names extends readonly string[]>(
  ...names: Names
): z.ZodObject<Record<Names[number], typeof reference>, z.core.$strict> {
  const shape = Object.fromEntries(names.map((name) => [name, reference]))
  return z.strictObject(shape as Record<Names[number], typeof reference>)
}
