import { closestName } from '@sallyport/core'
import type { CompileKeyword, Keyword, Pattern } from './compiler.ts'
import type { Check, SchemaNode } from './schema-node.ts'
import type { Place, Validation } from './validation.ts'
import { countOf } from './value-keywords.ts'
import { isObject } from './values.ts'
import { amount } from './wording.ts'

/* The keywords about objects (JSON Schema Validation section 6.5, Core sections 10.3.2 and 11.3). */

const MISSING = 'This field is required.'
const UNKNOWN = 'This field is unknown.'

export const maxProperties: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined) return
  const message = `Send at most ${amount(count, 'field')}.`
  keyword.node.checks.push((sent, place, validation) => {
    if (!isObject(sent)) return true
    const { length } = Object.keys(sent)
    validation.spend(length / 8)
    return length <= count || validation.fail(place, message)
  })
}

export const minProperties: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined) return
  const message = `Send at least ${amount(count, 'field')}.`
  keyword.node.checks.push((sent, place, validation) => {
    if (!isObject(sent)) return true
    const { length } = Object.keys(sent)
    validation.spend(length / 8)
    return length >= count || validation.fail(place, message)
  })
}

/** A list of names; undefined after a fault. */
function namesOf(
  value: unknown,
  { path, compiler }: Pick<Keyword, 'path' | 'compiler'>,
): string[] | undefined {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return [...new Set(value)]
  compiler.fault(path, 'Use a list of names.')
  return undefined
}

function lacksNone(
  sent: Readonly<Record<string, unknown>>,
  names: readonly string[],
  message: string,
  place: Place,
  validation: Validation,
): boolean {
  validation.spend(names.length)
  let isValid = true
  for (const name of names) {
    if (!Object.hasOwn(sent, name)) isValid = validation.fail({ parent: place, name }, message)
  }
  return isValid
}

export const required: CompileKeyword = (keyword) => {
  const names = namesOf(keyword.value, keyword)
  if (names === undefined) return
  keyword.node.checks.push(
    (sent, place, validation) => !isObject(sent) || lacksNone(sent, names, MISSING, place, validation),
  )
}

export const dependentRequired: CompileKeyword = ({ value, path, node, compiler }) => {
  if (!isObject(value)) {
    compiler.fault(path, 'Use an object of lists of names.')
    return
  }
  for (const [name, listed] of Object.entries(value)) {
    const names = namesOf(listed, { path: [...path, name], compiler })
    if (names === undefined) continue
    const message = `This field is required beside \`${name.slice(0, 100)}\`.`
    node.checks.push(
      (sent, place, validation) =>
        !isObject(sent) || !Object.hasOwn(sent, name) || lacksNone(sent, names, message, place, validation),
    )
  }
}

export const dependentSchemas: CompileKeyword = ({ value, path, node, compiler }) => {
  for (const [name, schema] of compiler.schemas(value, path)) {
    node.beside.push({ node: () => schema, path: [...path, name] })
    node.checks.push(
      (sent, place, validation, evaluated) =>
        !isObject(sent) || !Object.hasOwn(sent, name) || schema.matches(sent, place, validation, evaluated),
    )
  }
}

export const propertyNames: CompileKeyword = ({ value, path, node, compiler }) => {
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  node.checks.push((sent, place, validation) => {
    if (!isObject(sent)) return true
    let isValid = true
    for (const name of Object.keys(sent)) {
      const at = { parent: place, name }
      if (validation.quietly(() => schema.matches(name, at, validation, null))) continue
      isValid = validation.fail(at, 'Use another name: this one does not have the required form.')
      if (validation.isQuiet) return false
    }
    return isValid
  })
}

/** `properties`, `patternProperties` and `additionalProperties` together, since each member is looked up once. */
export const members: CompileKeyword = ({ schema: around, name, path, node, compiler }) => {
  // The first of the three that the schema has compiles all of them.
  if (name !== MEMBER_KEYWORDS.find((keyword) => Object.hasOwn(around, keyword))) return
  const at = path.slice(0, -1)
  const properties = Object.hasOwn(around, 'properties')
    ? (compiler.schemas(around['properties'], [...at, 'properties']) as ReadonlyMap<string, SchemaNode>)
    : new Map<string, SchemaNode>()
  const patterns: (readonly [Pattern, SchemaNode])[] = []
  if (Object.hasOwn(around, 'patternProperties')) {
    const place = [...at, 'patternProperties']
    for (const [source, schema] of compiler.schemas(around['patternProperties'], place)) {
      const pattern = compiler.pattern(source, [...place, source])
      if (pattern !== undefined) patterns.push([pattern, schema])
    }
  }
  const rest = Object.hasOwn(around, 'additionalProperties')
    ? compiler.schema(around['additionalProperties'], [...at, 'additionalProperties'])
    : undefined
  node.checks.push(membersCheck(properties, patterns, rest))
}

export const MEMBER_KEYWORDS = ['properties', 'patternProperties', 'additionalProperties']

function membersCheck(
  properties: ReadonlyMap<string, SchemaNode>,
  patterns: readonly (readonly [Pattern, SchemaNode])[],
  rest: SchemaNode | undefined,
): Check {
  return (sent, place, validation, evaluated) => {
    if (!isObject(sent)) return true
    let isValid = true
    for (const name of Object.keys(sent)) {
      validation.spend(1)
      const at = { parent: place, name }
      const value = sent[name]
      const own = properties.get(name)
      let isKnown = own !== undefined
      let matches = own === undefined || own.matches(value, at, validation, null)
      for (const [pattern, schema] of patterns) {
        validation.spend(pattern.cost(name))
        if (!pattern.test(name)) continue
        isKnown = true
        if (!schema.matches(value, at, validation, null)) matches = false
      }
      if (!isKnown && rest !== undefined) {
        isKnown = true
        matches = rest.isNever
          ? failUnknown(name, [...properties.keys()], at, validation)
          : rest.matches(value, at, validation, null)
      }
      if (isKnown) evaluated?.names.add(name)
      if (matches) continue
      isValid = false
      if (validation.isQuiet) return false
    }
    return isValid
  }
}

function failUnknown(name: string, known: readonly string[], at: Place, validation: Validation): false {
  if (validation.isQuiet) return false
  validation.spend(10 * known.length)
  const meant = closestName(name, known)
  return validation.fail(at, meant === undefined ? UNKNOWN : `${UNKNOWN} Did you mean \`${meant}\`?`)
}

export const unevaluatedProperties: CompileKeyword = ({ value, path, node, compiler }) => {
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  node.lastChecks.push((sent, place, validation, evaluated) => {
    if (!isObject(sent) || evaluated === null || evaluated.allNames) return true
    let isValid = true
    for (const name of Object.keys(sent)) {
      validation.spend(1)
      if (evaluated.names.has(name)) continue
      const at = { parent: place, name }
      if (schema.isNever ? validation.fail(at, UNKNOWN) : schema.matches(sent[name], at, validation, null))
        continue
      isValid = false
      if (validation.isQuiet) return false
    }
    evaluated.allNames = true
    return isValid
  })
}
