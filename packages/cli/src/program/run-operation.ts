import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, List } from '@sallyport/sdk'
import { cell } from '../output/cell.ts'
import { printItem, printItems, type ResultOptions } from '../output/result.ts'
import { printReceipt, type Receipt } from '../output/receipt.ts'
import { UsageError } from '../terminal/failure.ts'
import { oneLine, safeLines } from '../terminal/safe-text.ts'
import { printLine, type Terminal } from '../terminal/terminal.ts'
import type { OperationFields } from '../operations/operation-fields.ts'
import { followReceipt, type GatewayState } from './follow-receipt.ts'
import type { OperationCommand } from './operation-command.ts'
import type { Wait } from './wait-option.ts'

type Input = Readonly<Record<string, unknown>>
type Call = (input: Input) => Promise<unknown> | List<Input>

/** The most items of a page. */
const PAGE_ITEMS_MAX = 200

/** What a command calls, and how it prints the answer. */
export interface OperationRun {
  readonly definition: OperationCommand
  readonly operation: OperationFields
  readonly input: Input
  readonly options: ResultOptions
  readonly wait: Wait
}

/** Calls the operation of a command and prints its answer. @throws SallyportError, UsageError, NotInForceError */
export async function runOperation(terminal: Terminal, client: Client, run: OperationRun): Promise<void> {
  const { definition, operation, input, options } = run
  const call = client[definition.operation] as unknown as Call
  switch (operation.answer) {
    case 'list':
      printItems(terminal, await itemsOf(call, input), options)
      break
    case 'file':
      await printFile(terminal, (await call(input)) as Response)
      break
    default:
      await runChange(terminal, client, call, run)
  }
}

/** The items of a list, of which `limit` is the most in all. */
async function itemsOf(call: Call, { limit = Infinity, ...input }: Input): Promise<readonly Input[]> {
  if (typeof limit !== 'number' || limit < 1) throw new UsageError('--limit: Use a number from 1 on.')
  const list = call({ ...input, limit: Math.min(limit, PAGE_ITEMS_MAX) }) as List<Input>
  return await list.toArray(limit)
}

async function printFile({ output }: Terminal, { body }: Response): Promise<void> {
  if (body === null) return
  const content = Readable.fromWeb(body)
  if (output.isTTY) await pipeline(content.setEncoding('utf8'), eachSafe, output, { end: false })
  else await pipeline(content, output, { end: false })
}

async function* eachSafe(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield safeLines(text)
}

async function runChange(
  terminal: Terminal,
  client: Client,
  call: Call,
  { definition, input, options, wait }: OperationRun,
): Promise<void> {
  const { organization } = input as { readonly organization?: string }
  const readGateways = async (): Promise<readonly GatewayState[]> =>
    await client.listGateways({ organization }).toArray()
  // Without the permission to see the gateways, nothing is changed.
  if (typeof wait === 'number') await readGateways()
  const answer = ((await call(wait === undefined ? input : { ...input, wait: 0 })) ?? {}) as Input
  const { receipt, ...content } = answer as { readonly receipt?: Receipt }
  if (isStructured(options)) printItem(terminal, answer, options)
  else printContent(terminal, definition, content, { ...options, input })
  if (receipt === undefined) return
  if (typeof wait === 'number') await followReceipt(terminal, readGateways, receipt, wait)
  else if (!isStructured(options)) printReceipt(terminal, receipt)
}

function printContent(
  terminal: Terminal,
  { words, shows, secret, arguments: positional = [], isBrief = false }: OperationCommand,
  content: Input,
  options: ResultOptions & { readonly input: Input },
): void {
  const item = itemOf(content, shows)
  const once = secret === undefined ? undefined : onceOf(content, secret)
  if (once !== undefined) {
    printOnce(terminal, once, item, options)
  } else if (Object.keys(content).length > 0) {
    printItem(terminal, isBrief ? briefly(item, options) : item, options)
    if (isBrief) printAlarm(terminal, item)
  } else {
    const name = cell(options.input[positional.at(-1) ?? ''])
    printLine(terminal.notes, words.endsWith(' delete') ? `Deleted ${name}.` : 'Done.')
  }
}

function briefly(item: Input, { columns }: ResultOptions): Input {
  return Object.fromEntries(Object.entries(item).filter(([member]) => columns.includes(member)))
}

/** Says that the first calls of a deployment were not answered as its policy demands. */
function printAlarm({ notes }: Terminal, { id, probe }: Input): void {
  const { alarm } = (probe ?? {}) as { readonly alarm?: unknown }
  if (alarm === true)
    printLine(notes, `Its probe raised an alarm. See "sallyport deployments get ${cell(id)}".`)
}

function isStructured({ format, isQuiet }: ResultOptions): boolean {
  return format !== 'table' && !isQuiet
}

/** What is shown only once: the secret, or the link that was asked for instead. */
interface Once {
  readonly name: string
  readonly text: string
}

function onceOf(content: Input, secret: string): Once | undefined {
  const { [secret]: text, handOver } = content
  if (typeof text === 'string') return { name: secret, text }
  const { link } = (handOver ?? {}) as { readonly link?: unknown }
  return typeof link === 'string' ? { name: 'link', text: link } : undefined
}

/** The secret alone is the result, so that a script gets it with `$(…)`. */
function printOnce(terminal: Terminal, { name, text }: Once, item: Input, { id }: ResultOptions): void {
  const isPublic = item['type'] === 'public'
  const says = isPublic
    ? `this ${name} may be published, and read again.`
    : `this ${name} is shown only once.`
  printLine(terminal.notes, `${cell(item[id])}: ${says}`)
  printLine(terminal.output, oneLine(text))
}

function itemOf(content: Input, shows: string | undefined): Input {
  const shown = shows === undefined ? content : content[shows]
  return typeof shown === 'object' && shown !== null ? (shown as Input) : content
}
