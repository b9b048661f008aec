import { createHash } from 'node:crypto'
import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { ReceivedLine } from '../../store/port/keys/imports.ts'
import { csvFileLines } from './csv-file.ts'
import { ndjsonFileLines } from './ndjson-file.ts'
import { IMPORT_LINE_BYTES_MAX, receivedBytes } from './received-bytes.ts'

const TOKEN = 'lgcy/4fT0Qm2ZrX9bLk7A=='
const DIGEST = createHash('sha256').update(TOKEN).digest('hex')

/** What an import reads of a key that says nothing more. */
const PLAIN = {
  digest: DIGEST,
  hint: '…7A==',
  name: 'A',
  type: 'secret',
  environment: null,
  consumer: null,
  roles: [],
  active: true,
  expiresAtMs: null,
  labels: {},
}

async function* parts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size))
  }
}

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

type Reader = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<ReceivedLine>

/** Reads a file that arrives in parts of a few bytes, of the whole, and of every size that can split a character. */
async function linesOf(reader: Reader, file: string | Uint8Array): Promise<readonly ReceivedLine[]> {
  const bytes = Buffer.from(file)
  const read = async (size: number): Promise<ReceivedLine[]> =>
    await allOf(reader(receivedBytes(parts(bytes, size))))
  const [whole = [], ...others] = await Promise.all([bytes.length || 1, 1, 2, 3, 7].map(read))
  for (const other of others) expect(other).toEqual(whole)
  return whole
}

async function refusalOf(reader: Reader, file: string | Uint8Array): Promise<unknown> {
  try {
    await allOf(reader(receivedBytes(parts(Buffer.from(file), 1000))))
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, detail: error.detail, ...error.extensions }
    throw error
  }
  return 'none'
}

