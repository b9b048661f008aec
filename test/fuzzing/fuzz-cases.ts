import fc from 'fast-check'
import { jsonText, nodeOf, placesIn, scalar, yamlText, type DocumentNode } from './document.ts'
import {
  ALIEN_HEADERS,
  BODY_FRAGMENTS,
  CONTENT_TYPES,
  ESCAPES,
  METHODS,
  NAMES,
  QUERIES,
  SCALARS,
  SEGMENTS,
  YAML_FRAGMENTS,
} from './hostile-values.ts'
import type { ValidRequest } from './valid-requests.ts'

/** How the body is put on the wire. */
type Framing = 'length' | 'chunks' | 'bytewise' | 'short' | 'long' | 'broken-chunk' | 'both' | 'none'

const FRAMINGS: readonly Framing[] = [
  'length',
  'chunks',
  'bytewise',
  'short',
  'long',
  'broken-chunk',
  'both',
  'none',
]

/** Numbers that choose places: they are taken modulo the number of places, so that each is valid for any request. */
type Choice = number

/** One change of a request. */
export type Alteration =
  | { readonly on: 'value'; readonly at: Choice; readonly value: Choice }
  | { readonly on: 'structure'; readonly at: Choice; readonly change: Change; readonly value: Choice }
  | { readonly on: 'text'; readonly at: Choice; readonly edit: Edit; readonly value: Choice }
  | { readonly on: 'yaml'; readonly at: Choice; readonly value: Choice }
  | {
      readonly on: 'path'
      readonly at: Choice
      readonly value: Choice
      readonly change: 'segment' | 'escape'
    }
  | { readonly on: 'query'; readonly value: Choice }
  | { readonly on: 'header'; readonly value: Choice }
  | { readonly on: 'type'; readonly value: Choice }
  | { readonly on: 'method'; readonly value: Choice }
  | { readonly on: 'framing'; readonly value: Choice }

const CHANGES = [
  'remove',
  'repeat',
  'rename',
  'add',
  'list',
  'object',
  'nest',
  'multiply',
  'empty',
  'swap',
] as const
type Change = (typeof CHANGES)[number]

const EDITS = ['truncate', 'append', 'prepend', 'insert', 'byte', 'delete', 'double', 'utf16'] as const
type Edit = (typeof EDITS)[number]

/** A valid request to an operation, and what is done to it. */
export interface FuzzCase {
  /** Chooses the operation. */
  readonly operation: Choice
  readonly format: 'json' | 'yaml'
  readonly alterations: readonly Alteration[]
}

const choice = fc.nat({ max: 9999 })
const alteration: fc.Arbitrary<Alteration> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ on: fc.constant('value' as const), at: choice, value: choice }) },
  {
    weight: 6,
    arbitrary: fc.record({
      on: fc.constant('structure' as const),
      at: choice,
      change: fc.constantFrom(...CHANGES),
      value: choice,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      on: fc.constant('text' as const),
      at: choice,
      edit: fc.constantFrom(...EDITS),
      value: choice,
    }),
  },
  { weight: 4, arbitrary: fc.record({ on: fc.constant('yaml' as const), at: choice, value: choice }) },
  {
    weight: 3,
    arbitrary: fc.record({
      on: fc.constant('path' as const),
      at: choice,
      value: choice,
      change: fc.constantFrom('segment' as const, 'escape' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ on: fc.constant('query' as const), value: choice }) },
  { weight: 3, arbitrary: fc.record({ on: fc.constant('header' as const), value: choice }) },
  { weight: 2, arbitrary: fc.record({ on: fc.constant('type' as const), value: choice }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('method' as const), value: choice }) },
  { weight: 2, arbitrary: fc.record({ on: fc.constant('framing' as const), value: choice }) },
)

