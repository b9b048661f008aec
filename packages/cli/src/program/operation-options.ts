import { type Command, Option } from 'commander'
import { flagOf } from '../operations/field-values.ts'
import { FILE_TYPES, mediaTypeOf } from '../operations/file-types.ts'
import type { InputFiles } from '../operations/input-files.ts'
import type { Field, OperationFields } from '../operations/operation-fields.ts'
import type { OperationCommand } from './operation-command.ts'
import { addWait, canWait } from './wait-option.ts'

const FILE_TYPE_DEFAULT = 'ndjson'

/** Gives a command the arguments and options of the fields of its operation. */
export function addOptions(command: Command, definition: OperationCommand, operation: OperationFields): void {
  const { arguments: positional = [], hidden, fixed = {}, omits = [] } = definition
  const { path, query, body, sentFile, receivedFile } = operation
  for (const name of positional) {
    const description = path.find((parameter) => parameter.name === name)?.description ?? ''
    command.argument(`<${name}>`, firstSentence(description))
  }
  for (const { name, description } of path.filter((parameter) => !positional.includes(parameter.name))) {
    command.addOption(
      new Option(`${flagOf({ name })} <${name}>`, firstSentence(description)).makeOptionMandatory(),
    )
  }
  const others = [hidden, 'wait', ...Object.keys(fixed), ...omits]
  for (const field of [...query, ...body].filter(({ name }) => !others.includes(name)))
    for (const option of optionsOf(field)) command.addOption(option)
  if (canWait(operation)) addWait(command)
  if (sentFile !== undefined) command.argument('<file>', 'the file to send; - for standard input')
  if (sentFile !== undefined || receivedFile !== undefined)
    command.addOption(new Option('--as <type>', 'the form of the file').choices(FILE_TYPES))
  if (body.length > 0)
    command.option('-f, --file <file>', 'members of the request as JSON or YAML; - for standard input')
}

/** What was given for each field, by its name. */
export function givenTexts(
  command: Command,
  { arguments: positional = [] }: OperationCommand,
  { path, query, body }: OperationFields,
): Readonly<Record<string, readonly string[]>> {
  const options: Readonly<Record<string, unknown>> = command.opts()
  const ofArguments = positional.map((name, index) => [name, [command.args[index] ?? '']] as const)
  const ofOptions = [...path, ...query, ...body].flatMap(({ name }) => {
    const value = options[name]
    return value === undefined || name === 'wait' ? [] : [[name, [value].flat().map(String)] as const]
  })
  return Object.fromEntries([...ofOptions, ...ofArguments])
}

/** The file with the members of the body, if one was given. */
export function givenBodyFile(command: Command): string | undefined {
  return command.opts<{ readonly file?: string }>().file
}

/**
 * The members of the input that say which file is sent, or in which form one is received.
 *
 * @throws UsageError
 */
export async function givenFile(
  command: Command,
  { arguments: positional = [] }: OperationCommand,
  { sentFile, receivedFile }: OperationFields,
  files: Pick<InputFiles, 'content'>,
): Promise<Readonly<Record<string, unknown>>> {
  const { as: type = FILE_TYPE_DEFAULT } = command.opts<{ readonly as?: string }>()
  if (receivedFile !== undefined) return { accept: mediaTypeOf(type, '') }
  if (sentFile === undefined) return {}
  const name = command.args[positional.length] ?? ''
  const contentType = mediaTypeOf(command.opts<{ readonly as?: string }>().as, name)
  return { contentType, file: await files.content(name) }
}

function optionsOf(field: Field): readonly Option[] {
  const options = ownOptions(field)
  // For completion: other texts are refused with the words of the field.
  if (field.choices !== undefined) for (const option of options) option.argChoices = [...field.choices]
  return options
}

function ownOptions(field: Field): readonly Option[] {
  const flag = flagOf(field)
  const description = describe(field)
  switch (field.kind) {
    case 'boolean':
      return [
        new Option(flag, description),
        new Option(flag.replace('--', '--no-'), 'the opposite').hideHelp(),
      ]
    case 'texts':
    case 'map': {
      const form = field.kind === 'map' ? 'name=value' : 'text'
      return [new Option(`${flag} <${form}>`, description).argParser(collected)]
    }
    default:
      return [new Option(`${flag} <${PLACEHOLDERS[field.kind]}>`, description)]
  }
}

const PLACEHOLDERS = { text: 'text', integer: 'number', time: 'time', past: 'time', json: 'json' } as const

function collected(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text]
}

const ALL_ITEMS = 'The most items in all; all of them unless given'
/** Kinds of fields that have a value of their own for none, or need none. */
const HAVE_NONE: ReadonlySet<Field['kind']> = new Set(['boolean', 'texts', 'map'])

function describe({ name, description, choices, isNullable, isRequired, kind }: Field): string {
  const sentence = name === 'limit' ? ALL_ITEMS : firstSentence(description)
  const canBeNull =
    isNullable === true && !HAVE_NONE.has(kind) && choices === undefined && !/null|none/.test(sentence)
  const notes = [
    ...(isRequired === true ? ['required'] : []),
    ...(kind === 'json' ? ['JSON or YAML, or @FILE'] : []),
    ...(kind === 'time' ? ['such as 2027-01-31T00:00:00Z, or 90d, 12h or 30m from now'] : []),
    ...(kind === 'past' ? ['such as 2027-01-31T00:00:00Z, or 30d, 24h or 15m ago'] : []),
    ...(kind === 'texts' || kind === 'map' ? ['can be repeated'] : []),
    ...(canBeNull ? ['null for none'] : []),
  ]
  return sentence + (notes.length === 0 ? '' : ` (${notes.join('; ')})`)
}

/** Help has one line for each option. */
function firstSentence(text: string): string {
  const said = text.replace(/^`true`: /, '')
  return (/^.*?[.:](?=\s|$)/s.exec(said)?.[0] ?? said).replace(/[.:]$/, '').replaceAll('`', '')
}
