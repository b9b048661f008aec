import { Command, Option } from 'commander'
import { OPERATION_FIELDS } from '../generated/operation-fields.ts'
import { addLogin } from '../commands/login.ts'
import { addSetUp } from '../commands/set-up.ts'
import { type GivenFields, operationInput } from '../operations/operation-input.ts'
import { InputFiles } from '../operations/input-files.ts'
import type { OperationFields } from '../operations/operation-fields.ts'
import { type Format, FORMATS, type ResultOptions } from '../output/result.ts'
import { PROGRAMS } from '../other-programs/other-programs.ts'
import { connect, type ConnectionOptions } from '../settings/connection.ts'
import { UsageError } from '../terminal/failure.ts'
import { type Terminal, widthOf } from '../terminal/terminal.ts'
import { addCompletion } from './completion.ts'
import { examplesText } from './examples.ts'
import { readHiddenField } from './hidden-field.ts'
import type { OperationCommand } from './operation-command.ts'
import { addOptions, givenBodyFile, givenFile, givenTexts } from './operation-options.ts'
import { RESOURCE_COMMANDS, RESOURCE_SUMMARIES } from './resource-commands.ts'
import { runOperation } from './run-operation.ts'
import { SHORT_COMMANDS } from './short-commands.ts'
import { givenWait } from './wait-option.ts'

interface GlobalOptions extends ConnectionOptions {
  readonly output: Format
  readonly quiet?: boolean
}

const HELP_WIDTH_DEFAULT = 100

const START = `
Start with:
  sallyport login --server https://console.example.com
  sallyport keys list
  sallyport keys create --help

"sallyport --version" shows the version.`

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
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.output.write(text),
      writeErr: (text) => void terminal.notes.write(text),
      getOutHelpWidth: () => widthOf(terminal.output) ?? HELP_WIDTH_DEFAULT,
      getErrHelpWidth: () => widthOf(terminal.notes) ?? HELP_WIDTH_DEFAULT,
    })
    .addHelpText('after', START)
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
    .description(descriptionOf(operation))
    .addHelpText('after', examplesText(definition.words))
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

/** What the API says of an operation, without what the program itself sees to. */
function descriptionOf({ description }: OperationFields): string {
  return description.replaceAll('`', '').replaceAll(/ ?A page [^.]* next is (?:not )?null\./g, '')
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
  const files = new InputFiles(terminal.input)
  const given = {
    texts: givenTexts(command, definition, operation),
    file: givenBodyFile(command),
    fixed,
    hidden,
  }
  const wait = givenWait(command)
  if (definition.words.endsWith(' update') && wait === undefined) requireChange(given, operation)
  const fields = await operationInput(operation, given, nowMs, files)
  const { client, organization } = await connect(global, terminal.environment)
  // What is wrong with the command is said before anything is asked, or sent.
  const secret = hidden === undefined ? {} : { [hidden]: await readHiddenField(terminal, files, hidden) }
  const file = await givenFile(command, definition, operation, files)
  const ofOrganization =
    operation.ofOrganization === true
      ? { organization: organization ?? (await client.whoami()).organization }
      : {}
  const input = { ...ofOrganization, ...fields, ...secret, ...file }
  const options: ResultOptions = { format: global.output, isQuiet: global.quiet === true, columns, id }
  await runOperation(terminal, client, { definition, operation, input, options, wait })
}

/** An update without any field is most often a mistake, such as a forgotten option. @throws UsageError */
function requireChange(
  { texts, file }: Pick<GivenFields, 'texts' | 'file'>,
  { body }: OperationFields,
): void {
  if (file === undefined && !body.some(({ name }) => name in texts))
    throw new UsageError('There is nothing to change. Add --help to see what can be.')
}
