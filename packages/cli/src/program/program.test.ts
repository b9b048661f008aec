import { expect, test } from 'vitest'
import { OPERATION_FIELDS } from '../generated/operation-fields.ts'
import { flagOf } from '../operations/field-values.ts'
import type { OperationFields } from '../operations/operation-fields.ts'
import { createProgram } from './program.ts'
import { RESOURCE_COMMANDS, RESOURCE_SUMMARIES } from './resource-commands.ts'
import { SHORT_COMMANDS } from './short-commands.ts'

const COMMANDS = [...SHORT_COMMANDS, ...RESOURCE_COMMANDS]

/** Operations of people who signed in, of the portal of a consumer, and of links; a command acts as a key. */
const NOT_OF_KEYS =
  /^(?:begin|change|complete|confirm|endO|endSession|leave|open|rename|replace|requestPassword|resetPassword|signIn|signInWith|signOut|stepUp|unlink|verifySecond|accept|addPasskey|removePasskey|removeSecond|listPasskeys|listLinked|listOther|listSignIn|getSession|getSecond|getPortal$|getPortalKey|listPortalKeys|listPortalPipelines|createPortalKey|deletePortalKey|rollPortalKey|finishPortalRoll|undoPortalRoll|readPortalUsage)/
/** Operations that other programs need, and those for a key that has no permission beyond itself. */
const NOT_COMMANDS: readonly string[] = [
  'getHealth',
  'getReadiness',
  'getSetup',
  'setUp',
  'rollOwnKey',
  'finishOwnRoll',
  'deleteOwnKey',
]

test('every operation that a key may call is a command', () => {
  const called = new Set<string>(COMMANDS.map(({ operation }) => operation))
  const missing = Object.keys(OPERATION_FIELDS).filter(
    (id) => !called.has(id) && !NOT_OF_KEYS.test(id) && !NOT_COMMANDS.includes(id),
  )
  expect(missing).toEqual([])
})

test('every resource says what it is', () => {
  const names = RESOURCE_COMMANDS.map(({ words }) => words.split(' ')[0])
  expect([...new Set(names)]).toEqual(Object.keys(RESOURCE_SUMMARIES))
})

test.each(COMMANDS.map((command) => [command.words, command] as const))(
  'all that "%s" takes has its own place',
  (_, { operation: id, arguments: positional = [], hidden, columns = [] }) => {
    const operation: OperationFields = OPERATION_FIELDS[id]
    const fields = [...operation.path, ...operation.query, ...operation.body]
    const flags = fields.map(flagOf)
    expect(new Set(flags).size).toBe(flags.length)
    for (const global of [
      '--server',
      '--organization',
      '--profile',
      '--output',
      '--quiet',
      '--file',
      '--as',
      '--help',
    ])
      expect(flags).not.toContain(global)
    expect(operation.path.map(({ name }) => name)).toEqual(expect.arrayContaining([...positional]))
    expect(hidden === undefined || fields.some(({ name }) => name === hidden)).toBe(true)
    expect(operation.answer === 'file' || operation.answer === 'none' || columns.length > 0).toBe(true)
  },
)

test('no two commands have the same words', () => {
  const words = COMMANDS.map((command) => command.words)
  expect(words.toSorted()).toEqual([...new Set(words)].toSorted())
  const terminal = { input: process.stdin, output: process.stdout, notes: process.stderr, environment: {} }
  expect(createProgram(terminal, () => 0).commands.length).toBeGreaterThan(30)
})
