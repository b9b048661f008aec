import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileSchema } from './compile-schema.ts'
import { readValue } from './read-value.ts'
import { Validation, WHOLE } from './validation.ts'

/*
 * The official tests of JSON Schema 2020-12: all required ones, and the optional ones about numbers and about the formats that
 * are checked. A schema that refers to other documents is refused.
 */

interface Group {
  readonly description: string
  readonly schema: unknown
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[]
}

const SUITE = JSON.parse(
  readFileSync(new URL('../../../../vectors/json-schema.json', import.meta.url), 'utf8'),
) as { readonly files: Readonly<Record<string, readonly Group[]>> }

const GROUPS = Object.entries(SUITE.files).flatMap(([file, groups]) =>
  groups.map((group) => ({ file, ...group })),
)

/** Whether a schema has parts with a name or a dialect of their own, or refers to another document. */
function refersElsewhere(schema: unknown): boolean {
  const text = JSON.stringify(schema)
  return (
    /"\$(?:ref|dynamicRef)":"[^#]/.test(text) ||
    /.\{[^{}]*"\$id":/.test(text) ||
    /"\$schema":"http:/.test(text)
  )
}

const OWN = GROUPS.filter(({ schema }) => 'schema' in compileSchema(schema))
const REFUSED = GROUPS.filter((group) => !OWN.includes(group))

/** How the suite's formats differ: `hostname` and `email` are as most programs take them. */
const LOOSE = [
  'square brackets are not allowed in a path segment',
  'invalid userinfo',
  'leading zero in an embedded IPv4 address is invalid',
]

test('most groups are run', () => {
  expect(OWN.length).toBeGreaterThan(320)
  expect(OWN.flatMap(({ tests }) => tests).length).toBeGreaterThan(1400)
})

describe.each(OWN)('$file: $description', ({ schema, tests }) => {
  test.each(tests.filter(({ description }) => !LOOSE.includes(description)))(
    '$description',
    ({ data, valid }) => {
      const compiled = compileSchema(schema)
      if (!('schema' in compiled)) throw new Error('refused')
      const validation = new Validation(100_000)
      expect(compiled.schema.matches(data, WHOLE, validation, null)).toBe(valid)
      // There are errors if and only if the value does not match.
      expect(validation.errors.length === 0).toBe(valid)
      // The same value with its numbers as texts, as they arrive.
      const sent = readValue(JSON.stringify(data))
      const again = compiled.schema.matches(sent?.value, WHOLE, new Validation(100_000), null)
      expect(again).toBe(valid)
    },
  )
})

test.each(REFUSED)('$file: $description: refused', ({ schema }) => {
  expect(refersElsewhere(schema)).toBe(true)
})
