import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvRecord } from './csv.ts'

/** Reads one record as RFC 4180 section 2 says. */
function readRecord(text: string): readonly string[] {
  const cells: string[] = []
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n$)/gy
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] !== ',') return cells
  }
  throw new Error(`${JSON.stringify(text)} is no record`)
}

/** The text of a cell, as documented. */
const unmarked = (cell: string): string => cell.replaceAll(/(^|[;\t\r\n])'/g, '$1')

/** What a spreadsheet shows that separates cells by semicolons or tabs, as Excel does in half of Europe: quotes are text then. */
const cellsElsewhere = (record: string): readonly string[] => record.split(/[;\t\r\n]/)

test.for([
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\tx', `"'\tx"`],
  ['\rx', `"'\rx"`],
  [' =1', `"' =1"`],
  ['"=1"', `"'""=1"""`],
  ['" \'=1', `"'"" '=1"`],
  ['＝1', `"'＝1"`],
  ["'", `"''"`],
  ['', '""'],
  ['a=1', '"a=1"'],
  ['{"a":"=1"}', '"{""a"":""=1""}"'],
  ['a,b;c\r\nd', '"a,b;c\r\nd"'],
  ['a;=1+1;b', `"a;'=1+1;b"`],
  ['a; "@x', `"a;' ""@x"`],
  ["a;'b", `"a;''b"`],
  ['{"a":";-1"}', `"{""a"":"";'-1""}"`],
  ['a\n=1', `"a\n'=1"`],
] as const)('writes %j as %j', ([text, cell]) => {
  expect(csvRecord([text])).toBe(`${cell}\r\n`)
})

test('writes numbers as they are', () => {
  expect(csvRecord([1, 'a', -2])).toBe('1,"a",-2\r\n')
})

test('every text can be read back, and no cell begins like a formula', () => {
  const parts = fc.constantFrom(
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    '\n',
    '"',
    "'",
    ' ',
    ',',
    ';',
    'a',
    'é',
    '😀',
    '＋',
    '\u00a0',
  )
  const text = fc.oneof(fc.string({ unit: parts, maxLength: 8 }), fc.string({ unit: 'grapheme' }))
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (texts) => {
      const record = csvRecord(texts)
      const cells = readRecord(record)
      expect(cells.map(unmarked)).toEqual(texts)
      for (const cell of cellsElsewhere(record)) expect(cell).not.toMatch(/^[\s"]*[=+\-@]/)
      for (const cell of cells) expect(cell).not.toMatch(/^[\s"]*[=+\-@]/)
    }),
    { numRuns: 2000 },
  )
})
