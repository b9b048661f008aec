import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RowTableDraft } from './row-table-draft.ts'
import { RowTableLoader } from './row-table-loader.ts'
import { RowTable } from './row-table.ts'
import { idOf, rowAt, rowWriter, SHAPE, type TestRow } from './testing/rows.ts'

const noPause = () => Promise.resolve()
const IDS = [...Array.from({ length: 12 }, (_, number) => idOf(number)), 'key_1', 'con_1', '']
const NATURAL_KEYS = ['a', 'b', 'c', 'd', 'a longer one']

/** Few hashes, so that different natural keys have the same. */
const hashOf = (naturalKey: string) => (naturalKey.length === 1 ? 7 : 0xffffffff)

type Step = TestRow | string

const row: fc.Arbitrary<TestRow> = fc
  .record({
    id: fc.constantFrom(...IDS),
    naturalKey: fc.constantFrom(...NATURAL_KEYS),
    filler: fc.integer({ min: 0, max: 40 }),
  })
  .map((fields) => ({ ...fields, hash: hashOf(fields.naturalKey) }))
const step: fc.Arbitrary<Step> = fc.oneof({ weight: 4, arbitrary: row }, fc.constantFrom(...IDS))

/** What a table says. */
function contentOf(table: RowTable): Map<string, TestRow> {
  const rows = new Map<string, TestRow>()
  for (const ref of table.refs()) {
    const found = rowAt(table, ref)
    if (found !== undefined) rows.set(found.id, found)
  }
  return rows
}

function change(table: RowTable, steps: readonly Step[]): RowTable {
  const write = rowWriter()
  const draft = new RowTableDraft(table)
  for (const each of steps) {
    if (typeof each === 'string') draft.remove(each)
    else draft.put(write(each))
  }
  return draft.finish()
}

function changeModel(model: ReadonlyMap<string, TestRow>, steps: readonly Step[]): Map<string, TestRow> {
  const next = new Map(model)
  for (const each of steps) {
    if (typeof each === 'string') {
      next.delete(each)
      continue
    }
    for (const other of next.values()) if (other.naturalKey === each.naturalKey) next.delete(other.id)
    next.set(each.id, each)
  }
  return next
}

function expectContent(table: RowTable, model: ReadonlyMap<string, TestRow>): void {
  expect(contentOf(table)).toEqual(model)
  expect(table.size).toBe(model.size)
  for (const id of IDS) expect(rowAt(table, table.find(id))).toEqual(model.get(id))
  for (const naturalKey of NATURAL_KEYS) {
    const expected = [...model.values()].find((each) => each.naturalKey === naturalKey)
    expect(rowAt(table, table.findNatural(naturalKey, hashOf(naturalKey)))).toEqual(expected)
  }
}

async function loaded(rows: Iterable<TestRow>): Promise<RowTable> {
  const write = rowWriter()
  const loader = new RowTableLoader(SHAPE)
  for (const each of rows) loader.add(write(each))
  return await loader.build(noPause)
}

function numbered(count: number): TestRow[] {
  return Array.from({ length: count }, (_, number) => ({
    id: idOf(number),
    naturalKey: String(number),
    hash: Math.imul(number, 0x9e3779b1) >>> 0,
    filler: number % 3,
  }))
}

describe('a table', () => {
  test('behaves like a Map, changed step by step or loaded at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { maxLength: 8 }), async (changes) => {
        let table = RowTable.empty(SHAPE)
        let model = new Map<string, TestRow>()
        const versions: [RowTable, ReadonlyMap<string, TestRow>][] = []
        for (const steps of changes) {
          table = change(table, steps)
          model = changeModel(model, steps)
          versions.push([table, model])
        }
        expectContent(await loaded(model.values()), model)
        for (const [earlier, content] of versions) expectContent(earlier, content)
      }),
    )
  })

  test('has versions that do not know of each other, whichever they come from', () => {
    fc.assert(
      fc.property(fc.array(step), fc.array(step), fc.array(step), (before, left, right) => {
        const table = change(RowTable.empty(SHAPE), before)
        const model = changeModel(new Map(), before)
        const [one, other] = [change(table, left), change(table, right)]
        expectContent(one, changeModel(model, left))
        expectContent(other, changeModel(model, right))
        expectContent(table, model)
      }),
    )
  })

  test('reports the flags of the row that a row replaces', () => {
    const write = rowWriter()
    const draft = new RowTableDraft(RowTable.empty(SHAPE))
    const one = { id: idOf(1), naturalKey: 'a', hash: 1, filler: 3 }
    expect(draft.put(write(one))).toBeUndefined()
    expect(draft.put(write({ ...one, filler: 5 }))).toBe(3)
    expect(draft.put(write({ ...one, id: idOf(2), naturalKey: 'b' }))).toBeUndefined()
    expect([draft.remove(idOf(1)), draft.remove(idOf(1))]).toEqual([true, false])
  })
})

