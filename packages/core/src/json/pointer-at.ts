import { jsonPointer } from '../problems/json-pointer.ts'

/** A string, or a character that opens, closes or separates. Everything else is no step on the way. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/gy
const SKIPPED = /[^"{}[\],]+/gy

/**
 * The location of a value, or of a member by its name, in a JSON text.
 *
 * @param text valid JSON
 * @param wanted the index of the first character of the value or the name
 * @returns a JSON Pointer (RFC 6901)
 */
export function pointerAt(text: string, wanted: number): string {
  /** For each open object the name of its current member, for each open array the index of its current item. */
  const path: (string | number)[] = []
  /** Whether the next string of an object is a name. */
  let isName = false
  let index = 0
  while (index <= wanted) {
    SKIPPED.lastIndex = index
    if (SKIPPED.test(text)) index = SKIPPED.lastIndex
    if (index > wanted) break
    TOKEN.lastIndex = index
    const [token = ''] = TOKEN.exec(text) ?? []
    if (token === '') break
    if (token.startsWith('"')) {
      if (isName) path[path.length - 1] = JSON.parse(token) as string
      isName = false
    } else if (token === ',') {
      const last = path.at(-1)
      isName = typeof last === 'string'
      if (typeof last === 'number') path[path.length - 1] = last + 1
    } else if (index === wanted) break
    else if (token === '{' || token === '[') {
      path.push(token === '{' ? '' : 0)
      isName = token === '{'
    } else {
      path.pop()
      isName = false
    }
    index += token.length
  }
  return jsonPointer(...path)
}
