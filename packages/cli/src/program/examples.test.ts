import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXAMPLES } from './examples.ts'
import { createProgram } from './program.ts'
import { RESOURCE_COMMANDS } from './resource-commands.ts'
import { SHORT_COMMANDS } from './short-commands.ts'

const FILES: Readonly<Record<string, string>> = {
  'orders.yaml': 'name: orders\nspec: {}\n',
  'spec.yaml': 'steps: []\n',
  'consumer.yaml': 'name: mobile-app\nenvironment: prod\n',
  'role.yaml': 'name: deployer\npermissions: []\n',
}
const QUOTED = /'([^']*)'|"([^"]*)"|(\S+)/g

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-examples-'))
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content)
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

/** The arguments that a shell makes of an example. */
function argumentsOf(example: string): readonly string[] {
  const [command = ''] = example.split(/ [<>] /)
  return Array.from(
    command.matchAll(QUOTED),
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  ).map((text) => text.replace(/^(@?)(\w+\.yaml)$/, (_, at: string, name: string) => at + join(folder, name)))
}

test('the examples are those of commands', () => {
  const words = [...SHORT_COMMANDS, ...RESOURCE_COMMANDS].map((command) => command.words)
  expect(Object.keys(EXAMPLES).filter((one) => !words.includes(one))).toEqual([])
})

test.each(
  Object.entries(EXAMPLES).flatMap(([words, examples]) =>
    examples.map((example) => [example, words] as const),
  ),
)('%s', async (example, words) => {
  expect(example.startsWith(words)).toBe(true)
  const environment = { HOME: folder }
  const terminal = { input: process.stdin, output: process.stdout, notes: process.stderr, environment }
  const run = createProgram(terminal, () => 0).parseAsync(argumentsOf(example), { from: 'user' })
  // Nothing is wrong with the example until it is to be sent.
  await expect(run).rejects.toThrow('Which server?')
})
