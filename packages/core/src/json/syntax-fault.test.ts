import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStrictJson } from './strict-json.ts'
import { syntaxFaultIndex } from './syntax-fault.ts'

const VECTORS = JSON.parse(
  readFileSync(new URL('../../../../vectors/json-texts.json', import.meta.url), 'utf8'),
) as Readonly<Record<'refused', readonly (readonly [about: string, text: string])[]>>

/** The error of `JSON.parse`, or undefined for valid JSON. */
function engineMessage(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Checks an index against the error of `JSON.parse`, which has a position, the character, or says that the text ends. */
function expectSameFault(text: string, message: string): void {
  // Texts such as NaN have a message of their own, without a place.
  if (message === `"${text}" is not valid JSON`) return
  const index = syntaxFaultIndex(text)
  const position = / at position (\d+) /.exec(message)?.[1]
  const token = /^Unexpected token '(.)', /su.exec(message)?.[1]
  if (position !== undefined) expect([text, index]).toEqual([text, Number(position)])
  else if (token !== undefined) expect([text, text.at(index)]).toEqual([text, token])
  else expect([text, message, index]).toEqual([text, 'Unexpected end of JSON input', text.length])
}

describe('syntaxFaultIndex', () => {
  test.each([
    ['', 0],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1}', 2],
    ['{]', 1],
    ['[}', 1],
    [']', 0],
    ['[1 2]', 3],
    ['{"a":1}}', 7],
    ['1,', 1],
    ['trux', 3],
    ['nul', 3],
    ['-a', 1],
    ['01', 1],
    ['1.x', 2],
    ['1e+', 3],
    ['"a', 2],
    ['"\t"', 1],
    ['"\\x"', 2],
    ['"\\u12g4"', 5],
    ['"\\', 2],
    ['\ufeff{}', 0],
    ['\u00a01', 0],
    ['{"mode": api-key}', 9],
    ["{'a':1}", 1],
    ['[[[[', 4],
  ])('locates the fault of %j at %i', (text, index) => {
    expect(syntaxFaultIndex(text)).toBe(index)
    expectSameFault(text, engineMessage(text) ?? '')
  })

  test('agrees with JSON.parse on vectors/json-texts.json', () => {
    const faulty = VECTORS.refused
      .map(([, text]) => text)
      .filter((text) => parseStrictJson(text).fault === 'syntax')
    expect(faulty.length).toBeGreaterThan(50)
    for (const text of faulty) expectSameFault(text, engineMessage(text) ?? '')
  })

  test('agrees with JSON.parse on valid texts with one character deleted, replaced or inserted', () => {
    let faulty = 0
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(2),
        fc.nat(),
        fc.constantFrom(...'{}[]:,"\\ \n\t0-.e+tfnuxé'.split('')),
        fc.constantFrom('delete', 'replace', 'insert'),
        (value, spaces, place, character, change) => {
          const text = JSON.stringify(value, null, spaces)
          const at = place % (text.length + 1)
          const end = change === 'insert' ? at : at + 1
          const changed = text.slice(0, at) + (change === 'delete' ? '' : character) + text.slice(end)
          const message = engineMessage(changed)
          if (message === undefined) return
          faulty += 1
          expectSameFault(changed, message)
        },
      ),
      { numRuns: 2000 },
    )
    expect(faulty).toBeGreaterThan(500)
  })

  test('reads deep nesting and long strings without recursion', () => {
    const deep = '['.repeat(500_000)
    expect(syntaxFaultIndex(deep)).toBe(500_000)
    expect(syntaxFaultIndex(`"${'a'.repeat(500_000)}`)).toBe(500_001)
  })
})
