import type { CreatePipelineInput } from '../generated/inputs.ts'
import type { Credentials } from './credentials.ts'
import { itemsOf, membersOf, pointer, textOf, type Members } from './document.ts'
import { ConvertedSchemas } from './converted-schemas.ts'
import { draftRoutes, isTooLarge } from './draft-routes.ts'
import { operationsOf, type Operation } from './operations.ts'
import type { OpenApiNote } from './note.ts'

type Spec = CreatePipelineInput['spec']
type Exposing = Exclude<Spec['trigger'], { readonly kind: 'schedule' }>

export interface DraftPipelineOptions {
  /** Where requests go: `http` or `https`, a host, and the path before those of the document. Default: its first server. */
  readonly upstreamUrl?: string
  /** Takes only the paths that start with this, for documents with more paths than a pipeline can have. */
  readonly pathPrefix?: string
  /** False for a pipeline that does not check what requests contain. */
  readonly validation?: boolean
}

/** A pipeline drafted from an OpenAPI document. Nothing has been saved. */
export interface PipelineDraft {
  /** A name from the title of the document. */
  readonly name: string
  readonly spec: Spec
  /** What did not map, or is different. */
  readonly notes: readonly OpenApiNote[]
}

/** Why no pipeline can be drafted from a document. Its message says what to do. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError'
}

/** A pipeline has its `path` and 500 more routes. */
const PATHS_MAX = 501
const NAME_CHARS_MAX = 63
const VERSION = /^3\.[0-2](?:\.|$)/

/**
 * Drafts a pipeline that serves what an OpenAPI 3.0 or 3.1 document describes: one route with its methods for each path,
 * the credentials of its security schemes, rules for the content of requests, and one step that passes requests on.
 *
 * @param document the parsed document, from JSON or YAML
 * @throws OpenApiError for a document of another version, without paths or a server, or with too many paths
 */
export function draftPipeline(document: unknown, options: DraftPipelineOptions = {}): PipelineDraft {
  const root = checked(document)
  const notes: OpenApiNote[] = []
  const schemas = options.validation === false ? null : new ConvertedSchemas(root, notes)
  const paths = operationsOf(root, options.pathPrefix ?? '', notes, schemas)
  if (paths.size === 0) {
    throw new OpenApiError(
      'The document has no path that a pipeline can serve. Check `paths`, and the prefix.',
    )
  }
  if (paths.size > PATHS_MAX) {
    throw new OpenApiError(
      `The document has ${paths.size} paths, and a pipeline has at most ${PATHS_MAX}. Draft one pipeline for each of several prefixes.`,
    )
  }
  const upstream = upstreamOf(root, options.upstreamUrl)
  const operations = [...paths.values()].flat()
  const routes = draftRoutes(paths, schemas, notes)
  if (isTooLarge(routes)) {
    throw new OpenApiError(
      'The paths of the document are too large for a pipeline. Draft one pipeline for each of several prefixes.',
    )
  }
  const spec: Spec = {
    trigger: {
      kind: kindOf(operations),
      ...routes,
      ...credentialsOf(operations, notes),
    },
    steps: [{ proxy: { url: `${upstream}/{path}` } }],
  }
  return { name: nameOf(root), spec, notes }
}

function checked(document: unknown): Members {
  const root = membersOf(document)
  const version = textOf(root['openapi'])
  if (version !== undefined && VERSION.test(version)) return root
  if (root['swagger'] !== undefined) {
    throw new OpenApiError('The document is Swagger 2.0. Convert it to OpenAPI 3 first.')
  }
  throw new OpenApiError('The document is not OpenAPI 3.0 or 3.1: its member `openapi` says the version.')
}

