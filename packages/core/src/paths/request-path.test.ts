import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looseSegments } from './loose-segments.ts'
import { ENCODED_SLASH_PROBLEM, OTHER_ROUTE_PROBLEM, readRequestPath } from './request-path.ts'

/** `vectors/README.md` describes the format. */
interface PathVectors {
  readonly refused: readonly (readonly [refused: string, neighbour: string])[]
  readonly canonical: readonly (readonly [path: string, canonical: string, form: string])[]
  readonly encodedSlash: readonly (readonly [path: string, neighbour: string])[]
  readonly loose: readonly (readonly [path: string, other: string, same: boolean])[]
}

const VECTORS = JSON.parse(
  readFileSync(new URL('../../../../vectors/paths.json', import.meta.url), 'utf8'),
) as PathVectors

describe('readRequestPath, by vectors/paths.json', () => {
  test.each(VECTORS.refused)('refuses %s and accepts %s', (refused, neighbour) => {
    expect(readRequestPath(refused)).toMatchObject({ path: undefined, problem: expect.stringMatching(/\.$/) })
    expect(readRequestPath(neighbour)).toMatchObject({ path: expect.stringMatching(/^\//) })
    expect(readRequestPath(neighbour)).not.toMatchObject({ form: 'encoded-slash' })
  })

  test.each(VECTORS.canonical)('reads %s as %s, which is %s', (path, canonical, form) => {
    expect(readRequestPath(path)).toEqual({ path: canonical, form })
    // The canonical form of a canonical path is itself.
    expect(readRequestPath(canonical)).toMatchObject({ path: canonical })
  })

  test.each(VECTORS.encodedSlash)('reports the encoded slash in %s, but none in %s', (path, neighbour) => {
    expect(readRequestPath(path)).toEqual({ path, form: 'encoded-slash' })
    expect(readRequestPath(neighbour)).not.toMatchObject({ form: 'encoded-slash' })
  })

  test.each(['\u0344\u0316', '\u0301', '\uff9e\uff9f'])(
    'refuses more than 30 combining characters (%j)',
    (marks) => {
      const path = (count: number): string => `/a${encodeURIComponent(marks.repeat(count).slice(0, count))}/b`
      expect(readRequestPath(path(30))).toMatchObject({ form: 'variant' })
      for (const count of [31, 1_300]) {
        expect(readRequestPath(path(count))).toMatchObject({ problem: expect.stringContaining('combining') })
      }
    },
  )

  test('never shows the path in a problem', () => {
    for (const [refused] of VECTORS.refused) {
      const read = readRequestPath(`/s3cr3t${refused}`)
      if (read.path === undefined) expect(read.problem).not.toContain('s3cr3t')
    }
  })
})

test('each problem that depends on the route says what to send in place of the path', () => {
  expect(ENCODED_SLASH_PROBLEM).toContain('in the query')
  expect(ENCODED_SLASH_PROBLEM).toContain('encodedSlashes: allow')
  expect(OTHER_ROUTE_PROBLEM).toContain('Send the exact path.')
})

test('looseSegments are in lower case, and end where a decoded query starts', () => {
  expect(looseSegments('/W/Admin;x/')).toEqual(['w', 'admin'])
  expect(looseSegments('/')).toEqual([])
  // A pattern is read segment by segment.
  expect(looseSegments('%3Fx')).toEqual([])
  expect(looseSegments('X%3Fx')).toEqual(['x'])
})

describe('looseSegments, by vectors/paths.json', () => {
  test.each(VECTORS.loose)('%s and %s are the same path to a lenient server: %s', (path, other, same) => {
    const read = readRequestPath(path)
    const canonical = read.path ?? ''
    expect(JSON.stringify(looseSegments(canonical)) === JSON.stringify(looseSegments(other))).toBe(same)
  })
})

const PIECES = ['/', '//', '.', '..', ';', '%2e', '%2F', '%5c', '%25', '2e', '2F', '%61', 'a', 'A', ' ', '-']
const ODD_PIECES = [
  '%EF%BC%8E',
  '%EF%BC%8F',
  '%E2%80%8B',
  '%C0%AF',
  '\\',
  '%00',
  '%3B',
  '%3F',
  '~',
  '%',
  '\u00e9',
]
const PIECE = fc.constantFrom(...PIECES, ...ODD_PIECES)

test('an accepted path is the same after any further decoding and resolving, apart from encoded slashes', () => {
  fc.assert(
    fc.property(fc.array(PIECE, { maxLength: 12 }), (pieces) => {
      const read = readRequestPath(`/${pieces.join('')}`)
      if (read.path === undefined) return
      const { path, form } = read
      expect(path).not.toMatch(/\/\/|\\/)
      if (form === 'plain') expect(path).not.toContain('%')
      const decoded = decodeURIComponent(path).normalize('NFKC')
      expect(decoded).not.toMatch(/%[0-9a-f]{2}/i)
      // The path of a URL parser that resolves dot segments and backslashes.
      expect(new URL(`http://up${path}`).pathname).toBe(path)
      if (form !== 'encoded-slash') {
        expect(decoded.split(/[/\\]/).length).toBe(path.split('/').length)
        const resolved = new URL(`http://up${decoded.replaceAll(/[?#]/g, '_')}`)
        expect(resolved.pathname.split('/').length).toBe(path.split('/').length)
      }
    }),
    { numRuns: 5000 },
  )
})
