import { Problem } from '@sallyport/core'

/** The deepest nesting of a body: a spec needs 8, and recursive code must not exhaust its stack. */
const DEPTH_MAX = 64

/** The most values of a body: validating each takes microseconds and blocks all other requests. */
const VALUES_MAX = 50_000

/** Names with a special meaning in JavaScript: copying them can change the prototype of every object. */
const NAMES_REFUSED: readonly string[] = ['__proto__', 'constructor', 'prototype']

interface Visit {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

/**
 * Refuses values that no resource needs and that later code cannot handle: see `unsafePart`.
 *
 * @throws Problem `invalid_request` for the first such value
 */
export function requireSafeJson(body: unknown): void {
  const unsafe = unsafePart(body)
  if (unsafe !== undefined) throw new Problem('invalid_request', { extensions: { errors: [unsafe] } })
}

/** Where a value is, as a JSON Pointer, and what is wrong with it. */
interface UnsafePart {
  readonly path: string
  readonly message: string
}

/**
 * Finds the first value that is nested too deep, is one too many, has a name such as `__proto__`, is a number that is not
 * finite, or a string that a database cannot store (NUL, lone surrogates).
 */
export function unsafePart(body: unknown): UnsafePart | undefined {
  // An explicit stack: recursion would overflow on the very bodies that this refuses.
  const open: Visit[] = [{ value: body, path: '', depth: 0 }]
  let values = 0
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { value, path, depth } = visit
    values += 1
    if (typeof value === 'string' && !isSafeText(value)) return { path, message: UNSAFE_TEXT }
    if (typeof value === 'number' && !Number.isFinite(value))
      return { path, message: 'Numbers must be finite.' }
    if (typeof value !== 'object' || value === null) continue
    if (depth >= DEPTH_MAX) return { path, message: `A body has at most ${DEPTH_MAX} levels of nesting.` }
    const names = Object.keys(value)
    if (values + open.length + names.length > VALUES_MAX) {
      return { path: '', message: `A body has at most ${VALUES_MAX} values.` }
    }
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        open.push({ value: item, path: `${path}/${index}`, depth: depth + 1 })
      }
      continue
    }
    for (const name of names) {
      const inside = `${path}/${name}`
      if (!isSafeText(name)) return { path, message: UNSAFE_TEXT }
      if (NAMES_REFUSED.includes(name)) return { path: inside, message: 'This name is not allowed.' }
      open.push({ value: (value as Record<string, unknown>)[name], path: inside, depth: depth + 1 })
    }
  }
  return undefined
}

const UNSAFE_TEXT = 'Strings must be well-formed Unicode without the character NUL.'

function isSafeText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
