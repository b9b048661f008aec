import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { UsageError } from '../terminal/failure.ts'
import type { Field } from './operation-fields.ts'

const DURATION = /^(\d{1,6})(m|h|d)$/
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
/** The file name that stands for standard input. */
const STANDARD_INPUT = '-'

/**
 * The value of a field as the API takes it.
 *
 * @param texts what was given, in its order; more than one only for fields that can be repeated
 * @throws UsageError
 */
export function fieldValue(field: Field, texts: readonly string[], nowMs: number): unknown {
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
      return instant(field, text, nowMs)
    case 'map':
      return map(field, texts)
    case 'json':
      return text.startsWith('@') ? readStructure(text.slice(1)) : structure(text, flagOf(field))
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
export function readStructure(file: string): unknown {
  return structure(readText(file), file === STANDARD_INPUT ? 'standard input' : file)
}

/** Reads a file, or standard input for `-`. @throws UsageError */
export function readText(file: string): string {
  try {
    return readFileSync(file === STANDARD_INPUT ? 0 : file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new UsageError(`${file} cannot be read${code === undefined ? '' : ` (${code})`}.`, { cause })
  }
}

function structure(text: string, source: string): unknown {
  try {
    // JSON is YAML.
    return parse(text) as unknown
  } catch (cause) {
    throw new UsageError(`${source} is neither JSON nor YAML: ${(cause as Error).message}`, { cause })
  }
}

function requireChoices(field: Field, texts: readonly string[]): void {
  const { choices = [] } = field
  const wrong = texts.find((text) => !choices.includes(text) && text !== '')
  if (wrong !== undefined)
    throw new UsageError(`${flagOf(field)}: Use ${choices.join(', ')}, not ${JSON.stringify(wrong)}.`)
}

function integer(field: Field, text: string): number {
  if (!/^-?\d{1,15}$/.test(text))
    throw new UsageError(`${flagOf(field)}: Use a number, not ${JSON.stringify(text)}.`)
  return Number(text)
}

/** An instant (RFC 3339), or a duration from now. */
function instant(field: Field, text: string, nowMs: number): string {
  const [, count, unit] = DURATION.exec(text) ?? []
  if (count !== undefined)
    return new Date(nowMs + Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]).toISOString()
  if (!/^\d{4}-\d\d-\d\dT/.test(text))
    throw new UsageError(
      `${flagOf(field)}: Use a time, such as 2027-01-31T00:00:00Z, or a duration from now, such as 90d, 12h or 30m.`,
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
