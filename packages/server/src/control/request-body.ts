import { type JsonFault, parseStrictJson, pointerAt, syntaxFaultIndex } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { ControlApp } from './routing/control-app.ts'
import { requirePlainUtf8 } from './routing/plain-utf8.ts'
import { requireSafeJson } from '../contract/requests/safe-json.ts'
import { duplicateMember, unreadable } from './unreadable-body.ts'
import { parseYaml } from './yaml-body.ts'

/** The largest body, in bytes. */
export const BODY_BYTES_MAX = 1024 * 1024

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

/** Keeps the bytes of JSON bodies beside what they say, for signatures over them. */
export function keepBodyBytes(app: ControlApp): void {
  const read = reader(parseJson)
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser(
    ['application/json'],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, bytes: Buffer) => {
      request.bodyBytes = bytes
      return await read(request, bytes)
    },
  )
}

function reader(parse: (text: string) => unknown) {
  return async (request: FastifyRequest, bytes: Buffer): Promise<unknown> => {
    // Many clients send an empty body with a content type in a DELETE.
    if (bytes.length === 0) return undefined
    requirePlainUtf8(request.headers)
    const body = parse(decode(bytes))
    requireSafeJson(body)
    return body
  }
}

/** RFC 8259 section 8.1: JSON between systems is UTF-8 without a byte order mark. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw unreadable('The body is not valid UTF-8.', null, cause)
  }
}

const JSON_FAULTS: Readonly<Record<Exclude<JsonFault, 'duplicate'>, string>> = {
  syntax: 'The body is not valid JSON. Correct it at this place',
  depth: 'The body is nested too deeply',
  surrogate: 'Strings must be well-formed Unicode',
  digits: 'The body has a number that would lose digits. Send a shorter number, or a string where one fits',
}

const BYTE_ORDER_MARK = '\ufeff'
const MARKED = 'The body begins with a byte order mark, which most editors do not show. Send it without one'

function parseJson(text: string): unknown {
  if (text.startsWith(BYTE_ORDER_MARK)) throw unreadable(MARKED, { text, index: 0 }, undefined)
  const read = parseStrictJson(text, { exactNumbers: true })
  if (read.fault === null) return read.value
  const { fault, name = '' } = read
  const index = fault === 'syntax' ? syntaxFaultIndex(text) : read.index
  const message = fault === 'duplicate' ? duplicateMember('body', name) : JSON_FAULTS[fault]
  const path = fault === 'syntax' ? '' : pointerAt(text, index)
  throw unreadable(message, { text, index, path }, undefined)
}
