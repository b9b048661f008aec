import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defaults, nullPlan, withoutNulls } from './null-members.ts'

const schema = z.strictObject({
  name: z.string(),
  title: z.string().optional(),
  note: z.string().nullable().optional(),
  list: z.array(z.strictObject({ by: z.string().default('me'), n: z.int() })).optional(),
  some: z.array(z.string()).min(1).optional(),
  map: z
    .record(z.string(), z.strictObject({ a: z.int().optional() }))
    .optional()
    .describe('A map.'),
  parsed: z
    .array(z.string())
    .transform((items) => items.length)
    .optional(),
  status: z.enum(['on', 'off']).register(defaults, { value: 'on' }).optional(),
  any: z.unknown().optional(),
  inside: z.strictObject({ x: z.int().optional(), y: z.int() }).optional(),
  form: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a'), p: z.int().optional(), q: z.int().nullable().optional() }),
      z.strictObject({ kind: z.literal('b'), p: z.int().optional(), q: z.int().optional() }),
    ])
    .optional(),
})
const creation = nullPlan(schema, false)
const change = nullPlan(schema, true)

test.each<[string, object, object]>([
  ['a field', { name: 'n', title: null }, { name: 'n' }],
  ['a field with a default, in a list', { list: [{ by: null, n: 1 }] }, { list: [{ n: 1 }] }],
  ['a list, an object and a map', { list: null, inside: null, map: null }, {}],
  ['a field in an object', { inside: { x: null, y: 1 } }, { inside: { y: 1 } }],
  ['a field in a map', { map: { k: { a: null } } }, { map: { k: {} } }],
  ['a field of one of two forms', { form: { kind: 'a', p: null } }, { form: { kind: 'a' } }],
  ['what is parsed', { parsed: null, status: null }, {}],
])('null leaves out %s', (_about, body, wanted) => {
  expect(withoutNulls(creation, body)).toEqual(wanted)
})

test.each<[string, object, object]>([
  ['a list', { list: null }, { list: [] }],
  ['a map', { map: null }, { map: {} }],
  ['what is parsed', { parsed: null }, { parsed: [] }],
  ['a field with a registered value', { status: null }, { status: 'on' }],
  ['a field in an item of a list', { list: [{ by: null, n: 1 }] }, { list: [{ n: 1 }] }],
])('null in a change gives %s the value of a new resource', (_about, body, wanted) => {
  expect(withoutNulls(change, body)).toEqual(wanted)
})

describe('null stays', () => {
  test.each<[string, object]>([
    ['in a required field', { name: null }],
    ['in a required field of an item', { list: [{ n: null }] }],
    ['where it is a value', { note: null, any: null }],
    ['where one of two forms takes it', { form: { kind: 'a', q: null } }],
    ['in an unknown field', { other: null, constructor: null }],
    ['as an item or a value of a map', { list: [null], map: { k: null } }],
    ['inside of what is unknown', { any: { title: null, list: [null] } }],
  ])('%s', (_about, body) => {
    expect(withoutNulls(creation, body)).toBe(body)
  })

  test('in a change of a field that cannot be empty, which is refused', () => {
    for (const body of [{ title: null }, { some: null }, { inside: null }]) {
      expect(withoutNulls(change, body)).toBe(body)
      expect(schema.safeParse({ name: 'n', ...body }).success).toBe(false)
    }
  })

  test('as the whole body, and other bodies are as they were', () => {
    for (const body of [null, undefined, 'null', 7, [null], [], { name: 'n' }]) {
      expect(withoutNulls(creation, body)).toBe(body)
    }
  })
})

test('a schema that contains itself has a plan', () => {
  const tree: z.ZodType = z.strictObject({
    get branches() {
      return z.array(tree).optional()
    },
  })
  const plan = nullPlan(tree, false)
  expect(withoutNulls(plan, { branches: null })).toEqual({})
  expect(withoutNulls(plan, { branches: [{}] })).toEqual({ branches: [{}] })
})
