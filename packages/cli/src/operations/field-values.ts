import { parseDocument } from 'yaml'
import { UsageError } from '../terminal/failure.ts'
import { type InputFiles, STANDARD_INPUT } from './input-files.ts'
import type { Field } from './operation-fields.ts'

const DURATION = /^(\d{1,6})(m|h|d)$/
const FROM_NOW = { sign: 1, duration: 'a duration from now, such as 90d, 12h or 30m' } as const
const BEFORE_NOW = { sign: -1, duration: 'how long ago it was, such as 30d, 24h or 15m' } as const
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * The value of a field as the API takes it.
 *
 * @param texts what was given, in its order; more than one only for fields that can be repeated
 * @throws UsageError
 */
export async function fieldValue(
  field: Field,
  texts: readonly string[],
  nowMs: number,
  files: Pick<InputFiles, 'text'>,
): Promise<unknown> {
  const [text = ''] = texts
  const { kind, isNullable, choices = [] } = field
  if (isNullable === true && texts.length === 1 && text === 'null') return null
  if (choices.length > 0) requireChoices(field, texts)
  switch (kind) {
    case 'text':
      return text
    case 'texts':
      // So that an empty list can be given.
      return texts.length === 1 && text === '' ? [] : texts
    case 'integer':
      return integer(field, text)
    case 'boolean':
      return text !== 'false'
    case 'time':
      return instant(field, text, nowMs, FROM_NOW)
    case 'past':
      return instant(field, text, nowMs, BEFORE_NOW)
    case 'map':
      return map(field, texts)
    case 'json':
      return text.startsWith('@') ? await readStructure(files, text.slice(1)) : structure(text, flagOf(field))
  }
}

/** The option of a field: `expiresAt` is `--expires-at`. */
export function flagOf({ name }: Pick<Field, 'name'>): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/**
 * Reads a file of JSON or YAML, or standard input for `-`.
 *
 * @throws UsageError
 */
export async function readStructure(files: Pick<InputFiles, 'text'>, file: string): Promise<unknown> {
  return structure(await files.text(file), file === STANDARD_INPUT ? 'Standard input' : file)
}

function structure(text: string, source: string): unknown {
  try {
    // JSON is YAML.
    const document = parseDocument(text)
    const [problem] = [...document.errors, ...document.warnings]
    if (problem !== undefined) throw problem
    return document.toJS() as unknown
  } catch (cause) {
    // The lines after the first one quote the text, which can be of any length, and secret.
    const [reason = ''] = (cause as Error).message.split('\n')
    throw new UsageError(`${source} is neither JSON nor YAML: ${reason.replace(/:$/, '.')}`, { cause })
  }
}

function requireChoices(field: Field, texts: readonly string[]): void {
  const { kind, choices = [] } = field
  const wrong = texts.find((text) => !choices.includes(text) && !(kind === 'texts' && text === ''))
  if (wrong !== undefined)
    throw new UsageError(`${flagOf(field)}: Use ${choices.join(', ')}, not ${JSON.stringify(wrong)}.`)
}

function integer(field: Field, text: string): number {
  if (!/^-?\d{1,15}$/.test(text))
    throw new UsageError(`${flagOf(field)}: Use a number, not ${JSON.stringify(text)}.`)
  return Number(text)
}

/** An instant (RFC 3339), or how far it is from now. */
function instant(
  field: Field,
  text: string,
  nowMs: number,
  { sign, duration }: { readonly sign: 1 | -1; readonly duration: string },
): string {
  const [, count, unit] = DURATION.exec(text) ?? []
  if (count !== undefined)
    return new Date(nowMs + sign * Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]).toISOString()
  if (!/^\d{4}-\d\d-\d\dT/.test(text))
    throw new UsageError(
      `${flagOf(field)}: Use a time, such as 2027-01-31T00:00:00Z, or ${duration}, not ${JSON.stringify(text)}.`,
    )
  return text
}

function map(field: Field, texts: readonly string[]): Readonly<Record<string, string>> {
  const entries = texts
    .filter((text) => text !== '')
    .map((text) => {
      const end = text.indexOf('=')
      if (end < 1) throw new UsageError(`${flagOf(field)}: Use NAME=VALUE, not ${JSON.stringify(text)}.`)
      return [text.slice(0, end), text.slice(end + 1)] as const
    })
  return Object.fromEntries(entries)
}
