import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OpenApiDocument } from './openapi-document.ts'

/** The characters of one piece, unless a single path or schema has more. After each piece, the requests that have arrived meanwhile are answered. */
const PIECE_CHARS = 64 * 1024

/** The text of a document as JSON in UTF-8, in pieces. */
export async function documentText(document: OpenApiDocument): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = []
  let text = ''
  for (const part of partsOf(document)) {
    text += part
    if (text.length < PIECE_CHARS) continue
    pieces.push(Buffer.from(text))
    text = ''
    await nextTurn()
  }
  pieces.push(Buffer.from(text))
  return pieces
}

function* partsOf({ openapi, info, servers, paths, components }: OpenApiDocument): Iterable<string> {
  yield `{"openapi":${JSON.stringify(openapi)},"info":${JSON.stringify(info)},"servers":${JSON.stringify(servers)},"paths":{`
  let comma = ''
  for (const [path, item] of paths) {
    yield `${comma}${JSON.stringify(path)}:${JSON.stringify(Object.fromEntries(item))}`
    comma = ','
  }
  yield `},"components":{"securitySchemes":${JSON.stringify(components.securitySchemes)},"schemas":{`
  comma = ''
  for (const [name, schema] of components.schemas) {
    yield `${comma}${JSON.stringify(name)}:${JSON.stringify(schema)}`
    comma = ','
  }
  yield '}}}'
}
