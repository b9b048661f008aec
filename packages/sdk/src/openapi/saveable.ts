/*
 * What a request to the management API can have. Documents are written by others, and a name or a text of theirs must not keep
 * a draft from being saved.
 */

/** The server refuses these names: copying them can change the prototype of every object. */
const NAMES_REFUSED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** The most containers within each other of a schema, with room for the body around it: the server has 64 levels. */
const LEVELS_MAX = 50

/** NUL, or half of a surrogate pair. */
const UNSAVEABLE_CHARACTER = /\0|\p{Surrogate}/u

/** Whether a text is well-formed Unicode without NUL. */
export function isSaveableText(text: string): boolean {
  return !UNSAVEABLE_CHARACTER.test(text)
}

/** Whether an object can have a member of this name. */
export function isSaveableName(name: string): boolean {
  return isSaveableText(name) && !NAMES_REFUSED.has(name)
}

/** Whether a value, as JSON, can be a part of a draft: by its names, texts and numbers, and by its levels. */
export function isSaveable(value: unknown): boolean {
  const open: { readonly part: unknown; readonly level: number }[] = [{ part: value, level: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { part, level } = next
    if (typeof part === 'string' && !isSaveableText(part)) return false
    if (typeof part === 'number' && !Number.isFinite(part)) return false
    if (typeof part !== 'object' || part === null) continue
    if (level === LEVELS_MAX) return false
    for (const [name, inner] of Object.entries(part)) {
      if (!Array.isArray(part) && !isSaveableName(name)) return false
      open.push({ part: inner, level: level + 1 })
    }
  }
  return true
}

/** How many values a value has, with itself. */
export function valuesIn(value: unknown): number {
  const open: unknown[] = [value]
  let count = 0
  while (open.length > 0) {
    const part = open.pop()
    count += 1
    if (typeof part !== 'object' || part === null) continue
    for (const inner of Object.values(part)) open.push(inner)
  }
  return count
}