export const fuzzCase: fc.Arbitrary<FuzzCase> = fc.record({
  operation: choice,
  format: fc.constantFrom('json' as const, 'json' as const, 'yaml' as const),
  alterations: fc.array(alteration, { minLength: 1, maxLength: 3 }),
})

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string
  readonly target: string
  /** Everything from the request line on. */
  readonly bytes: Buffer
  /** The body before it was framed; undefined for none. */
  readonly body: Buffer | undefined
  /** The content type; empty for none. */
  readonly type: string
  /** Whether the body certainly arrives as it is, with that content type. */
  readonly isPlain: boolean
  /** Whether the end of the body is missing. */
  readonly isIncomplete: boolean
}

/** Writes a fuzzed request. The same arguments give the same bytes. */
export function fuzzed(valid: ValidRequest, { format, alterations }: FuzzCase, token: string): WireRequest {
  let { method, path } = valid
  const query: string[] = valid.query === undefined ? [] : [valid.query]
  const headers: string[] = [
    'host: localhost',
    'connection: close',
    `authorization: Bearer ${valid.token ?? token}`,
  ]
  if (valid.cookie !== undefined) headers.push(`cookie: ${valid.cookie}`)
  let isYaml = format === 'yaml' && valid.type === undefined
  let type = valid.type ?? (isYaml ? 'application/yaml' : 'application/json')
  let framing: Framing = 'length'
  const root = { node: nodeOf(valid.body ?? null) }
  let hasBody = valid.body !== undefined
  for (const each of alterations) {
    switch (each.on) {
      case 'value':
        hasBody = true
        pick(placesIn(root), each.at).replace(scalar(pick(SCALARS, each.value)))
        break
      case 'structure':
        hasBody = true
        changeStructure(root, each)
        break
      case 'yaml':
        isYaml = true
        type = 'application/yaml'
        break
      case 'path':
        path = changedPath(path, each)
        break
      case 'query':
        query.push(pick(QUERIES, each.value))
        break
      case 'header':
        headers.push(...pick(ALIEN_HEADERS, each.value))
        break
      case 'type':
        type = pick(CONTENT_TYPES, each.value)
        break
      case 'method':
        method = pick(METHODS, each.value)
        break
      case 'framing':
        framing = pick(FRAMINGS, each.value)
        break
      case 'text':
        hasBody = true
    }
  }
  let body: Buffer = Buffer.from(hasBody ? (isYaml ? yamlText(root.node) : jsonText(root.node)) : '')
  for (const each of alterations) {
    if (each.on === 'text') body = edited(body, each)
    if (each.on === 'yaml' && hasBody) body = withFragment(body, each)
  }
  const target = query.length === 0 ? path : `${path}?${query.join('&')}`
  if (hasBody && type !== '') headers.push(`content-type: ${type}`)
  const framed = hasBody ? framedBody(body, framing) : { headers: [], body: '' }
  const head = `${method} ${target} HTTP/1.1\r\n${[...headers, ...framed.headers].map((line) => `${line}\r\n`).join('')}\r\n`
  return {
    method,
    target,
    bytes: Buffer.concat([Buffer.from(head), Buffer.from(framed.body)]),
    body: hasBody ? body : undefined,
    type,
    isIncomplete: hasBody && framing === 'long',
    isPlain:
      ['length', 'chunks', 'bytewise'].includes(framing) && alterations.every(({ on }) => on !== 'header'),
  }
}

function pick<Item>(items: readonly Item[], chosen: Choice): Item {
  return items[chosen % items.length] as Item
}

