import { Problem } from '@sallyport/core'
import { isScalar, parseDocument, visit } from 'yaml'
import type { ControlApp } from './routing/control-app.ts'
import { requireSafeJson } from './safe-json.ts'

/** The largest body, in bytes. */
export const BODY_BYTES_MAX = 1024 * 1024
/** Parsing YAML takes a hundred times longer than JSON, and people write it by hand: 64 KiB are two thousand lines. */
const YAML_BYTES_MAX = 64 * 1024
/** The most aliases of a document, and the most nodes that they expand to, against "billion laughs" attacks. */
const YAML_ALIASES_MAX = 100

/** Reads JSON bodies; Fastify refuses every other content type with 415. */
export function readJsonBodies(app: ControlApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json'], { parseAs: 'buffer' }, reader(parseJson))
}

/** Reads YAML bodies too; only for authenticated callers, because parsing YAML is expensive. */
export function readYamlBodies(app: ControlApp): void {
  const types = ['application/yaml', 'application/x-yaml', 'text/yaml']
  app.addContentTypeParser(types, { parseAs: 'buffer' }, reader(parseYaml))
}

function reader(parse: (text: string) => unknown) {
  return async (_request: unknown, bytes: Buffer): Promise<unknown> => {
    // Many clients send an empty body with a content type in a DELETE.
    if (bytes.length === 0) return undefined
    const body = parse(decode(bytes))
    requireSafeJson(body)
    return body
  }
}

/** RFC 8259 section 8.1: JSON between systems is UTF-8. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unreadable('The body is not valid UTF-8.', cause)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The parser's own message quotes the body, which can contain a token.
    throw unreadable('The body is not valid JSON.', cause)
  }
}

function parseYaml(text: string): unknown {
  if (text.length > YAML_BYTES_MAX) {
    throw new Problem('too_large', { extensions: { limitBytes: YAML_BYTES_MAX } })
  }
  const document = composed(text)
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    // The parser's own message quotes the body, which can contain a secret.
    const line = text.slice(0, problem.pos[0]).split('\n').length
    throw unreadable(`The body is not valid YAML: ${problem.code} on line ${line}.`, problem)
  }
  requirePlain(document)
  try {
    return document.toJS({ maxAliasCount: YAML_ALIASES_MAX }) as unknown
  } catch (cause) {
    throw unreadable('The aliases of the YAML body expand to too many nodes.', cause)
  }
}

function composed(text: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      // `requirePlain` checks this: the library's own check compares every name with every other.
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
      stringKeys: true,
    })
  } catch (cause) {
    // The parser recurses, so a body of brackets can exhaust its stack.
    throw unreadable('The body is not valid YAML.', cause)
  }
}

/** Refuses duplicate names, which JSON objects cannot have, and more aliases than a person writes. */
function requirePlain(document: ReturnType<typeof parseDocument>): void {
  let aliases = 0
  visit(document, {
    Alias() {
      aliases += 1
      if (aliases > YAML_ALIASES_MAX) throw unreadable('The YAML body has too many aliases.', undefined)
    },
    Map(_key, { items }) {
      const names = new Set<unknown>()
      for (const { key } of items) {
        const name = isScalar(key) ? key.value : key
        if (names.has(name)) throw unreadable('The YAML body has a duplicate name.', undefined)
        names.add(name)
      }
    },
  })
}

function unreadable(message: string, cause: unknown): Problem {
  return new Problem('invalid_request', {
    detail: message,
    extensions: { errors: [{ path: '', message }] },
    cause,
  })
}
