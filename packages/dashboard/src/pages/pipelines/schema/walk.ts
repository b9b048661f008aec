import { type JsonSchema, SPEC_SCHEMA } from '@sallyport/sdk/spec-schema'

export type Members = Readonly<Record<string, unknown>>
export type Path = readonly (string | number)[]

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The types that a schema allows; empty for any. */
export function typesOf({ type, oneOf, anyOf }: JsonSchema): readonly string[] {
  if (type !== undefined) return typeof type === 'string' ? [type] : type
  return [...new Set((oneOf ?? anyOf ?? []).flatMap(typesOf))]
}

export function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'object':
      return isMembers(value)
    case 'array':
      return Array.isArray(value)
    case 'null':
      return value === null
    case 'integer':
      return Number.isInteger(value)
    default:
      return typeof value === type
  }
}

/**
 * The part of a schema that a value is measured by: of several choices the one that the value takes, or all of them as one
 * while the value does not say which it takes.
 */
export function choiceOf(schema: JsonSchema, value: unknown): JsonSchema {
  const choices = schema.oneOf ?? schema.anyOf
  if (choices === undefined) return schema
  const flat = choices.map((one) => choiceOf(one, value))
  const fitting = flat.filter((one) => typesOf(one).some((type) => isOfType(value, type)))
  const chosen = fitting.filter((one) => isNamedBy(one, value, tellingNames(fitting)))
  const [first, ...more] = chosen.length > 0 ? chosen : fitting
  if (first === undefined) return schema
  return { ...together(first, more), ...(schema.description !== undefined && describedBy(schema)) }
}

function describedBy({ description = '' }: JsonSchema): JsonSchema {
  return { description }
}

/** The names of the members that have one of a few values in each choice, as the kind of a trigger. */
function tellingNames([first, ...more]: readonly JsonSchema[]): readonly string[] {
  return Object.entries(first?.properties ?? {})
    .filter(([name, { enum: known }]) => known !== undefined && more.every((one) => hasEnum(one, name)))
    .map(([name]) => name)
}

function hasEnum({ properties = {} }: JsonSchema, name: string): boolean {
  return properties[name]?.enum !== undefined
}

/** Whether a value takes this choice, or does not say yet which it takes. */
function isNamedBy({ properties = {} }: JsonSchema, value: unknown, telling: readonly string[]): boolean {
  return (
    !isMembers(value) ||
    telling.every(
      (name) => !Object.hasOwn(value, name) || properties[name]?.enum?.includes(value[name]) === true,
    )
  )
}

/** Objects of several choices as one: with the members of all, of which those are required that all require. */
function together(first: JsonSchema, more: readonly JsonSchema[]): JsonSchema {
  if (more.length === 0) return first
  const properties: Record<string, JsonSchema> = { ...first.properties }
  for (const one of more) {
    for (const [name, member] of Object.entries(one.properties ?? {})) {
      const known = properties[name]
      properties[name] =
        known?.enum === undefined
          ? (known ?? member)
          : { ...known, enum: [...known.enum, ...(member.enum ?? [])] }
    }
  }
  const required = (first.required ?? []).filter((name) => more.every((one) => one.required?.includes(name)))
  return { ...first, properties, required }
}

/** The schema of a member or an item; undefined if there is none. */
export function childOf(schema: JsonSchema, step: string | number): JsonSchema | undefined {
  if (typeof step === 'number') return schema.items
  const { properties = {}, additionalProperties: more } = schema
  if (Object.hasOwn(properties, step)) return properties[step]
  return typeof more === 'object' ? more : undefined
}

/** The schema at a place of a spec, with the choices that the spec has taken; undefined if nothing may stand there. */
export function schemaAt(spec: unknown, path: Path): JsonSchema | undefined {
  let [schema, value]: [JsonSchema | undefined, unknown] = [choiceOf(SPEC_SCHEMA, spec), spec]
  for (const step of path) {
    if (schema === undefined) return undefined
    value = memberOf(value, step)
    const child = childOf(schema, step)
    schema = child === undefined ? undefined : choiceOf(child, value)
  }
  return schema
}

export function memberOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)] as unknown
  return isMembers(value) && Object.hasOwn(value, step) ? value[String(step)] : undefined
}

/** Whether exactly one of the names of an object must be chosen, as the kind of a step. */
export function isOneName({ properties, minProperties, maxProperties }: JsonSchema): boolean {
  return properties !== undefined && minProperties === 1 && maxProperties === 1
}
