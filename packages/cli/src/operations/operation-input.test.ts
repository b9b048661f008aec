import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { UsageError } from '../terminal/failure.ts'
import { InputFiles } from './input-files.ts'
import type { OperationFields } from './operation-fields.ts'
import { type GivenFields, operationInput } from './operation-input.ts'

const OPERATION: OperationFields = {
  summary: '',
  description: '',
  path: [{ name: 'key', description: '' }],
  ofOrganization: true,
  query: [{ name: 'wait', kind: 'integer', description: '' }],
  body: [
    { name: 'name', kind: 'text', description: '', isRequired: true },
    { name: 'value', kind: 'text', description: '', isRequired: true },
    { name: 'rules', kind: 'json', description: '' },
  ],
  answer: 'json',
}

async function inputOf(given: Partial<GivenFields>, standardInput = ''): Promise<unknown> {
  const files = new InputFiles(Readable.from([Buffer.from(standardInput)]))
  const all = { texts: {}, file: undefined, fixed: {}, hidden: 'value', ...given }
  return await operationInput(OPERATION, { ...all, texts: { key: ['key_1'], ...all.texts } }, 0, files)
}

test('options replace the members of a file, and what the command itself gives replaces both', async () => {
  const given = { texts: { name: ['b'] }, file: '-', fixed: { rules: 3 } }
  expect(await inputOf(given, 'name: a\nrules: 1\nmore: 2')).toEqual({
    key: 'key_1',
    name: 'b',
    rules: 3,
    more: 2,
  })
})

test.each(['key: key_2', 'wait: 0', 'organization: other', '"accept": text/csv', 'file: x', 'cursor: x'])(
  'a file does not say where a request goes: %s',
  async (member) => {
    const run = inputOf({ file: '-' }, `name: a\n${member}`)
    await expect(run).rejects.toThrow(UsageError)
    await expect(run).rejects.toThrow('is not a member of the request.')
  },
)

test.each<[string, Partial<GivenFields>, string, string]>([
  ['a missing field', {}, '', 'Missing: --name.'],
  ['an empty argument', { texts: { key: [''], name: ['a'] } }, '', 'The key is empty.'],
  ['a list as the body', { file: '-' }, '- a', '- must hold the members of the request'],
  ['an empty body', { file: '-' }, '', '- must hold the members of the request'],
  [
    'standard input twice',
    { file: '-', texts: { rules: ['@-'] } },
    'name: a',
    'Standard input can be read only once.',
  ],
  ['many aliases', { file: '-' }, bomb(), 'Excessive alias count'],
])('%s is refused', async (_, given, standardInput, message) => {
  const run = inputOf(given, standardInput)
  await expect(run).rejects.toThrow(UsageError)
  await expect(run).rejects.toThrow(message)
})

test('a hidden field is not missed, because it is read later', async () => {
  expect(await inputOf({ texts: { name: ['a'] } })).toEqual({ key: 'key_1', name: 'a' })
})

/** A text that would be a billion words. */
function bomb(): string {
  const words = Array.from({ length: 10 }, (_, index) =>
    index === 0 ? 'a0: &a0 [w]' : `a${index}: &a${index} [${`*a${index - 1}, `.repeat(10)}]`,
  )
  return words.join('\n')
}
