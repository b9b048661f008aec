import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { GENERATED_FOLDERS, generatedFiles } from './sdk.ts'
import { ROOT } from './suites.ts'
import { membersOf, objectType, schemaType, type Schema } from './sdk/schema-type.ts'

test('the generated files follow from the OpenAPI document', async () => {
  const files = await generatedFiles()
  const folders = Object.values(GENERATED_FOLDERS)
  const present = await Promise.all(
    folders.map(async (folder) => (await readdir(join(ROOT, folder))).map((name) => `${folder}/${name}`)),
  )
  expect(present.flat().toSorted()).toEqual(files.map(({ path }) => path).toSorted())
  for (const { path, text } of files) {
    const stored = await readFile(join(ROOT, path), 'utf8')
    expect(stored === text, `${path} is out of date: run "npm run sdk"`).toBe(true)
  }
})

test.each<[string, Schema]>([
  ['string', { type: 'string' }],
  ['number', { type: 'integer' }],
  ['string | null', { type: ['string', 'null'] }],
  ['"a" | "b"', { type: 'string', enum: ['a', 'b'] }],
  ['string | number', { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'number' }] }],
  ['readonly (string | null)[]', { type: 'array', items: { type: ['string', 'null'] } }],
  ['readonly (unknown)[]', { type: 'array' }],
  ['Readonly<Record<string, number>>', { type: 'object', additionalProperties: { type: 'number' } }],
  ['Readonly<Record<string, unknown>>', { type: 'object' }],
  ['string', { type: 'string', allOf: [{}, {}] }],
  ['unknown', {}],
])('the type %s', (type, schema) => {
  expect(schemaType(schema, new Map())).toBe(type)
})

test('members keep their descriptions, and say which may be missing', () => {
  const schema: Schema = {
    type: 'object',
    required: ['id'],
    properties: { id: { type: 'string', description: 'The */ id.' }, 'x-y': { type: 'number' } },
  }
  expect(objectType(membersOf(schema, new Map()))).toBe(
    '{\n/** The *\\/ id. */\nreadonly id: string\nreadonly "x-y"?: number | undefined\n}',
  )
})

test('a named type is used wherever its schema is, whatever is said about it there', () => {
  const named = new Map([[JSON.stringify({ type: 'object', properties: {} }), 'Key']])
  const schema: Schema = { type: 'object', properties: {}, description: 'The new key.' }
  expect(schemaType({ type: 'array', items: schema }, named)).toBe('readonly (Key)[]')
})
