import { Problem } from '@sallyport/core'

/** How deep a body nests at most: a spec needs 8, and what walks a body by recursion must not run out of stack. */
const DEPTH_MAX = 64

/** How many values a body holds at most: judging each against a schema takes microseconds, and blocks all others. */
const VALUES_MAX = 50_000

/** Names with a meaning of their own to JavaScript: whatever copies them can change what every object inherits. */
const NAMES_REFUSED: readonly string[] = ['__proto__', 'constructor', 'prototype']

interface Place {
  readonly value: unknown
  readonly path: string
  readonly depth: number
}

/**
 * Refuses values that no resource needs and that some part behind would trip over: too deep, too many, names such as
 * `__proto__`, numbers that are not finite, and texts that a database cannot keep (NUL, lone surrogates).
 *
 * @throws Problem `invalid_request` naming the first of them
 */
export function requireSane(body: unknown): void {
  // A stack of our own: the point is to survive what would exhaust the machine's.
  const open: Place[] = [{ value: body, path: '', depth: 0 }]
  let values = 0
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path, depth } = place
    values += 1
    if (typeof value === 'string') requireSaneText(value, path)
    if (typeof value === 'number' && !Number.isFinite(value)) refuse(path, 'A number is finite.')
    if (typeof value !== 'object' || value === null) continue
    if (depth >= DEPTH_MAX) refuse(path, `A body nests at most ${DEPTH_MAX} deep.`)
    const names = Object.keys(value)
    if (values + open.length + names.length > VALUES_MAX) {
      refuse('', `A body holds at most ${VALUES_MAX} values.`)
    }
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        open.push({ value: item, path: `${path}/${index}`, depth: depth + 1 })
      }
      continue
    }
    for (const name of names) {
      const inside = `${path}/${name}`
      requireSaneText(name, path)
      if (NAMES_REFUSED.includes(name)) refuse(inside, 'This name is not allowed.')
      open.push({ value: (value as Record<string, unknown>)[name], path: inside, depth: depth + 1 })
    }
  }
}

function requireSaneText(text: string, path: string): void {
  if (text.includes('\0') || !text.isWellFormed()) {
    refuse(path, 'A text is well-formed Unicode without the character NUL.')
  }
}

function refuse(path: string, message: string): never {
  throw new Problem('invalid_request', { extensions: { errors: [{ path, message }] } })
}