function changeStructure(
  root: { node: DocumentNode },
  { at, change, value }: Extract<Alteration, { readonly on: 'structure' }>,
): void {
  const places = placesIn(root)
  const place = pick(places, at)
  const { node } = place
  switch (change) {
    case 'remove':
      place.remove()
      break
    case 'repeat':
      place.repeat(value % 2 === 0 ? node : scalar(pick(SCALARS, value)))
      break
    case 'rename':
      place.rename(pick(NAMES, value))
      break
    case 'add':
      if (node.kind === 'object') node.members.push([pick(NAMES, value), scalar(pick(SCALARS, at))])
      else if (node.kind === 'list') node.items.push(scalar(pick(SCALARS, value)))
      else place.replace({ kind: 'object', members: [[pick(NAMES, value), node]] })
      break
    case 'list':
      place.replace({ kind: 'list', items: [node] })
      break
    case 'object':
      place.replace({ kind: 'object', members: [[pick(NAMES, value), node]] })
      break
    case 'nest':
      place.replace(scalar(`${'['.repeat(1 + (value % 80))}${jsonText(node)}${']'.repeat(1 + (value % 80))}`))
      break
    case 'multiply':
      place.replace({ kind: 'list', items: Array.from({ length: value % 400 }, () => node) })
      break
    case 'empty':
      place.replace(pick([scalar('null'), scalar('""'), scalar('[]'), scalar('{}')], value))
      break
    case 'swap':
      place.replace(
        pick(places, value).node.kind === 'scalar' ? pick(places, value).node : scalar('"swapped"'),
      )
  }
}

function edited(body: Buffer, { at, edit, value }: Extract<Alteration, { readonly on: 'text' }>): Buffer {
  const index = at % (body.length + 1)
  const [before, after] = [body.subarray(0, index), body.subarray(index)]
  const fragment = pick(BODY_FRAGMENTS, value)
  switch (edit) {
    case 'truncate':
      return before
    case 'append':
      return Buffer.concat([body, fragment])
    case 'prepend':
      return Buffer.concat([fragment, body])
    case 'insert':
      return Buffer.concat([before, fragment, after])
    case 'byte':
      return Buffer.concat([before, Buffer.from([value % 256]), after.subarray(1)])
    case 'delete':
      return Buffer.concat([before, after.subarray(1)])
    case 'double':
      return Buffer.concat([body, body])
    case 'utf16':
      return Buffer.from(body.toString(), 'utf16le')
  }
}

/** Inserts a fragment of YAML at the start, at the end, or after one of the body's spaces and line breaks. */
function withFragment(body: Buffer, { at, value }: Extract<Alteration, { readonly on: 'yaml' }>): Buffer {
  const text = body.toString()
  const gaps = [0, text.length, ...[...text.matchAll(/[ \n]/g)].map(({ index }) => index + 1)]
  const index = pick(gaps, at)
  return Buffer.from(text.slice(0, index) + pick(YAML_FRAGMENTS, value) + text.slice(index))
}

function changedPath(
  path: string,
  { at, value, change }: Extract<Alteration, { readonly on: 'path' }>,
): string {
  const segments = path.split('/')
  const index = 1 + (at % (segments.length - 1))
  const segment = segments[index] ?? ''
  if (change === 'segment') segments[index] = pick(SEGMENTS, value)
  else segments[index] = pick(ESCAPES, value)(segment)
  return segments.join('/')
}

function framedBody(
  body: Buffer,
  framing: Framing,
): { readonly headers: readonly string[]; readonly body: Buffer } {
  const length = `content-length: ${body.length}`
  const chunked = 'transfer-encoding: chunked'
  const chunksOf = (size: number): Buffer => {
    const parts: Buffer[] = []
    for (let index = 0; index < body.length; index += size) {
      const part = body.subarray(index, index + size)
      parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
    }
    return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')])
  }
  switch (framing) {
    case 'length':
      return { headers: [length], body }
    case 'chunks':
      return { headers: [chunked], body: chunksOf(40) }
    case 'bytewise':
      return { headers: [chunked], body: chunksOf(Math.max(1, Math.floor(body.length / 500))) }
    case 'short':
      return { headers: [`content-length: ${Math.max(0, body.length - 1)}`], body }
    case 'long':
      return { headers: [`content-length: ${body.length + 10}`], body }
    case 'broken-chunk':
      return {
        headers: [chunked],
        body: Buffer.concat([chunksOf(40).subarray(0, -5), Buffer.from('zz\r\n')]),
      }
    case 'both':
      return { headers: [length, chunked], body }
    case 'none':
      return { headers: [], body }
  }
}
