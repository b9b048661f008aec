import { oneLine } from '../terminal/safe-text.ts'
import { structured } from './structured.ts'

/** A value as one line of a table. */
export function cell(value: unknown): string {
  return oneLine(textOf(value))
}

/** A value as lines: a list of objects has a line for each, and a nested object is YAML. */
export function cellLines(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => isObject(item) && !isNested(item)))
    return value.map(cell)
  return isNested(value) ? structured(value, 'yaml').split('\n') : [cell(value)]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Whether an object, or one of a list, has objects or lists in it. */
function isNested(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isNested)
  return isObject(value) && Object.values(value).some(isObject)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(itemText).join(', ')
  if (typeof value === 'object') return objectText(value)
  return JSON.stringify(value)
}

/** An item of a list, from which its neighbours can be told. */
function itemText(item: unknown): string {
  const text = textOf(item)
  return typeof item === 'object' && text.includes(', ') ? `{${text}}` : text
}

/** An object of plain values by their names; one with a single value as that value. */
function objectText(value: object): string {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined)
  const [first] = entries
  if (first === undefined) return '-'
  if (entries.some(([, member]) => typeof member === 'object')) return JSON.stringify(value)
  return entries.length === 1
    ? textOf(first[1])
    : entries.map(([name, member]) => `${name}=${textOf(member)}`).join(', ')
}

/** The heading of a member: `expiresAt` is `EXPIRES AT`. */
export function heading(member: string): string {
  return oneLine(member.replaceAll(/(?<=[a-z])[A-Z]/g, ' $&').toUpperCase())
}
