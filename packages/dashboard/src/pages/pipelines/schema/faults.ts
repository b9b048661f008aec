import { type JsonSchema, SPEC_SCHEMA } from '@sallyport/sdk/spec-schema'
import { specEditor } from '../../../texts/spec-editor.ts'
import { closestName } from './closest-name.ts'
import { childOf, choiceOf, isMembers, isOfType, isOneName, type Members, typesOf } from './walk.ts'

/** A place of a spec that does not fit the schema. The server can find more. */
export interface Fault {
  /** A JSON Pointer. */
  readonly pointer: string
  readonly message: string
}

/** What does not fit the schema of specs, in the order of the spec. */
export function faultsOf(spec: unknown): readonly Fault[] {
  return valueFaults(SPEC_SCHEMA, spec, '')
}

function valueFaults(whole: JsonSchema, value: unknown, pointer: string): readonly Fault[] {
  const schema = choiceOf(whole, value)
  const types = typesOf(schema)
  const { faults } = specEditor
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const known = schema.enum.map(String)
    const meant = typeof value === 'string' ? closestName(value, known) : undefined
    return [{ pointer, message: faults.notOneOf(known, meant) }]
  }
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [{ pointer, message: typeMessage(schema, types, value) }]
  if (isMembers(value))
    return [...countFaults(schema, value, pointer), ...memberFaults(schema, value, pointer)]
  if (Array.isArray(value)) return listFaults(schema, value, pointer)
  const message = typeof value === 'string' ? textFault(schema, value) : numberFault(schema, value)
  return message === undefined ? [] : [{ pointer, message }]
}

function typeMessage(schema: JsonSchema, types: readonly string[], value: unknown): string {
  const { faults } = specEditor
  const names = Object.keys(schema.properties ?? {})
  const first = schema.required?.[0] ?? names[0]
  if (first === undefined) return faults.wrongType(types, value)
  return isOneName(schema) ? faults.stepMissing(first) : faults.fieldsMissing(first)
}

/** Missing names, or too many of them. */
function countFaults(schema: JsonSchema, value: Members, pointer: string): readonly Fault[] {
  const { properties = {}, required = [], minProperties = 0 } = schema
  const { faults } = specEditor
  const names = Object.keys(value)
  if (isOneName(schema)) {
    const known = Object.keys(properties)
    if (names.length === 0) return [{ pointer, message: faults.stepMissing(known[0] ?? '') }]
    const [, ...more] = names.filter((name) => Object.hasOwn(properties, name))
    return more.map((name) => ({ pointer: below(pointer, name), message: faults.secondStep(name) }))
  }
  if (names.length < minProperties) return [{ pointer, message: faults.oneMissing(Object.keys(properties)) }]
  return required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ pointer, message: faults.missing(name) }))
}

function memberFaults(schema: JsonSchema, value: Members, pointer: string): readonly Fault[] {
  const { faults } = specEditor
  return Object.entries(value).flatMap(([name, member]): readonly Fault[] => {
    const child = childOf(schema, name)
    if (child !== undefined) return valueFaults(child, member, below(pointer, name))
    if (schema.additionalProperties !== false) return []
    const known = Object.keys(schema.properties ?? {})
    const unknown = isOneName(schema) ? faults.unknownStep : faults.unknownField
    return [{ pointer: below(pointer, name), message: unknown(name, closestName(name, known), known) }]
  })
}

function listFaults(schema: JsonSchema, value: readonly unknown[], pointer: string): readonly Fault[] {
  const { minItems = 0, maxItems = Infinity, items } = schema
  const { faults } = specEditor
  if (value.length < minItems) return [{ pointer, message: faults.tooFewItems(minItems) }]
  if (value.length > maxItems) return [{ pointer, message: faults.tooManyItems(maxItems) }]
  return items === undefined
    ? []
    : value.flatMap((item, index) => valueFaults(items, item, below(pointer, String(index))))
}

function textFault({ minLength = 0, maxLength = Infinity }: JsonSchema, value: string): string | undefined {
  const { faults } = specEditor
  if (value.length < minLength) return faults.textMissing
  return value.length > maxLength ? faults.textTooLong(maxLength) : undefined
}

function numberFault({ minimum, maximum }: JsonSchema, value: unknown): string | undefined {
  if (typeof value !== 'number') return undefined
  const isInside = value >= (minimum ?? -Infinity) && value <= (maximum ?? Infinity)
  return isInside ? undefined : specEditor.faults.outside(minimum, maximum)
}

function below(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}
