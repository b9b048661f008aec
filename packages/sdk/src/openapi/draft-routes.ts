import type { CreatePipelineInput } from '../generated/inputs.ts'
import type { ConvertedSchemas, Schema } from './converted-schemas.ts'
import type { Method, Operation, PathOperations } from './operations.ts'
import type { OperationRules } from './request-rules.ts'
import type { OpenApiNote } from './note.ts'
import { valuesIn } from './saveable.ts'

type Exposing = Exclude<CreatePipelineInput['spec']['trigger'], { readonly kind: 'schedule' }>
type Route = NonNullable<Exposing['routes']>[number]
type RouteFields = Pick<Exposing, 'path' | 'methods' | 'request' | 'routes' | 'schemas'>

/** What a spec may have, as JSON, and how many values a request can have, with room for the other fields. */
const SPEC_BYTES_MAX = 240_000
const SPEC_VALUES_MAX = 49_000
/** A pipeline has its `path` and 500 more routes. */
const ROUTES_MAX = 501
const DEFINITIONS = '#/$defs/'
const PARTS = ['body', 'query', 'params'] as const

/** Methods of one path with the same rules. */
interface Group {
  readonly path: string
  readonly methods: Method[]
  readonly rules: OperationRules
}

/**
 * The routes of a pipeline: for each path one for all methods with the same rules, and the schemas that they share. The largest
 * bodies are left out if a spec would be too long, and the rules of the last paths if there would be too many routes.
 */
export function draftRoutes(
  paths: PathOperations,
  schemas: ConvertedSchemas | null,
  notes: OpenApiNote[],
): RouteFields {
  if (schemas === null) return fieldsOf(groupsOf(paths), new Map())
  schemas.finish()
  let checked: PathOperations = new Map(
    [...paths].map(([path, operations]) => [
      path,
      operations.map((operation) => ({ ...operation, rules: fitting(operation, schemas, notes) })),
    ]),
  )
  checked = withFewRoutes(checked, notes)
  for (;;) {
    const fields = fieldsOf(groupsOf(checked), schemas.shared)
    const largest = isTooLarge(fields) ? largestOf(checked, schemas.shared) : undefined
    if (largest === undefined) return fields
    notes.push({
      path: largest.pointer,
      message: 'A pipeline is too small for this schema too. It is not checked.',
    })
    checked = new Map(
      [...checked].map(([path, operations]) => [
        path,
        operations.map((operation) => (operation === largest ? lightened(operation) : operation)),
      ]),
    )
  }
}

/** Whether a spec with these fields has too many bytes or values to be saved. */
export function isTooLarge(fields: unknown): boolean {
  const bytes = new TextEncoder().encode(JSON.stringify(fields)).length
  return bytes > SPEC_BYTES_MAX || valuesIn(fields) > SPEC_VALUES_MAX
}

/** The rules without schemas that hold a value against too many others. */
function fitting(
  { rules, pointer }: Operation,
  schemas: ConvertedSchemas,
  notes: OpenApiNote[],
): OperationRules {
  let result = rules
  for (const part of PARTS) {
    const schema = result[part]
    if (schema === undefined || schemas.fits(schema)) continue
    const { [part]: _, ...others } = result
    result = others
    notes.push({
      path: pointer,
      message: `The schema of the ${part} is too complex for a pipeline. It is not checked.`,
    })
  }
  return result
}

function withFewRoutes(paths: PathOperations, notes: OpenApiNote[]): PathOperations {
  let count = groupsOf(paths).length
  const kept = new Map(paths)
  for (const [path, operations] of [...paths].toReversed()) {
    if (count <= ROUTES_MAX) break
    const groups = groupsOf(new Map([[path, operations]])).length
    if (groups === 1) continue
    kept.set(
      path,
      operations.map((operation) => ({ ...operation, rules: {} })),
    )
    count -= groups - 1
    notes.push({
      path: operations[0]?.pointer ?? '',
      message: `A pipeline has too few routes for the rules of each method, so requests to ${path} are not checked.`,
    })
  }
  return kept
}

/** The operation whose schemas take the most characters. */
function largestOf(paths: PathOperations, shared: ReadonlyMap<string, Schema>): Operation | undefined {
  const lengths = new Map([...shared].map(([name, schema]) => [name, JSON.stringify(schema).length]))
  let largest: { readonly operation: Operation; readonly length: number } | undefined
  for (const operation of [...paths.values()].flat()) {
    const schemas = PARTS.flatMap((part) => operation.rules[part] ?? [])
    if (schemas.length === 0) continue
    const names = [...reachable(schemas, shared)]
    const length = names.reduce((sum, name) => sum + (lengths.get(name) ?? 0), JSON.stringify(schemas).length)
    if (largest === undefined || length > largest.length) largest = { operation, length }
  }
  return largest?.operation
}

function lightened(operation: Operation): Operation {
  const { contentTypes } = operation.rules
  return { ...operation, rules: contentTypes === undefined ? {} : { contentTypes } }
}

function groupsOf(paths: PathOperations): readonly Group[] {
  return [...paths].flatMap(([path, operations]) => {
    const groups = new Map<string, Group>()
    for (const { method, rules } of operations) {
      const key = JSON.stringify(rules)
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { path, methods: [method], rules })
      else group.methods.push(method)
    }
    return [...groups.values()]
  })
}

function fieldsOf(groups: readonly Group[], shared: ReadonlyMap<string, Schema>): RouteFields {
  const [main, ...others] = groups
  if (main === undefined) return {}
  const isChecked = hasRules(main)
  const routes = others.map((group): Route => {
    const { path, methods, rules } = group
    // The rules of the main path hold where a route has none of its own.
    if (hasRules(group) || isChecked) return { path, methods, request: rules }
    return isSame(methods, main.methods) && path !== main.path ? path : { path, methods }
  })
  const names = reachable(
    groups.flatMap(({ rules }) => PARTS.flatMap((part) => rules[part] ?? [])),
    shared,
  )
  return {
    path: main.path,
    methods: main.methods,
    ...(isChecked && { request: main.rules }),
    ...(routes.length > 0 && { routes }),
    ...(names.size > 0 && {
      schemas: Object.fromEntries([...shared].filter(([name]) => names.has(name))),
    }),
  }
}

function hasRules({ rules }: Group): boolean {
  return Object.keys(rules).length > 0
}

function isSame(one: readonly Method[], other: readonly Method[]): boolean {
  return one.length === other.length && one.every((method) => other.includes(method))
}

/** The names of all shared schemas that are needed. */
function reachable(from: readonly unknown[], shared: ReadonlyMap<string, Schema>): ReadonlySet<string> {
  const names = new Set<string>()
  const open: unknown[] = [...from]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    for (const [member, inner] of Object.entries(value)) {
      if (member !== '$ref' || typeof inner !== 'string' || !inner.startsWith(DEFINITIONS)) {
        open.push(inner)
        continue
      }
      const name = inner.slice(DEFINITIONS.length)
      if (names.has(name)) continue
      names.add(name)
      open.push(shared.get(name))
    }
  }
  return names
}
