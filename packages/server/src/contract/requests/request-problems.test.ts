import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { pageQuery } from '../fields/paging.ts'
import { waitQuery } from '../receipt.ts'
import { parseRequest } from './request-problems.ts'

function messagesOf(schema: z.ZodType, data: unknown): readonly string[] {
  const result = parseRequest(schema, data)
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path} ${message}`)
}

const schema = z.strictObject({
  name: z.string().min(2).max(5).optional(),
  count: z.int().min(1).max(9).optional(),
  ratio: z.number().optional(),
  numbers: z.array(z.int()).optional(),
  isOn: z.boolean().optional(),
  one: z.enum(['a']).optional(),
  several: z.enum(['a', 'b', 'c']).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  object: z.strictObject({ inner: z.string() }).optional(),
  record: z.record(z.string(), z.string()).optional(),
  either: z.union([z.string(), z.boolean()]).optional(),
  short: z
    .union([z.string().refine((text) => text === 'a', 'Send a.'), z.strictObject({ of: z.string() })])
    .optional(),
  form: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.enum(['a', 'b']) }),
      z.strictObject({ kind: z.literal('c'), size: z.int() }),
    ])
    .optional(),
})

test.each<[unknown, string]>([
  [{ name: 7 }, '/name Send a string.'],
  [{ name: ['a', 'b'] }, '/name Send one string.'],
  [{ name: 'a' }, '/name Send at least 2 characters.'],
  [{ name: 'abcdef' }, '/name Send at most 5 characters.'],
  [{ count: '1' }, '/count Send a number.'],
  [{ count: 1.5 }, '/count Send a whole number.'],
  [{ count: 0 }, '/count Send at least 1.'],
  [{ count: 10 }, '/count Send at most 9.'],
  [{ ratio: null }, '/ratio Send a number.'],
  [{ isOn: 'true' }, '/isOn Send `true` or `false`.'],
  [{ one: 'b' }, '/one Use "a".'],
  [{ several: 'd' }, '/several Use "a", "b" or "c".'],
  [{ list: 'a' }, '/list Send an array.'],
  [{ list: [] }, '/list Send at least 1 item.'],
  [{ list: ['a', 'b', 'c'] }, '/list Send at most 2 items.'],
  [{ object: [] }, '/object Send an object.'],
  [{ object: {} }, '/object/inner This field is required.'],
  [{ record: 'a' }, '/record Send an object.'],
  [{ either: 7 }, '/either Send one of the forms that /docs shows for this field.'],
  [{ short: 'b' }, '/short Send a.'],
  [{ short: {} }, '/short/of This field is required.'],
  [{ short: 7 }, '/short Send one of the forms that /docs shows for this field.'],
  [{ form: { kind: 'd' } }, '/form/kind Use "a", "b" or "c".'],
  [{ form: {} }, '/form/kind Use "a", "b" or "c".'],
  [{ form: { kind: 'c' } }, '/form/size This field is required.'],
  [{ other: 7 }, '/other This field is unknown.'],
  [{ Name: 'abc' }, '/Name This field is unknown. Did you mean `name`?'],
  [{ record: {}, counts: 7 }, '/counts This field is unknown. Did you mean `count`?'],
  [{ object: { inner: 'a', iner: 7 } }, '/object/iner This field is unknown. Did you mean `inner`?'],
  [{ form: { kind: 'c', size: 1, sise: 1 } }, '/form/sise This field is unknown. Did you mean `size`?'],
  [{ ['name'.repeat(30)]: 7 }, `/${'name'.repeat(25)} This field is unknown.`],
  [{ count: 1e30 }, '/count Send at most 9.'],
  [{ count: -1e30 }, '/count Send at least 1.'],
  [{ numbers: [1, 1e30] }, '/numbers/1 Send at most 9007199254740991.'],
  [[], ' Send an object.'],
])('%j gets %j', (data, message) => {
  expect(messagesOf(schema, data)).toEqual([message])
})

describe('a whole number in a query', () => {
  test.each(['0', '60', '007'])('can be %j', (wait) => expect(messagesOf(waitQuery, { wait })).toEqual([]))

  test.each(['', ' ', ' 5', '+5', '-1', '61', '1e1', '0x1', '1.0', 'NaN', '٣', ['1', '1'], '9'.repeat(400)])(
    'cannot be %j',
    (wait) => {
      expect(messagesOf(waitQuery, { wait })).toEqual(['/wait Send one whole number from 0 to 60.'])
    },
  )

  test('has a default', () => {
    expect(waitQuery.parse({})).toEqual({ wait: 5 })
    expect(pageQuery.parse({ limit: '200' })).toEqual({ limit: 200 })
    expect(messagesOf(pageQuery, { limit: '0' })).toEqual(['/limit Send one whole number from 1 to 200.'])
  })
})
