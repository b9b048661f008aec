import { patternsOf, type DeploymentRecord, type JsonSchema, type RequestRules } from '@sallyport/core'
import { propertyReference, type ListedSchemas } from './listed-schemas.ts'

/** Others have no body by their nature. */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
/** What is taken with a schema of the body, and without a list of types. */
const JSON_ONLY: readonly string[] = ['application/json']

/** The parts of an operation of OpenAPI that say what a request must contain. */
export interface DescribedRequest {
  /** Schemas of path parameters by name. */
  readonly params: ReadonlyMap<string, unknown>
  readonly query: readonly unknown[]
  /** Undefined if nothing is said about the body. */
  readonly requestBody: unknown
}

const NOTHING: DescribedRequest = { params: new Map(), query: [], requestBody: undefined }

/** Finds the rules of each route of a deployment, as a gateway does for requests. */
export function rulesByRoute({
  spec: { trigger },
}: DeploymentRecord): (pattern: string, method: string) => RequestRules | undefined {
  const own = new Map<string, RequestRules>()
  for (const { path, methods, request } of trigger.writtenRoutes ?? []) {
    if (request === undefined) continue
    for (const pattern of patternsOf(path, trigger.trailingSlash)) {
      for (const method of methods) own.set(`${method} ${pattern}`, request)
    }
  }
  return (pattern, method) => own.get(`${method} ${pattern}`) ?? trigger.request
}

/** Describes what requests of a method must contain. What OpenAPI cannot say is left out. */
export function describedRequest(
  deployment: DeploymentRecord,
  rules: RequestRules | undefined,
  method: string,
  schemas: ListedSchemas,
): DescribedRequest {
  if (rules === undefined) return NOTHING
  const { body, query, params, contentTypes } = rules
  const described = properties(deployment, query, schemas)
  const required = requiredOf(query)
  const content = contentTypes ?? (body === undefined ? [] : JSON_ONLY)
  const saysContent = content.length > 0 && METHODS_WITH_BODY.has(method) && schemas.mention(content.length)
  const schema = !saysContent || body === undefined ? undefined : schemas.reference(deployment, body)
  return {
    params: properties(deployment, params, schemas),
    query: [...described].map(([name, reference]) => ({
      name,
      in: 'query',
      ...(required.has(name) && { required: true }),
      schema: reference,
    })),
    requestBody: !saysContent
      ? undefined
      : {
          ...(body !== undefined && { required: true }),
          content: Object.fromEntries(content.map((type) => [type, schema === undefined ? {} : { schema }])),
        },
  }
}

/** References to the properties of a schema of an object; none if it is not written as one. */
function properties(
  deployment: DeploymentRecord,
  schema: JsonSchema | undefined,
  schemas: ListedSchemas,
): ReadonlyMap<string, unknown> {
  const members = typeof schema === 'object' ? schema['properties'] : undefined
  if (schema === undefined || typeof members !== 'object' || members === null) return new Map()
  const names = Object.keys(members)
  const reference = schemas.mention(names.length) ? schemas.reference(deployment, schema) : undefined
  if (typeof reference !== 'object') return new Map()
  const $ref = String(reference['$ref'])
  return new Map(names.map((name) => [name, propertyReference({ $ref }, name)]))
}

function requiredOf(schema: JsonSchema | undefined): ReadonlySet<unknown> {
  const required = typeof schema === 'object' ? schema['required'] : undefined
  return new Set(Array.isArray(required) ? required : [])
}