describe('a table of many rows', () => {
  const rows = numbered(6_000)

  test('finds each of them and no other, added in changes of any size', () => {
    let table = RowTable.empty(SHAPE)
    for (let first = 0; first < rows.length; first += 1_700) {
      table = change(table, rows.slice(first, first + 1_700))
    }
    expect(rows.map(({ id }) => rowAt(table, table.find(id)))).toEqual(rows)
    expect(rows.map(({ naturalKey, hash }) => rowAt(table, table.findNatural(naturalKey, hash)))).toEqual(
      rows,
    )
    expect(table.find(idOf(rows.length))).toBe(0)
    expect(table.size).toBe(rows.length)
    const even = rows.filter((_, number) => number % 2 === 0).map(({ id }) => id)
    const half = change(table, even)
    expect(half.size).toBe(rows.length / 2)
    expect(rows.filter(({ id }) => half.find(id) === 0).map(({ id }) => id)).toEqual(even)
    expect(
      change(
        half,
        rows.map(({ id }) => id),
      ).size,
    ).toBe(0)
    expect(contentOf(table).size).toBe(rows.length)
  })

  test('has each of them once when it is loaded at once, and takes further changes', async () => {
    const table = await loaded(rows)
    expect(contentOf(table)).toEqual(new Map(rows.map((each) => [each.id, each])))
    const more = numbered(12_000).slice(6_000)
    const grown = change(table, more)
    expect(grown.size).toBe(12_000)
    expect([...rows, ...more].filter(({ id }) => grown.find(id) === 0)).toEqual([])
  })

  test('finds rows of which a thousand have one hash', async () => {
    const same = rows.slice(0, 1_000).map((each) => ({ ...each, hash: 0x12345678 }))
    for (const table of [await loaded(same), change(RowTable.empty(SHAPE), same)]) {
      expect(same.map(({ naturalKey, hash }) => rowAt(table, table.findNatural(naturalKey, hash)))).toEqual(
        same,
      )
      expect(table.findNatural('none', 0x12345678)).toBe(0)
    }
  })
})

describe('the memory of a table', () => {
  test('stays bounded while the same rows are replaced, and no version loses a row', () => {
    const rows = numbered(2_000)
    const first = change(RowTable.empty(SHAPE), rows)
    const model = new Map(rows.map((each) => [each.id, each]))
    let table = first
    let most = 0
    for (let round = 0; round < 30_000; round += 1) {
      const old = rows[(round * 7) % 1_000]
      if (old === undefined) throw new Error('no row')
      const next = { ...old, filler: 30 + (round % 4) }
      model.set(next.id, next)
      table = change(table, [next])
      most = Math.max(most, table.byteLength)
    }
    expect(contentOf(table)).toEqual(model)
    expect(contentOf(first)).toEqual(new Map(rows.map((each) => [each.id, each])))
    // 30,000 rows of about 160 bytes are 4.8 MB; the rows of one version are 0.2 MB.
    expect(most).toBeLessThan(1_100_000)
  })

  test('is small for a few rows', () => {
    expect(RowTable.empty(SHAPE).byteLength).toBeLessThan(100)
    expect(change(RowTable.empty(SHAPE), numbered(3)).byteLength).toBeLessThan(2_000)
  })
})

test('a row has at most 65,535 words', () => {
  const write = rowWriter()
  const one = { id: idOf(1), naturalKey: '', hash: 1, filler: 65_529 }
  const table = new RowTableDraft(RowTable.empty(SHAPE))
  table.put(write(one))
  expect(table.finish().size).toBe(1)
  expect(() => write({ ...one, filler: 65_530 })).toThrow(new RangeError('a record is too large for a row'))
})