describe('a file of CSV', () => {
  test.each([
    ['with line feeds', `name,token\nA,${TOKEN}\n`, 2],
    ['with carriage returns', `name,token\r\nA,${TOKEN}\r\n`, 2],
    ['without a last line break', `name,token\nA,${TOKEN}`, 2],
    ['with carriage returns alone', `name,token\rA,${TOKEN}\r`, 2],
    ['with carriage returns only in the header', `name,token\r\nA,${TOKEN}\n`, 2],
    ['with carriage returns only after the header', `name,token\nA,${TOKEN}\r\n`, 2],
    ['with a byte order mark', `\ufeffname,token\nA,${TOKEN}`, 2],
    ['with spaces in the header', `name , token\nA,${TOKEN}`, 2],
    ['with columns in another order, and empty cells', `token,hint,name,type\n${TOKEN},,A,\n`, 2],
    ['with empty lines', `name,token\n\n\nA,${TOKEN}\n\n`, 4],
    ['with every cell in quotation marks', `"name","token"\n"A","${TOKEN}"\n`, 2],
  ])('%s is read', async (_name, file, line) => {
    expect(await linesOf(csvFileLines, file)).toEqual([{ ...PLAIN, line }])
  })

  test('gives every field, with quoted commas, quotation marks and formulas as they are', async () => {
    const file = [
      'name,sha256,hint,type,environment,consumer,roles,status,expiresAt,labels',
      `"=cmd|'/c calc', ""é""",${DIGEST.toUpperCase()},old…7,secret,test,acme,developer;ops  viewer,inactive,2030-01-01T00:00:00Z,"{""team"":""pay""}"`,
    ].join('\n')
    expect(await linesOf(csvFileLines, file)).toEqual([
      {
        line: 2,
        digest: DIGEST,
        hint: 'old…7',
        name: '=cmd|\'/c calc\', "é"',
        type: 'secret',
        environment: 'test',
        consumer: 'acme',
        roles: ['developer', 'ops', 'viewer'],
        active: false,
        expiresAtMs: Date.UTC(2030, 0, 1),
        labels: { team: 'pay' },
      },
    ])
  })

  test('a line can have 16 KiB, and a file more', async () => {
    const line = `A,${TOKEN},`.padEnd(IMPORT_LINE_BYTES_MAX, ',')
    const lines = await linesOf(csvFileLines, `name,token\n${line}\r\n${line}\nA,${TOKEN}`)
    expect(lines.map((one) => one.line)).toEqual([2, 3, 4])
    expect(lines[1]).toMatchObject({ message: expect.stringContaining('but the header has 2') as unknown })
  })

  test('counts lines, not records', async () => {
    const file = `name,token\n"A\nB",${TOKEN}\nA,short\n`
    const lines = await linesOf(csvFileLines, file)
    expect(lines.map(({ line }) => line)).toEqual([3, 4])
  })

  test.each([
    ['too few cells', 'A', /^The line has 1 cells, but the header has 4\.$/],
    ['too many cells', `A,${TOKEN},,,x`, /^The line has 5 cells, but the header has 4\.$/],
    ['no name', `,${TOKEN},,`, /^name: /],
    ['neither token nor digest', 'A,,,', /either a token or its sha256/],
    ['both', `A,${TOKEN},${DIGEST},`, /either a token or its sha256/],
    ['half a digest', `A,,${DIGEST.slice(1)},`, /^sha256: /],
    ['a token of ours', 'A,sp_sk_0123456789abcdef_0123456789,,', /^token: /],
    ['a token with a space', 'A,abcd efgh ijkl,,', /^token: /],
    ['a token that is too short', 'A,abcdefg,,', /^token: /],
    ['a token in its name', `for ${TOKEN},${TOKEN},,`, /also in the name/],
    ['labels that are no JSON', `A,${TOKEN},,team=pay`, /^labels: /],
    ['labels that are a list', `A,${TOKEN},,[]`, /^labels: /],
    ['labels with a wrong name', `A,${TOKEN},,"{""Team"":""pay""}"`, /^labels: /],
  ])('names the problem of a line with %s, and reads the next one', async (_name, line, message) => {
    const file = `name,token,sha256,labels\n${line}\nA,${TOKEN},,\n`
    const [bad, good] = await linesOf(csvFileLines, file)
    expect(bad).toEqual({ line: 2, message: expect.stringMatching(message) as unknown })
    expect(JSON.stringify(bad)).not.toContain(TOKEN)
    expect(good).toEqual({ ...PLAIN, line: 3 })
  })

  test.each([
    ['empty', '', 'invalid_request', 'The file is empty'],
    ['with an unknown column', `name,token,colour\nA,${TOKEN},red`, 'invalid_request', 'column 3'],
    ['with a column twice', `name,token,name\nA,${TOKEN},A`, 'invalid_request', 'twice'],
    ['without a name', `token\n${TOKEN}`, 'invalid_request', '/name'],
    ['without a token', 'name\nA', 'invalid_request', '/token'],
    ['without a header', `A,${TOKEN}`, 'invalid_request', 'unknown'],
    ['with an open quotation mark', `name,token\n"A,${TOKEN}\n`, 'invalid_request', 'quotation'],
    ['with a quotation mark in a cell', `name,token\nA"b,${TOKEN}\n`, 'invalid_request', 'quotation'],
    [
      'with a line that is too long',
      `name,token\n${'A'.repeat(IMPORT_LINE_BYTES_MAX + 1)},x`,
      'too_large',
      'Line 2 ',
    ],
    [
      'with a line of commas',
      `name,token\n\n${','.repeat(IMPORT_LINE_BYTES_MAX + 1)}`,
      'too_large',
      'Line 3 ',
    ],
    ['with a header of commas', ','.repeat(IMPORT_LINE_BYTES_MAX + 1), 'too_large', 'Line 1 '],
    [
      'with a cell that is too long because of its line breaks',
      `name,token\n"${'\n'.repeat(IMPORT_LINE_BYTES_MAX)}",${TOKEN}`,
      'too_large',
      `Line ${IMPORT_LINE_BYTES_MAX + 1} `,
    ],
    [
      'with a line that is too long in bytes',
      `name,token\n${'é'.repeat(IMPORT_LINE_BYTES_MAX / 2)},${TOKEN}`,
      'too_large',
      'Line 2 ',
    ],
  ])('%s is refused, without a word of its cells', async (_name, file, code, text) => {
    const refusal = await refusalOf(csvFileLines, file)
    expect(refusal).toMatchObject({ code })
    expect(JSON.stringify(refusal)).toContain(text)
    expect(JSON.stringify(refusal)).not.toContain(TOKEN)
  })
})

