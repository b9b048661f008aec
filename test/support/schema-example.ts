/** An object of a document, of which nothing is known. */
type Members = Readonly<Record<string, unknown>>

const TEXTS = [
  '0',
  '1',
  'aa',
  'a1',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  'a@example.com',
  'https://a.example/',
]
const BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2024-01-01',
  'date-time': '2024-01-01T00:00:00Z',
  email: 'a@example.com',
  uri: 'https://a.example/',
  uuid: '00000000-0000-4000-8000-000000000000',
}
/** Such as `^AC[0-9a-fA-F]{32}$`. */
const HEX_ID = /^\^?\(?([A-Z]*)[A-Z|)]*\[0-9a-fA-F\]\{(\d+)\}\$?$/

/** The object itself, or the one in the document that it refers to. */
export function resolvedIn(document: unknown, value: unknown): Members {
  let at = membersOf(value)
  while (typeof at['$ref'] === 'string') {
    at = membersOf(
      at['$ref']
        .slice(2)
        .split('/')
        .reduce(
          (inner: unknown, name) => membersOf(inner)[name.replaceAll('~1', '/').replaceAll('~0', '~')],
          document,
        ),
    )
  }
  return at
}

/**
 * A value that a schema of an OpenAPI document describes: no more than what is required.
 *
 * @param index the items of a list have different ones, so that they differ
 */
export function exampleOf(document: unknown, written: unknown, index = 0): unknown {
  const schema = resolvedIn(document, written)
  if (Array.isArray(schema['enum'])) return schema['enum'][0] as unknown
  if ('const' in schema) return schema['const']
  const alternatives = (schema['anyOf'] ?? schema['oneOf']) as readonly unknown[] | undefined
  const base = alternatives === undefined ? undefined : exampleOf(document, alternatives[0], index)
  const all = ((schema['allOf'] ?? []) as readonly unknown[]).map((one) => exampleOf(document, one))
  const type = [schema['type']].flat()[0]
  if (type !== 'object' && type !== 'array' && alternatives !== undefined) return base
  switch (type) {
    case 'string':
      return textOf(schema, index)
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, (_, at) =>
        exampleOf(document, schema['items'], at),
      )
    default: {
      const required = (schema['required'] ?? []) as readonly string[]
      const properties = membersOf(schema['properties'])
      const own = Object.fromEntries(required.map((name) => [name, exampleOf(document, properties[name])]))
      return Object.assign({}, base, ...all, own) as unknown
    }
  }
}

function textOf({ pattern, format, minLength }: Members, index: number): string {
  const length = Number(minLength ?? 0)
  if (typeof pattern === 'string') {
    const [, prefix, count] = HEX_ID.exec(pattern) ?? []
    if (count !== undefined) return `${prefix}${'0'.repeat(Number(count))}`
    const matches = TEXTS.filter((text) => new RegExp(pattern, 'u').test(text))
    return matches.filter((text) => text.length >= length)[index] ?? matches[index] ?? ''
  }
  return BY_FORMAT[String(format)] ?? 'a1'.padEnd(length, 'a')
}

function membersOf(value: unknown): Members {
  return (value ?? {}) as Members
}
