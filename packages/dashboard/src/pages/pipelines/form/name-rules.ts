import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { isMembers } from '../schema/walk.ts'

/** What a name of an object of texts, such as a header, can stand for. */
export const NAME_RULES = ['set', 'remove', 'append', 'from', 'by'] as const
export type NameRule = (typeof NAME_RULES)[number]

/** The rule that a value is; undefined for one that has another form. */
export function ruleOf(value: unknown): NameRule | undefined {
  if (typeof value === 'string') return 'set'
  if (value === null) return 'remove'
  if (!isMembers(value)) return undefined
  if (Object.hasOwn(value, 'by')) return 'by'
  if (Object.keys(value).length !== 1) return undefined
  const { append, from } = value
  if (Array.isArray(append) && append.every((line) => typeof line === 'string')) return 'append'
  return typeof from === 'string' ? 'from' : undefined
}

/** The rules that the schema of the values of an object of texts allows; none if they are no texts. */
export function rulesOf(schema: JsonSchema): readonly NameRule[] {
  const choices = schema.anyOf ?? schema.oneOf ?? [schema]
  const allows: Readonly<Record<NameRule, (choice: JsonSchema) => boolean>> = {
    set: ({ type }) => type === 'string',
    remove: ({ type }) => type === 'null',
    append: ({ properties = {} }) => Object.hasOwn(properties, 'append'),
    from: ({ properties = {} }) => Object.hasOwn(properties, 'from'),
    by: isByCaller,
  }
  return NAME_RULES.filter((rule) => choices.some(allows[rule]))
}

function isByCaller({ properties = {} }: JsonSchema): boolean {
  return Object.hasOwn(properties, 'by')
}

/** The schema of a rule that gives each caller a value of its own. */
export function byCallerSchema(schema: JsonSchema): JsonSchema {
  return (schema.anyOf ?? schema.oneOf ?? []).find(isByCaller) ?? {}
}

/** What a rule begins with. A text that was there stays. */
export function ruleValue(rule: NameRule, before: unknown): unknown {
  const old = typeof before === 'string' ? before : ''
  switch (rule) {
    case 'set':
      return old
    case 'remove':
      return null
    case 'append':
      return { append: old === '' ? [] : [old] }
    case 'from':
      return { from: '' }
    case 'by':
      return { by: 'consumer', values: {}, ...(old !== '' && { otherwise: old }) }
  }
}
