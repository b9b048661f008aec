import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { AMBIGUOUS, RouteTree, type RouteTreeEdit } from './route-tree.ts'

interface Pattern {
  readonly pattern: string
  readonly owner: string
  readonly methods: readonly string[]
}

// A fixed sequence of pseudorandom numbers.
let seed = 7
function random(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647
  return seed % below
}

function changed<Value>(
  tree: RouteTree<Value>,
  make: (edit: RouteTreeEdit<Value>) => void,
): RouteTree<Value> {
  const edit = tree.edit()
  make(edit)
  return edit.end()
}

const pick = <T>(values: readonly [T, ...T[]]): T => values[random(values.length)] ?? values[0]

function somePath(segments: readonly [string, ...string[]]): string {
  return Array.from({ length: random(6) + 1 }, () => `/${pick(segments)}`).join('')
}

function somePattern(): string {
  const path = somePath(['a', 'b', 'a:b', ':x', '{y}', 'a{x}', '{y}b', '{x}a{y}', 'a{z}b'])
  const end = pick(['', '', '', '/', '/*', '/**'])
  return random(30) === 0 ? pick(['/*', '/**']) : `${path}${end}`
}

const SAFE_METHODS = ['GET', 'HEAD', 'PUT'] as const

/** What a route's segments match, in the order in which they are preferred. */
function preference(pattern: string): string {
  const kinds: Readonly<Record<string, string>> = { '**': '4', '*': '3', '{}': '2' }
  const kind = (segment: string): string => {
    const shape = segment.replace(/^:.*/, '{}').replaceAll(/\{.*?\}/g, '{}')
    const fixed = shape.replaceAll('{}', '')
    // With more fixed characters, a segment is preferred, and then by its text.
    return kinds[shape] ?? (shape.includes('{}') ? `1${9 - fixed.length}${shape}` : '0')
  }
  return pattern.slice(1).split('/').map(kind).join(' ')
}

/** The definition: of all patterns that match, the one whose segments are preferred from left to right. */
function expected(patterns: readonly Pattern[], method: string, path: string): string[] {
  const serves = ({ methods }: Pattern): boolean =>
    methods.includes(method) || (method === 'HEAD' && methods.includes('GET'))
  const matching = patterns
    .filter((one) => serves(one) && matches(one.pattern, path))
    .sort((one, other) => (preference(one.pattern) < preference(other.pattern) ? -1 : 1))
  const [best] = matching
  if (best === undefined) return []
  return matching
    .filter(({ pattern }) => preference(pattern) === preference(best.pattern))
    .map(({ owner }) => owner)
    .sort()
}

function matches(pattern: string, path: string): boolean {
  const source = pattern
    .replaceAll(/\/:[^/]*/g, '/[^/]+')
    .replaceAll(/\{.*?\}/g, '[^/]+')
    .replace(/\/\*\*$/, '(?:/.*)?')
    .replace(/\/\*$/, '/.*')
  return new RegExp(`^${source}$`).test(path)
}

test('The route of each path is that of the definition, whatever was added and removed before', () => {
  let tree = RouteTree.empty<string>()
  let patterns: readonly Pattern[] = []
  for (let round = 0; round < 100; round += 1) {
    const previous = { tree, patterns }
    const removed = patterns.filter(() => random(4) === 0)
    const added = Array.from({ length: random(8) }, (_, index) => ({
      pattern: somePattern(),
      owner: `dep_${round}_${index}`,
      methods: SAFE_METHODS.filter(() => random(2) === 0),
    }))
    tree = changed(tree, (change) => {
      for (const { pattern, owner } of removed) change.remove(pattern, owner)
      for (const { pattern, owner, methods } of added) change.add(pattern, owner, methods, owner)
      change.remove(somePattern(), 'dep_unknown')
    })
    patterns = [...patterns.filter((one) => !removed.includes(one)), ...added]
    for (let path = 0; path < 40; path += 1) {
      const asked = somePath(['a', 'b', 'a:b', 'ab', 'aab', 'bab', 'aabb', 'A', '', ':', '*'])
      const methods = SAFE_METHODS.filter((method) => expected(patterns, method, asked).length > 0)
      expect([asked, tree.methodsOf(asked)]).toEqual([asked, methods])
      for (const method of SAFE_METHODS) {
        for (const state of [{ tree, patterns }, previous]) {
          const owners = expected(state.patterns, method, asked)
          expect([asked, state.tree.findAll(method, asked)]).toEqual([asked, owners])
          const found = state.tree.find(method, asked)
          if (found === AMBIGUOUS) throw new Error(`the search for ${asked} was given up`)
          expect([asked, found === null ? owners.length === 0 : owners.includes(found)]).toEqual([
            asked,
            true,
          ])
        }
      }
    }
  }
  const none = changed(tree, (change) => {
    for (const { pattern, owner } of patterns) change.remove(pattern, owner)
  })
  expect(none.findAll('GET', '/a')).toEqual([])
})

test('A pattern that serves HEAD itself is preferred to one that serves it as GET', () => {
  const tree = changed(RouteTree.empty<string>(), (change) => {
    change.add('/a', 'dep_1', ['GET'], 'one')
    change.add('/a', 'dep_2', ['HEAD'], 'two')
  })
  expect(tree.find('HEAD', '/a')).toBe('two')
  expect(tree.findAll('HEAD', '/a')).toEqual(['one', 'two'])
  expect(tree.find('GET', '/a')).toBe('one')
})

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  setFlagsFromString('--no-expose-gc')
}

