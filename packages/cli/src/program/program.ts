import { Command, Option } from 'commander'
import { OPERATION_FIELDS } from '../generated/operation-fields.ts'
import { addLogin } from '../commands/login.ts'
import { addSetUp } from '../commands/set-up.ts'
import { operationInput } from '../operations/operation-input.ts'
import { readHidden } from '../operations/read-hidden.ts'
import type { OperationFields } from '../operations/operation-fields.ts'
import { type Format, FORMATS, type ResultOptions } from '../output/result.ts'
import { PROGRAMS } from '../programs/programs.ts'
import { connect, type ConnectionOptions } from '../settings/connection.ts'
import { type Terminal, widthOf } from '../terminal/terminal.ts'
import { addCompletion } from './completion.ts'
import type { OperationCommand } from './operation-command.ts'
import { UsageError } from '../terminal/failure.ts'
import { addOptions, givenBodyFile, givenFile, givenTexts } from './operation-options.ts'
import { RESOURCE_COMMANDS, RESOURCE_SUMMARIES } from './resource-commands.ts'
import { runOperation } from './run-operation.ts'
import { SHORT_COMMANDS } from './short-commands.ts'

interface GlobalOptions extends ConnectionOptions {
  readonly output: Format
  readonly quiet?: boolean
}

const HELP_WIDTH_DEFAULT = 100

/** The command line: all commands with their options, which run on this terminal. */
export function createProgram(terminal: Terminal, nowMs: () => number): Command {
  const program = new Command('sallyport')
    .description('Governs API keys, policies and pipelines of a Sallyport server.')
    .option('--server <url>', 'the server, else SALLYPORT_URL or that of the profile')
    .option('--organization <slug>', 'the organization, else SALLYPORT_ORGANIZATION or that of the key')
    .option('--profile <name>', 'a profile of "login", else SALLYPORT_PROFILE')
    .addOption(
      new Option('-o, --output <format>', 'the form of the result').choices(FORMATS).default('table'),
    )
    .option('-q, --quiet', 'print ids only')
    .showHelpAfterError('Add --help to see what the command takes.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.notes.write(text),
      getOutHelpWidth: () => widthOf(terminal.output) ?? HELP_WIDTH_DEFAULT,
      getErrHelpWidth: () => widthOf(terminal.notes) ?? HELP_WIDTH_DEFAULT,
    })
  for (const { words, summary } of PROGRAMS) addProgram(program, words, summary)
  addSetUp(program, terminal)
  addLogin(program, terminal)
  for (const definition of [...SHORT_COMMANDS, ...RESOURCE_COMMANDS])
    addOperation(program, terminal, nowMs, definition)
  addCompletion(program)
  return program
}

function addOperation(
  program: Command,
  terminal: Terminal,
  nowMs: () => number,
  definition: OperationCommand,
): void {
  const operation: OperationFields = OPERATION_FIELDS[definition.operation]
  const words = definition.words.split(' ')
  const group = words.slice(0, -1).reduce(groupOf, program)
  const command = group
    .command(words.at(-1) ?? '')
    .summary(definition.summary ?? operation.summary)
    .description(operation.description.replaceAll('`', ''))
  addOptions(command, definition, operation)
  command.action(async () => {
    await act(command, terminal, definition, operation, nowMs())
  })
}

/** Another program, which runs if its words come first. Here it is in the help only. */
function addProgram(program: Command, words: string, summary: string): void {
  const names = words.split(' ')
  names
    .slice(0, -1)
    .reduce(groupOf, program)
    .command(names.at(-1) ?? '')
    .summary(summary)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new UsageError(`Put "${words}" first, and its options behind it.`)
    })
}

function groupOf(parent: Command, name: string): Command {
  const known = parent.commands.find((command) => command.name() === name)
  return known ?? parent.command(name).description(RESOURCE_SUMMARIES[name] ?? '')
}

async function act(
  command: Command,
  terminal: Terminal,
  definition: OperationCommand,
  operation: OperationFields,
  nowMs: number,
): Promise<void> {
  const global: GlobalOptions = command.optsWithGlobals()
  const { hidden, columns = [], id = 'id', fixed = {} } = definition
  const secret = hidden === undefined ? {} : { [hidden]: await readHidden(terminal, hidden) }
  const given = {
    texts: givenTexts(command, definition, operation),
    file: givenBodyFile(command),
    fixed: { ...fixed, ...secret },
  }
  const input = {
    ...operationInput(operation, given, nowMs),
    ...(await givenFile(command, definition, operation)),
  }
  const { client, organization } = await connect(global, terminal.environment)
  const options: ResultOptions = { format: global.output, isQuiet: global.quiet === true, columns, id }
  const ofOrganization =
    operation.ofOrganization === true
      ? { organization: organization ?? (await client.whoami()).organization }
      : {}
  await runOperation(terminal, client, definition, operation, { ...ofOrganization, ...input }, options)
}
