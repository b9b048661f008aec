import type { CompileKeyword, Keyword } from './compiler.ts'
import { Evaluated, type Check, type SchemaNode } from './schema-node.ts'
import type { Place, Validation } from './validation.ts'

/* The keywords that hold the same value against other schemas (JSON Schema Core sections 8.2.3 and 10.2). */

export const reference: CompileKeyword = ({ value, path, node, compiler }) => {
  const target = compiler.reference(value, path)
  if (target === undefined) return
  node.beside.push({ node: target, path })
  node.checks.push((sent, place, validation, evaluated) =>
    target().matches(sent, place, validation, evaluated),
  )
}

/** The schemas of a list that must not be empty. */
function listOf({ value, path, node, compiler }: Keyword): readonly SchemaNode[] {
  if (!Array.isArray(value) || value.length === 0) {
    compiler.fault(path, 'Use a list of schemas.')
    return []
  }
  const schemas = compiler.schemas(value, path)
  for (const [index, schema] of schemas) node.beside.push({ node: () => schema, path: [...path, index] })
  return [...schemas.values()]
}

export const allOf: CompileKeyword = (keyword) => {
  for (const schema of listOf(keyword)) {
    keyword.node.checks.push((...asked) => schema.matches(...asked))
  }
}

/** What it costs beside the schema's own checks. */
const QUIET_CHECKS = 3

/** Holds a value against a schema without errors, and keeps what it evaluated if it matches. */
function matchesQuietly(
  schema: SchemaNode,
  ...[value, place, validation, around]: Parameters<Check>
): boolean {
  validation.spend(QUIET_CHECKS)
  const evaluated = around === null ? null : new Evaluated()
  const isValid = validation.quietly(() => schema.matches(value, place, validation, evaluated))
  if (isValid && evaluated !== null) around?.merge(evaluated)
  return isValid
}

/**
 * Reports that none of several schemas matches. If the value has the type that only one of them asks for, the errors are those
 * of that schema: it is the one that was meant.
 */
function failAll(
  schemas: readonly SchemaNode[],
  value: unknown,
  place: Place,
  validation: Validation,
): false {
  if (validation.isQuiet) return false
  const near = schemas.filter(
    ({ admits }) => admits === null || validation.quietly(() => admits(value, place, validation, null)),
  )
  const [only] = near
  if (near.length === 1 && only !== undefined) {
    only.matches(value, place, validation, null)
    return false
  }
  return validation.fail(place, `Send a value of one of the ${schemas.length} forms that are allowed here.`)
}

export const anyOf: CompileKeyword = (keyword) => {
  const schemas = listOf(keyword)
  keyword.node.checks.push((value, place, validation, evaluated) => {
    let isValid = false
    for (const schema of schemas) {
      if (!matchesQuietly(schema, value, place, validation, evaluated)) continue
      isValid = true
      // What the others evaluate counts too.
      if (evaluated === null) break
    }
    return isValid || failAll(schemas, value, place, validation)
  })
}

export const oneOf: CompileKeyword = (keyword) => {
  const schemas = listOf(keyword)
  keyword.node.checks.push((value, place, validation, evaluated) => {
    let found = 0
    for (const schema of schemas) {
      if (matchesQuietly(schema, value, place, validation, evaluated)) found += 1
      if (found > 1)
        return validation.fail(place, 'Send a value of one form alone: this one has two of them.')
    }
    return found === 1 || failAll(schemas, value, place, validation)
  })
}

export const not: CompileKeyword = ({ value, path, node, compiler }) => {
  const schema = compiler.schema(value, path)
  if (schema === undefined) return
  node.beside.push({ node: () => schema, path })
  node.checks.push(
    (sent, place, validation) =>
      !matchesQuietly(schema, sent, place, validation, null) ||
      validation.fail(place, 'Send another value: this one is excluded.'),
  )
}

export const condition: CompileKeyword = ({ schema: around, value, path, node, compiler }) => {
  const schema = compiler.schema(value, path)
  const at = path.slice(0, -1)
  const branch = (name: 'then' | 'else'): SchemaNode | undefined => {
    if (!Object.hasOwn(around, name)) return undefined
    const compiled = compiler.schema(around[name], [...at, name])
    if (compiled !== undefined) node.beside.push({ node: () => compiled, path: [...at, name] })
    return compiled
  }
  const [yes, no] = [branch('then'), branch('else')]
  if (schema === undefined) return
  node.beside.push({ node: () => schema, path })
  node.checks.push((sent, place, validation, evaluated) => {
    const next = matchesQuietly(schema, sent, place, validation, evaluated) ? yes : no
    return next === undefined || next.matches(sent, place, validation, evaluated)
  })
}
