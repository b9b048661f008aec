import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, List } from '@sallyport/sdk'
import { cell } from '../output/cell.ts'
import { printItem, printItems, type ResultOptions } from '../output/result.ts'
import { printReceipt } from '../output/receipt.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'
import type { OperationFields } from '../operations/operation-fields.ts'
import type { OperationCommand } from './operation-command.ts'

type Input = Readonly<Record<string, unknown>>
type Call = (input: Input) => Promise<unknown> | List<Input>

/** Calls the operation of a command and prints its answer. @throws SallyportError */
export async function runOperation(
  terminal: Terminal,
  client: Client,
  definition: OperationCommand,
  { answer: kind }: OperationFields,
  input: Input,
  options: ResultOptions,
): Promise<void> {
  const call = client[definition.operation] as unknown as Call
  if (kind === 'list') {
    printItems(terminal, await itemsOf(call, input), options)
    return
  }
  if (kind === 'file') {
    await printFile(terminal, (await call(input)) as Response)
    return
  }
  const answer = (await call(input)) as Input | undefined
  printAnswer(terminal, definition, answer ?? {}, options)
}

/** The items of a list, of which `limit` is the most in all. */
async function itemsOf(call: Call, { limit, ...input }: Input): Promise<readonly Input[]> {
  const list = call(input) as List<Input>
  return await list.toArray(typeof limit === 'number' ? limit : Infinity)
}

async function printFile({ output }: Terminal, { body }: Response): Promise<void> {
  if (body !== null) await pipeline(Readable.fromWeb(body), output, { end: false })
}

function printAnswer(
  terminal: Terminal,
  { shows, secret }: OperationCommand,
  answer: Input,
  options: ResultOptions,
): void {
  const { receipt, ...content } = answer
  const isStructured = options.format !== 'table' && !options.isQuiet
  const once = secret === undefined ? undefined : content[secret]
  if (isStructured) {
    printItem(terminal, answer, options)
  } else if (typeof once === 'string') {
    printOnce(terminal, secret ?? '', once, itemOf(content, shows), options)
  } else if (Object.keys(content).length > 0) {
    printItem(terminal, itemOf(content, shows), options)
  }
  if (receipt !== undefined && !isStructured) printReceipt(terminal, receipt)
}

/** The secret alone is the result, so that a script gets it with `$(…)`. */
function printOnce(
  terminal: Terminal,
  name: string,
  secret: string,
  item: Input,
  { id }: ResultOptions,
): void {
  printLine(terminal.notes, `${cell(item[id])}: this ${name} is shown only once.`)
  printLine(terminal.output, secret)
}

function itemOf(content: Input, shows: string | undefined): Input {
  const shown = shows === undefined ? content : content[shows]
  return typeof shown === 'object' && shown !== null ? (shown as Input) : content
}
