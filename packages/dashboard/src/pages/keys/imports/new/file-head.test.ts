import { describe, expect, test } from 'vitest'
import { fileHead, formatOf, HEAD_BYTES } from './file-head.ts'
import type { Format } from '../upload.ts'

const head = (text: string, format: Format = 'csv') => fileHead(new TextEncoder().encode(text), format)

test.each([
  ['keys.csv', 'name', 'csv'],
  ['KEYS.NDJSON', 'name', 'ndjson'],
  ['keys.jsonl', '', 'ndjson'],
  ['keys.json', '[', 'ndjson'],
  ['keys.json.txt', '', 'csv'],
  ['keys.txt', 'name,token', 'csv'],
  ['keys.txt', '{"name":"a"}', 'ndjson'],
  ['keys.txt', '\uFEFF\r\n {"name":"a"}', 'ndjson'],
  ['keys.txt', '\uFEFF"{"', 'csv'],
])('the form of %s with %j is %s', (name, text, format) => {
  expect(formatOf(name, new TextEncoder().encode(text))).toBe(format)
})

describe('a header of CSV', () => {
  test('with known columns has no fault, also in quotation marks and after a byte order mark', () => {
    const whole = { fault: undefined, known: ['name', 'token', 'roles'], unknown: [], missing: [] }
    expect(head('name,token,roles\nBilling,nw-1,')).toEqual(whole)
    expect(head('\uFEFF"name", token ,"roles"\r\n')).toEqual(whole)
    expect(head('\n\nname,token,roles')).toEqual(whole)
  })

  test('names its unknown columns, and what they are probably called here', () => {
    expect(head('Name,api_key,env,colour\n').unknown).toEqual([
      { position: 1, name: 'Name', meant: 'name' },
      { position: 2, name: 'api_key', meant: 'token' },
      { position: 3, name: 'env', meant: 'environment' },
      { position: 4, name: 'colour', meant: undefined },
    ])
    // A column with another name is not missing too.
    expect(head('Name,api_key').missing).toEqual([])
    expect(head('Name,colour').missing).toEqual([['token', 'sha256']])
    expect(head('name,token,constructor').unknown).toEqual([
      { position: 3, name: 'constructor', meant: undefined },
    ])
    expect(head('token,api_key').unknown).toEqual([{ position: 2, name: 'api_key', meant: undefined }])
  })

  test('that is missing shows no cell which could be a token', () => {
    const { unknown, missing } = head('Billing,nw-4fT0Qm2ZrX9bLk7A81c3\n')
    expect(unknown).toEqual([
      { position: 1, name: 'Billing', meant: undefined },
      { position: 2, name: undefined, meant: undefined },
    ])
    expect(missing).toEqual([['name'], ['token', 'sha256']])
  })

  test('needs a name, and a token or its digest', () => {
    expect(head('name').missing).toEqual([['token', 'sha256']])
    expect(head('sha256').missing).toEqual([['name']])
    expect(head('name,sha256').missing).toEqual([])
  })

  test.each(['name;token\n', 'name\ttoken\n', 'name|token\n'])('with other separators: %j', (text) => {
    expect(head(text).fault).toBe('separator')
  })
})

describe('lines of NDJSON', () => {
  test('have the fields of all of them', () => {
    const text = '{"name":"a","token":"nw-1"}\n\n{"name":"b","sha256":"0","tier":1}\n'
    expect(head(text, 'ndjson')).toEqual({
      fault: undefined,
      known: ['name', 'token', 'sha256'],
      unknown: [{ position: 4, name: 'tier', meant: undefined }],
      missing: [],
    })
  })

  test.each(['[{"name":"a"}]', 'name,token\n', '"a"', 'null'])('are objects, unlike %j', (text) => {
    expect(head(text, 'ndjson').fault).toBe('json')
  })

  test('can be cut off where the head ends', () => {
    const line = '{"name":"a","token":"nw-1"}\n'
    const text = line.repeat(Math.ceil(HEAD_BYTES / line.length))
    expect(fileHead(new TextEncoder().encode(text).subarray(0, HEAD_BYTES), 'ndjson').fault).toBeUndefined()
    expect(head(`${line}{"name":"b`, 'ndjson').fault).toBe('json')
  })
})

test.each([
  ['a spreadsheet', [0x50, 0x4b, 0x03, 0x04, 0x14], 'spreadsheet'],
  ['an old spreadsheet', [0xd0, 0xcf, 0x11, 0xe0], 'spreadsheet'],
  ['a compressed file', [0x1f, 0x8b, 0x08], 'compressed'],
  ['UTF-16', [0xff, 0xfe, 0x6e, 0x00], 'encoding'],
  ['Latin-1', [0x4d, 0xfc, 0x6c, 0x6c], 'encoding'],
  ['nothing', [], 'empty'],
  ['white space', [0x0a, 0x20], 'empty'],
] as const)('%s is told apart', (_name, bytes, fault) => {
  expect(fileHead(new Uint8Array(bytes), 'csv').fault).toBe(fault)
})

test('a file that cannot be read says so', () => {
  expect(fileHead(null, 'csv').fault).toBe('unreadable')
})

test('a character that is cut off at the end is no fault', () => {
  expect(fileHead(new TextEncoder().encode('name,token\nMü').subarray(0, -1), 'csv').fault).toBeUndefined()
})
