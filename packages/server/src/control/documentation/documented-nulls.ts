import type { NullPlan } from '../../contract/requests/null-members.ts'

/** A schema of JSON Schema 2020-12, with the keywords that bodies use. */
export interface BodySchema {
  readonly description?: string
  readonly default?: unknown
  readonly anyOf?: readonly BodySchema[]
  readonly oneOf?: readonly BodySchema[]
  readonly items?: BodySchema
  readonly properties?: Readonly<Record<string, BodySchema>>
  readonly additionalProperties?: BodySchema | boolean
  readonly [keyword: string]: unknown
}

/** Documents the members of a body that take null for none. @param schema a JSON Schema */
export function withNulls(schema: BodySchema, plan: NullPlan | null): BodySchema {
  if (plan === null) return schema
  const { anyOf, oneOf, items, properties, additionalProperties: others } = schema
  const every = (schemas: readonly BodySchema[]): BodySchema[] => schemas.map((one) => withNulls(one, plan))
  return {
    ...schema,
    ...(anyOf && { anyOf: every(anyOf) }),
    ...(oneOf && { oneOf: every(oneOf) }),
    ...(items && { items: withNulls(items, plan.items) }),
    ...(typeof others === 'object' && { additionalProperties: withNulls(others, plan.items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => {
          const { inside = null, replacement = null } = plan.members.get(name) ?? {}
          const documented = withNulls(property, inside)
          return [name, replacement === null ? documented : nullable(documented)]
        }),
      ),
    }),
  }
}

const NULL: BodySchema = { type: 'null' }

function nullable({ description, default: value, ...schema }: BodySchema): BodySchema {
  const { anyOf, ...rest } = schema
  const hasOnlyForms = anyOf !== undefined && Object.keys(rest).length === 0
  return {
    ...(value !== undefined && { default: value }),
    ...(description !== undefined && { description }),
    anyOf: hasOnlyForms ? [...anyOf, NULL] : [schema, NULL],
  }
}