describe('a file of NDJSON', () => {
  test.each([
    ['with line feeds', `{"name":"A","token":"${TOKEN}"}\n`, 1],
    ['with carriage returns', `{"name":"A","token":"${TOKEN}"}\r\n`, 1],
    ['without a last line break', `{"name":"A","token":"${TOKEN}"}`, 1],
    ['with a byte order mark', `\ufeff{"name":"A","token":"${TOKEN}"}`, 1],
    ['with empty lines', `\n \n{"token":"${TOKEN}","name":"A"}\n\n`, 3],
  ])('%s is read', async (_name, file, line) => {
    expect(await linesOf(ndjsonFileLines, file)).toEqual([{ ...PLAIN, line }])
  })

  test('gives every field', async () => {
    const fields = {
      name: 'é',
      sha256: DIGEST,
      type: 'public',
      environment: 'test',
      consumer: 'acme',
      roles: ['viewer'],
      status: 'inactive',
      expiresAt: '2030-01-01T00:00:00Z',
      labels: { team: 'pay' },
    }
    expect(await linesOf(ndjsonFileLines, JSON.stringify(fields))).toEqual([
      {
        line: 1,
        digest: DIGEST,
        hint: 'imported',
        name: 'é',
        type: 'public',
        environment: 'test',
        consumer: 'acme',
        roles: ['viewer'],
        active: false,
        expiresAtMs: Date.UTC(2030, 0, 1),
        labels: { team: 'pay' },
      },
    ])
  })

  test.each([
    ['no JSON', TOKEN, /not a JSON object/],
    ['a list', `["${TOKEN}"]`, /not a JSON object/],
    ['null', 'null', /not a JSON object/],
    ['two objects', '{} {}', /not a JSON object/],
    ['a field twice', `{"name":"A","name":"B","token":"${TOKEN}"}`, /not a JSON object/],
    ['an unknown field', `{"name":"A","token":"${TOKEN}","colour":1}`, /^colour: /],
    ['the token as a field', `{"name":"A","${TOKEN}":1}`, /A field with another name: /],
    ['roles as a text', `{"name":"A","token":"${TOKEN}","roles":"viewer"}`, /^roles: /],
    [
      'a hint like that of one of our tokens',
      `{"name":"A","token":"${TOKEN}","hint":"sp_sk_0123"}`,
      /^hint: /,
    ],
    ['the token as its hint', `{"name":"A","token":"${TOKEN}","hint":"${TOKEN}"}`, /also in the name/],
    ['the token in a label', `{"name":"A","token":"${TOKEN}","labels":{"a":"${TOKEN}"}}`, /also in the name/],
  ])('names the problem of a line with %s, and reads the next one', async (_name, line, message) => {
    const [bad, good] = await linesOf(ndjsonFileLines, `${line}\n{"name":"A","token":"${TOKEN}"}`)
    expect(bad).toEqual({ line: 1, message: expect.stringMatching(message) as unknown })
    expect(JSON.stringify(bad)).not.toContain(TOKEN)
    expect(good).toEqual({ ...PLAIN, line: 2 })
  })

  test.each([
    ['the text of a digest as its name', { name: TOKEN, sha256: DIGEST }],
    ['the text of a digest as its hint', { name: 'A', sha256: DIGEST, hint: TOKEN }],
    ['the text of a digest in a label', { name: 'A', sha256: DIGEST, labels: { a: TOKEN } }],
    [
      'the token as the name of a label',
      { name: 'A', token: 'abc-0123456789', labels: { 'abc-0123456789': 'a' } },
    ],
  ])('shows no token of a line with %s', async (_name, fields) => {
    const [line] = await linesOf(ndjsonFileLines, JSON.stringify(fields))
    expect(line).toEqual({ line: 1, message: expect.stringContaining('also in the name') as unknown })
  })

  test('no problem repeats a token, in whichever field it is', async () => {
    const FIELDS = [
      'name',
      'token',
      'sha256',
      'hint',
      'type',
      'environment',
      'consumer',
      'roles',
      'status',
      'expiresAt',
      'labels',
    ]
    const secret = 'oldKey1234567890'
    const values: unknown[] = [secret, [secret], { [secret]: secret }, [[secret]], { a: { [secret]: 1 } }]
    const lines = [...FIELDS, secret, '__proto__', 'constructor'].flatMap((field) =>
      values.map(
        (value) => `{"name":"A ${'é'.repeat(200)}",${JSON.stringify(field)}:${JSON.stringify(value)}}`,
      ),
    )
    const read = await linesOf(ndjsonFileLines, lines.join('\n'))
    expect(read.filter((line) => 'message' in line)).toHaveLength(lines.length)
    expect(JSON.stringify(read)).not.toContain(secret)
  })

  test.each(['constructor', 'prototype', '__proto__'])(
    'a label named %s is a problem, as in a request',
    async (name) => {
      const line = `{"name":"A","token":"${TOKEN}","labels":{"${name}":"x","team":"y"}}`
      expect(await linesOf(ndjsonFileLines, line)).toEqual([
        { line: 1, message: 'labels: This name is not allowed.' },
      ])
    },
  )

  test('an empty one has no lines', async () => {
    expect(await linesOf(ndjsonFileLines, '')).toEqual([])
  })

  test('a line that is too long is refused, and the longest one is not', async () => {
    const start = `{"name":"A","token":"${TOKEN}"`
    const longest = `${start}${' '.repeat(IMPORT_LINE_BYTES_MAX - start.length - 1)}}`
    expect(await refusalOf(ndjsonFileLines, `${longest}\n${longest}`)).toBe('none')
    expect(await refusalOf(ndjsonFileLines, `${longest}\n ${longest}\n`)).toMatchObject({ code: 'too_large' })
    expect(await refusalOf(ndjsonFileLines, `${longest}\n ${longest}`)).toMatchObject({ code: 'too_large' })
  })
})

test.each([
  ['in the middle', [0xff, 0x0a]],
  ['at the end', [0xe2, 0x82]],
])('a file that is not UTF-8 %s is refused', async (_name, bytes) => {
  const file = Buffer.concat([Buffer.from(`{"name":"A","token":"${TOKEN}"}\n`), Buffer.from(bytes)])
  expect(await refusalOf(ndjsonFileLines, file)).toMatchObject({ code: 'invalid_request' })
  expect(await refusalOf(csvFileLines, file)).toMatchObject({ code: 'invalid_request' })
})
