import type { Operation } from './operations.ts'
import { type Schema, schemaText } from './schema-type.ts'

/** Members whose types deserve a name, because many answers have them. */
const NAMED_MEMBERS: Readonly<Record<string, string>> = { receipt: 'Receipt', violation: 'Violation' }

/** Resources whose names would say too little, or would hide a type of the platform. */
const RENAMED: Readonly<Record<string, string>> = {
  Request: 'DecidedRequest',
  Version: 'PipelineVersion',
  Run: 'ScheduleRun',
  OtherSession: 'WebSession',
}

/** The types that the client names: what `get…` answers with, the items of lists, and a few members. */
export function namedTypes(operations: readonly Operation[]): ReadonlyMap<string, Schema> {
  const types = new Map<string, Schema>()
  const texts = new Set<string>()
  const add = (name: string, schema: Schema | undefined): void => {
    if (schema?.type !== 'object' || types.has(name) || texts.has(schemaText(schema))) return
    types.set(name, schema)
    texts.add(schemaText(schema))
  }
  for (const { id, answer, answerSchema } of operations) {
    if (id.startsWith('get') && answer === 'json') add(renamed(id.slice('get'.length)), answerSchema)
  }
  for (const { id, answer, answerSchema } of operations) {
    if (answer !== 'list') continue
    const item = answerSchema?.properties?.['items']?.items
    const name = renamed(singular(id.replace(/^(?:list|get|read)/, '')))
    add(types.has(name) ? `Listed${name}` : name, item)
  }
  for (const { answerSchema } of operations) {
    for (const [member, name] of Object.entries(NAMED_MEMBERS)) add(name, answerSchema?.properties?.[member])
  }
  return types
}

function renamed(name: string): string {
  return RENAMED[name] ?? name
}

function singular(plural: string): string {
  return plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.replace(/s$/, '')
}