/** Printable ASCII without spaces and what has a meaning in a spec, of the length that a spec can have. */
const PLAIN = /^[!"$->@-z|~]{1,2000}$/
const WEB_URL = /^https?:\/\/[^/]/

/**
 * Where requests go, without a final slash.
 *
 * @param given by the developer, who may use placeholders; the document's first server unless given
 */
function upstreamOf(root: Members, given: string | undefined): string {
  const url = given ?? serverOf(root)
  if (!WEB_URL.test(url)) {
    throw new OpenApiError(
      'The document names no server with "http://" or "https://". Say where requests go: `upstreamUrl`.',
    )
  }
  if (given === undefined && !isPlain(url)) {
    throw new OpenApiError(
      'The first server of the document has braces, a user name, a query, a fragment, an invalid port, or other characters than ASCII. Say where requests go: `upstreamUrl`.',
    )
  }
  return url.replace(/\/+$/, '')
}

/** The URL of the first server, its variables replaced by their defaults (OpenAPI 3.1, "Server Object"). */
function serverOf(root: Members): string {
  const server = membersOf(itemsOf(root['servers'])[0])
  const variables = membersOf(server['variables'])
  return (textOf(server['url']) ?? '').replaceAll(
    /\{([^{}]*)\}/g,
    (text, name: string) => textOf(membersOf(variables[name])['default']) ?? text,
  )
}

/** Whether a URL has nothing but a host and a path. In a spec, braces would be placeholders, also those of secrets. */
function isPlain(url: string): boolean {
  if (!PLAIN.test(url)) return false
  try {
    const { username, password } = new URL(url)
    return username === '' && password === ''
  } catch {
    return false
  }
}

/** `rest` checks that bodies are JSON, so it fits only if all are. */
function kindOf(operations: readonly Operation[]): 'rest' | 'http' {
  const types = operations.flatMap(({ contentTypes }) => contentTypes)
  return types.every((type) => /^application\/(?:[^;]+\+)?json\b/i.test(type)) ? 'rest' : 'http'
}

/** The credentials that most operations require. A pipeline asks all callers for the same. */
function credentialsOf(
  operations: readonly Operation[],
  notes: OpenApiNote[],
): Pick<Exposing, 'authentication' | 'apiKeyInQuery'> {
  const counts = new Map<string, number>()
  const known = new Map<string, Credentials>()
  for (const { requirement } of operations) {
    if (requirement.kind !== 'credentials') continue
    const key = JSON.stringify(requirement.credentials)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    known.set(key, requirement.credentials)
  }
  const [most] = [...counts].toSorted(([, one], [, other]) => other - one)
  const chosen = most === undefined ? undefined : known.get(most[0])
  if (chosen === undefined) {
    const message =
      'The document names no credentials that a pipeline can ask for. The draft asks for an API key. Change that if everyone may call.'
    notes.push({ path: pointer('security'), message })
    return { authentication: { apiKey: true } }
  }
  const { apiKeyInQuery, ...required } = chosen
  for (const { requirement, pointer: place } of operations) noteOther(requirement, chosen, place, notes)
  if (apiKeyInQuery) {
    const message = 'Callers send the API key in the query as `apikey`, whatever its name is in the document.'
    notes.push({ path: pointer('components', 'securitySchemes'), message })
  }
  const authentication = Object.fromEntries(Object.entries(required).filter(([, isRequired]) => isRequired))
  return { authentication, ...(apiKeyInQuery && { apiKeyInQuery }) }
}

function noteOther(
  requirement: Operation['requirement'],
  chosen: Credentials,
  path: string,
  notes: OpenApiNote[],
): void {
  if (requirement.kind === 'none') {
    const message =
      'Anyone may call this operation in the document. The draft asks for the same credentials as for the others.'
    notes.push({ path, message })
  } else if (requirement.kind === 'unknown') {
    const message = `Pipelines cannot ask for the credentials "${requirement.scheme}". The draft asks for the same as for the others.`
    notes.push({ path, message })
  } else if (JSON.stringify(requirement.credentials) !== JSON.stringify(chosen)) {
    notes.push({
      path,
      message:
        'This operation needs other credentials in the document than most others. The draft asks for those of most.',
    })
  }
}

/** The title as a name of a pipeline: a to z, 0 to 9 and "-". */
function nameOf(root: Members): string {
  const title = textOf(membersOf(root['info'])['title']) ?? ''
  const name = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, NAME_CHARS_MAX)
    .replace(/-+$/, '')
  return name === '' ? 'api' : name
}