test('Removed routes leave nothing behind, as if they had never been there', () => {
  const count = 2000
  const kept = ['/a/b/c/d']
  const removed = [
    '',
    '/*',
    '/**',
    '/:x',
    '/a/b/**',
    '/a/x',
    '/a/:x',
    '/a/b/x/*',
    '/a/b/c/:x',
    '/a/b/c/d/x',
    '/a/{x}.y/c/{z}.w/d',
    '/a/b/{x}.y',
    '/a/b/{x}.z',
  ]
  const edited = (tree: RouteTree<number>, kind: 'add' | 'remove', ends: readonly string[]) =>
    changed(tree, (change) => {
      for (let index = 0; index < count; index += 1) {
        for (const end of ends) change[kind](`/r${index}${end}`, 'dep_1', SAFE_METHODS, index)
      }
    })
  const fresh = (): RouteTree<number> => edited(RouteTree.empty(), 'add', kept)
  const restored = (): RouteTree<number> => edited(edited(fresh(), 'add', removed), 'remove', removed)
  const emptied = (): RouteTree<number> => edited(restored(), 'remove', kept)

  // What else is allocated or freed meanwhile changes single results.
  const bytesOf = (make: () => RouteTree<number>): number[] =>
    [1, 2, 3].map(() => {
      collectGarbage()
      const before = process.memoryUsage().heapUsed
      const tree = make()
      for (let index = 0; index < count; index += 1) tree.find('GET', `/r${index}/a/b/c/d`)
      collectGarbage()
      const bytes = process.memoryUsage().heapUsed - before
      expect(tree.find('GET', '/r7/a/x')).toBeNull()
      return bytes
    })
  const freshBytes = Math.max(...bytesOf(fresh))
  expect(Math.min(...bytesOf(restored))).toBeLessThan(freshBytes * 1.2)
  expect(Math.min(...bytesOf(emptied))).toBeLessThan(freshBytes * 0.2)
})

test('Long patterns take as little memory as short ones', () => {
  const tail = '/a'.repeat(250)
  const empty = process.memoryUsage().heapUsed
  const tree = changed(RouteTree.empty<number>(), (change) => {
    for (let index = 0; index < 20_000; index += 1)
      change.add(`/r${index}${tail}`, `dep_${index}`, ['GET'], index)
  })
  expect(process.memoryUsage().heapUsed - empty).toBeLessThan(200 * 1024 * 1024)
  expect(tree.find('GET', `/r19999${tail}`)).toBe(19_999)
  expect(tree.find('GET', `/r19999${tail}/a`)).toBeNull()
})

/** Each combination of a fixed segment and a parameter, followed by `/end`. */
function combinations(segments: number): string[] {
  const prefixes = Array.from({ length: 2 ** segments }, (_, bits) =>
    Array.from({ length: segments }, (_value, index) => ((bits >> index) & 1 ? '/a' : '/:x')).join(''),
  )
  return prefixes.map((prefix) => `${prefix}/end`)
}

function treeOf(patterns: readonly string[]): RouteTree<string> {
  return changed(RouteTree.empty<string>(), (change) => {
    for (const [index, pattern] of patterns.entries()) change.add(pattern, `dep_${index}`, ['GET'], pattern)
    change.add('/*', 'dep_any', ['GET', 'PUT'], '/*')
  })
}

test('Of hundreds of routes of one pattern, one is found, and not all of them', () => {
  const tree = changed(RouteTree.empty<number>(), (change) => {
    for (const index of [7, 3, ...Array.from({ length: 300 }, (_, at) => at + 10)]) {
      change.add('/a', `dep_${String(index).padStart(3, '0')}`, ['GET'], index)
    }
  })
  expect(tree.find('GET', '/a')).toBe(3)
  expect(tree.findAll('GET', '/a')).toBe(AMBIGUOUS)
  const fewer = changed(tree, (change) => {
    for (let index = 3; index < 300; index += 1) change.remove('/a', `dep_${String(index).padStart(3, '0')}`)
  })
  expect(fewer.findAll('GET', '/a')).toEqual([300, 301, 302, 303, 304, 305, 306, 307, 308, 309])
})

test('A search among 128 patterns that all match the beginning of the path has a result', () => {
  const tree = treeOf(combinations(7))
  expect(tree.find('GET', `${'/a'.repeat(7)}/other`)).toBe('/*')
  expect(tree.find('PUT', `${'/a'.repeat(7)}/end`)).toBe('/*')
  expect(tree.methodsOf(`${'/a'.repeat(7)}/end`)).toEqual(['GET', 'HEAD', 'PUT'])
})

test('A search among thousands of patterns that all match the beginning of the path is given up', () => {
  const tree = treeOf(combinations(13))
  const start = '/a'.repeat(13)
  // The preferred pattern is found at once. Otherwise the weaker pattern must not take its place.
  expect(tree.find('GET', `${start}/end`)).toBe(`${start}/end`)
  for (const [method, end] of [
    ['GET', '/other'],
    ['PUT', '/end'],
  ] as const) {
    expect(tree.find(method, start + end)).toBe(AMBIGUOUS)
    expect(tree.findAll(method, start + end)).toBe(AMBIGUOUS)
  }
  expect(tree.find('GET', '/b/other')).toBe('/*')
  expect(tree.methodsOf(`${start}/end`)).toContain('GET')
})
