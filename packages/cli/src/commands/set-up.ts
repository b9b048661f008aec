import type { Command } from 'commander'
import { InputFiles } from '../operations/input-files.ts'
import { readHidden } from '../operations/read-hidden.ts'
import { clientOf, type ConnectionOptions, serverOf } from '../settings/connection.ts'
import { oneLine } from '../terminal/safe-text.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'

interface SetUpOptions extends ConnectionOptions {
  readonly slug: string
  readonly name: string
}

/** Adds `set-up`, which makes the first organization of a new server. */
export function addSetUp(program: Command, terminal: Terminal): void {
  program
    .command('set-up')
    .summary('Make the first organization of a new server')
    .description(
      'Reads the set-up token, which a new server prints at its start, from standard input. Prints the token of the owner key, alone; it is shown only once.',
    )
    .requiredOption('--slug <slug>', 'the name of the organization in URLs, such as acme')
    .requiredOption('--name <text>', 'the name for people to read')
    .action(async (_options, command: Command) => {
      await setUp(terminal, command.optsWithGlobals())
    })
}

async function setUp(terminal: Terminal, { slug, name, ...options }: SetUpOptions): Promise<void> {
  const server = await serverOf(options, terminal.environment)
  const setupToken = (await readHidden(terminal, new InputFiles(terminal.input), 'set-up token')).trim()
  const { key, token } = await clientOf(server, undefined).setUp({ setupToken, organization: { slug, name } })
  printLine(terminal.notes, `${oneLine(key.id)}: this token of the owner key is shown only once.`)
  printLine(terminal.output, oneLine(token))
}
