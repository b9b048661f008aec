import { Problem } from '@sallyport/core'
import { parseDocument } from 'yaml'
import type { ControlApp } from './control-app.ts'
import { requireSane } from './sane-value.ts'

/** The largest body, in bytes. */
export const BODY_BYTES_MAX = 1024 * 1024
/** YAML takes far longer to read than JSON, and is written by people: 256 KiB are thousands of lines. */
const YAML_BYTES_MAX = 256 * 1024
/** How many nodes the aliases of a document may stand for; more is a "billion laughs". */
const YAML_ALIASES_MAX = 100
const MESSAGE_CHARS_MAX = 200

/** Reads JSON and YAML bodies; every other content type is refused by Fastify with a 415. */
export function readBodies(app: ControlApp): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(['application/json'], { parseAs: 'buffer' }, reader(parseJson))
  app.addContentTypeParser(
    ['application/yaml', 'application/x-yaml', 'text/yaml'],
    { parseAs: 'buffer' },
    reader(parseYaml),
  )
}

function reader(parse: (text: string) => unknown) {
  return async (_request: unknown, bytes: Buffer): Promise<unknown> => {
    // An empty body with a content type is what many clients send with a DELETE.
    if (bytes.length === 0) return undefined
    const body = parse(decode(bytes))
    requireSane(body)
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
    // The parser's own message repeats a piece of the body, which can hold a token.
    throw unreadable('The body is not valid JSON.', cause)
  }
}

function parseYaml(text: string): unknown {
  if (text.length > YAML_BYTES_MAX) {
    throw new Problem('too_large', { extensions: { limitBytes: YAML_BYTES_MAX } })
  }
  const document = composed(text)
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined)
    throw unreadable(`The body is not valid YAML: ${firstLine(problem.message)}`, problem)
  try {
    return document.toJS({ maxAliasCount: YAML_ALIASES_MAX }) as unknown
  } catch (cause) {
    throw unreadable('The aliases of the YAML body stand for too much.', cause)
  }
}

function composed(text: string): ReturnType<typeof parseDocument> {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      uniqueKeys: true,
      merge: false,
      prettyErrors: false,
      logLevel: 'silent',
      stringKeys: true,
    })
  } catch (cause) {
    // Composing recurses, so that a body of nothing but brackets exhausts its stack.
    throw unreadable('The body is not valid YAML.', cause)
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, MESSAGE_CHARS_MAX) ?? ''
}

function unreadable(message: string, cause: unknown): Problem {
  return new Problem('invalid_request', {
    detail: message,
    extensions: { errors: [{ path: '', message }] },
    cause,
  })
}
