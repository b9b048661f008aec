import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  routePatterns,
  routeSegments,
  type DeploymentRecord,
  type RoutePattern,
  type RouteSegment,
  type Trigger,
} from '@sallyport/core'
import { ListedSchemas } from './listed-schemas.ts'
import { describedRequest, rulesByRoute, type DescribedRequest } from './request-description.ts'

/** After so many routes, or characters of schemas, the requests that have arrived meanwhile are answered. */
const ROUTES_PER_TURN = 32
const SCHEMA_CHARS_PER_TURN = 64 * 1024

/** The name of the parameter for the rest after a wildcard, which OpenAPI does not have. */
const REST = 'rest'

/** An OpenAPI 3.1 document of what callers can call. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly servers: readonly { readonly url: string }[]
  /** By path and method in lower case. */
  readonly paths: ReadonlyMap<string, ReadonlyMap<string, unknown>>
  readonly components: { readonly securitySchemes: unknown; readonly schemas: ReadonlyMap<string, unknown> }
}

/**
 * Describes deployments: their paths and methods, the credentials that each requires, and what requests must contain.
 *
 * @param deployments that expose paths; of two with the same path and method, the first one counts
 * @param isReached whether requests to a route of a deployment reach it, and not another deployment
 * @param base the path of the environment on the host, without a final slash
 */
export async function openApiDocument(
  title: string,
  base: string,
  deployments: readonly DeploymentRecord[],
  isReached: (deployment: DeploymentRecord, method: string, pattern: string) => boolean,
): Promise<OpenApiDocument> {
  const paths = new Map<string, Map<string, unknown>>()
  const schemas = new ListedSchemas()
  let routes = 0
  let chars = 0
  for (const deployment of deployments) {
    const rulesOf = rulesByRoute(deployment)
    for (const route of routePatterns(deployment.spec.trigger)) {
      routes += 1
      if (routes % ROUTES_PER_TURN === 0) await nextTurn()
      for (const { path, parameters } of templatesOf(route)) {
        const item = paths.get(path) ?? new Map<string, unknown>()
        for (const method of route.methods) {
          if (!isReached(deployment, method, route.pattern)) continue
          paths.set(path, item)
          const name = method.toLowerCase()
          if (item.has(name)) continue
          const rules = rulesOf(route.pattern, method)
          const described = describedRequest(deployment, rules, method, schemas)
          item.set(name, operation(deployment, parameters, described))
          if (schemas.chars - chars > SCHEMA_CHARS_PER_TURN) {
            chars = schemas.chars
            await nextTurn()
          }
        }
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: { title, version: '1' },
    servers: [{ url: base === '' ? '/' : base }],
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, schemas: schemas.components.set('Problem', PROBLEM) },
  }
}

interface Template {
  readonly path: string
  readonly parameters: readonly Parameter[]
}

interface Parameter {
  readonly name: string
  readonly isRest: boolean
}

/** A pattern as templates of OpenAPI: a wildcard as a parameter, and `**` also as the path itself. */
function templatesOf({ pattern }: RoutePattern): Template[] {
  const segments = routeSegments(pattern)
  const itself: Template = {
    path: `/${segments.flatMap(templateOf).join('/')}`,
    parameters: segments.flatMap(namesOf).map((name) => ({ name, isRest: false })),
  }
  const last = segments.at(-1)?.kind
  if (last !== 'rest' && last !== 'subtree') return [itself]
  const name = unusedName(itself.parameters)
  const below: Template = {
    path: `${itself.path === '/' ? '' : itself.path}/{${name}}`,
    parameters: [...itself.parameters, { name, isRest: true }],
  }
  return last === 'subtree' ? [itself, below] : [below]
}

/** A segment of a template; none for a wildcard. */
function templateOf(segment: RouteSegment): string[] {
  switch (segment.kind) {
    case 'text':
      return [segment.text]
    case 'parameter':
      return [`{${segment.name}}`]
    case 'parts':
      return [
        segment.texts.reduce((text, next, index) => `${text}{${segment.names[index - 1] ?? ''}}${next}`),
      ]
    case 'rest':
    case 'subtree':
      return []
  }
}

function namesOf(segment: RouteSegment): readonly string[] {
  if (segment.kind === 'parameter') return [segment.name]
  return segment.kind === 'parts' ? segment.names : []
}

function unusedName(parameters: readonly Parameter[]): string {
  let name = REST
  while (parameters.some((parameter) => parameter.name === name)) name += '_'
  return name
}

function operation(
  { pipeline, version, spec }: DeploymentRecord,
  parameters: readonly Parameter[],
  { params, query, requestBody }: DescribedRequest,
): unknown {
  const all = [...parameters.map((parameter) => parameterObject(parameter, params)), ...query]
  return {
    tags: [pipeline],
    summary: `${pipeline} ${version}`,
    ...(spec.trigger.deprecation !== undefined && { deprecated: true }),
    ...(all.length > 0 && { parameters: all }),
    ...(requestBody !== undefined && { requestBody }),
    security: securityOf(spec.trigger),
    responses: {
      default: {
        description: 'The response of the pipeline, or a problem.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function parameterObject({ name, isRest }: Parameter, schemas: ReadonlyMap<string, unknown>): unknown {
  return {
    name,
    in: 'path',
    required: true,
    ...(isRest && { description: 'The rest of the path. It may contain slashes, and may be empty.' }),
    schema: (isRest ? undefined : schemas.get(name)) ?? { type: 'string' },
  }
}

/** Every credential that is required, or that is optional; with alternatives for the place of the API key. */
function securityOf({ authentication, apiKeyInQuery }: Trigger): Record<string, readonly string[]>[] {
  const { apiKey, apiKeyOptional = false, jwt, basic } = authentication
  const others = { ...(jwt && { jwt: [] }), ...(basic && { basic: [] }) }
  if (!apiKey && !apiKeyOptional) return jwt || basic ? [others] : []
  const keyed = [{ apiKey: [], ...others }, ...(apiKeyInQuery ? [{ apiKeyInQuery: [], ...others }] : [])]
  return apiKeyOptional ? [...keyed, {}] : keyed
}

const SECURITY_SCHEMES = {
  apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
  apiKeyInQuery: { type: 'apiKey', in: 'query', name: 'apikey' },
  jwt: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
  basic: { type: 'http', scheme: 'basic' },
}

/** RFC 9457 section 3.1. */
const PROBLEM = {
  type: 'object',
  required: ['status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
  },
}
