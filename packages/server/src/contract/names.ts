import { z } from 'zod'

/** Characters of an organization's slug: a letter, then up to 38 more. */
const SLUG = /^[a-z][a-z0-9-]{1,38}$/
/** Also part of the gateway's paths, so it is as narrow as a slug. */
const ENVIRONMENT_NAME = /^[a-z][a-z0-9-]{0,38}$/
/** Part of paths and, for a pipeline, of its default route. */
const RESOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
/** Travels to upstreams in a header, so it is printable ASCII (RFC 9110 section 5.5). */
const CONSUMER_NAME = /^[!-~](?:[ -~]{0,98}[!-~])?$/

const DISPLAY_NAME_CHARS_MAX = 100
const DESCRIPTION_CHARS_MAX = 2000
/** The longest text in a path or filter; longer than any name or id. */
const REFERENCE_CHARS_MAX = 120

// oxlint would read a class of control characters as a mistake, so the ranges are named by their properties.
const WITHOUT_CONTROLS = /^\P{Cc}*$/u
const WITHOUT_CONTROLS_BUT_BREAKS = /^(?:\P{Cc}|[\t\n\r])*$/u

export const slug = z.string().regex(SLUG, 'A slug is a-z, then 1 to 38 of a-z, 0-9 and "-".')

export const environmentName = z
  .string()
  .regex(ENVIRONMENT_NAME, 'An environment is named with a-z, then up to 38 of a-z, 0-9 and "-".')

export const resourceName = z
  .string()
  .regex(RESOURCE_NAME, 'A name is a letter or digit, then up to 63 of letters, digits, ".", "_" and "-".')

export const consumerName = z
  .string()
  .regex(CONSUMER_NAME, 'A consumer is named with 1 to 100 printable ASCII characters, no space at the ends.')

/** A name for people to read. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'A name is not empty.')
  .max(DISPLAY_NAME_CHARS_MAX)
  .regex(WITHOUT_CONTROLS, 'A name has no control characters.')

export const description = z
  .string()
  .max(DESCRIPTION_CHARS_MAX)
  .regex(WITHOUT_CONTROLS_BUT_BREAKS, 'A description has no control characters but tabs and line breaks.')

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
