import type { RequestRules, Trigger } from '@sallyport/core'
import type { SharedSchemas } from '../../json-schema/compile-schema.ts'
import { HeldSchema } from '../../json-schema/held-schema.ts'
import { NUMBER_CHARS_MAX } from '../../json-schema/decimals.ts'
import { readValue } from '../../json-schema/read-value.ts'
import { TypedStrings } from '../../json-schema/strings.ts'
import { isJsonType, mediaTypeOf } from '../request/media-type.ts'
import { stripQueryKeys } from '../request/query-key.ts'
import { PathParameters } from '../routing/path-parameters.ts'

/** One reason why a request does not match the rules of its pipeline. */
export interface RequestError {
  /** The part of the request, in the words of OpenAPI. */
  readonly in: 'body' | 'query' | 'path'
  /** A JSON Pointer into this part; for the query and the path, into an object of its values. */
  readonly path: string
  readonly message: string
}

/** The methods whose requests must have the body that a schema describes; others are checked if they have one. */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

const SEND_JSON = 'Send JSON, and name it: set the header `Content-Type` to `application/json`.'
/** How many types an answer names. */
const LISTED_TYPES_MAX = 10

const NO_ERRORS: readonly RequestError[] = []
const LONG_NUMBER = `Send numbers of at most ${NUMBER_CHARS_MAX} characters.`

/** The rules of a trigger for the content of requests. Its schemas are compiled on first use. */
export class CompiledRequestRules {
  readonly #body: HeldSchema | null
  readonly #query: HeldSchema | null
  readonly #params: HeldSchema | null
  readonly #queryStrings: TypedStrings
  readonly #paramStrings: TypedStrings
  readonly #contentTypes: readonly string[] | null
  readonly #apiKeyInQuery: boolean

  /** @param shared the schemas of the trigger */
  constructor({ body, query, params, contentTypes }: RequestRules, trigger: Trigger, shared: SharedSchemas) {
    this.#body = heldSchema(body, shared)
    this.#query = heldSchema(query, shared)
    this.#params = heldSchema(params, shared)
    this.#queryStrings = new TypedStrings(query, shared.written)
    this.#paramStrings = new TypedStrings(params, shared.written)
    this.#contentTypes = contentTypes ?? null
    this.#apiKeyInQuery = trigger.apiKeyInQuery
  }

  /** Whether the body must be read before it can be decided whether the request is valid. */
  get describesBody(): boolean {
    return this.#body !== null
  }

  /**
   * Why a body of this type is not accepted, as a sentence; null if it is. With a schema and no list, only JSON is: another
   * type could carry the same text past the schema, and so could a content coding.
   *
   * @param type as received; undefined if there is none, or more than one
   * @param coding the content coding as received
   */
  typeProblem(type: string | undefined, coding: string | undefined): string | null {
    if (this.#body !== null && coding !== undefined && coding.toLowerCase() !== 'identity') {
      return 'Send the body without `Content-Encoding`.'
    }
    if (this.#contentTypes === null) {
      return this.#body === null || (type !== undefined && isJsonType(type)) ? null : SEND_JSON
    }
    const sent = mediaTypeOf(type ?? '')
    const isListed = this.#contentTypes.some((listed) =>
      listed.endsWith('/*') ? sent.startsWith(listed.slice(0, -1)) : sent === listed,
    )
    if (isListed) return null
    const listed = this.#contentTypes.slice(0, LISTED_TYPES_MAX).join(', ')
    return `Name the type of the body in the \`Content-Type\` header. This pipeline takes ${listed}.`
  }

  /**
   * What is wrong with the path parameters and the query.
   *
   * @param path one that matches the pattern
   * @param query undecoded
   */
  targetErrors(pattern: string, path: string, query: string | null): readonly RequestError[] {
    if (this.#params === null && this.#query === null) return NO_ERRORS
    const params = errorsIn(
      'path',
      this.#params,
      () => typedObject(paramsOf(pattern, path), this.#paramStrings),
      path.length,
    )
    const queried = errorsIn(
      'query',
      this.#query,
      () => typedObject(queryOf(stripQueryKeys(query, this.#apiKeyInQuery)), this.#queryStrings),
      query?.length ?? 0,
    )
    return [...params, ...queried]
  }

  /**
   * What is wrong with the body.
   *
   * @param method one without a body by its nature is not checked for the lack of one
   * @param hasBody whether the request has a body
   * @param text the body within a message, as JSON
   */
  bodyErrors(method: string, hasBody: boolean, text: string): readonly RequestError[] {
    if (this.#body === null || (!hasBody && !METHODS_WITH_BODY.has(method))) return NO_ERRORS
    const read = readValue(text)
    if (read === undefined) return [{ in: 'body', path: '', message: LONG_NUMBER }]
    return errorsIn('body', this.#body, () => read.value, text.length)
  }
}

function heldSchema(written: unknown, shared: SharedSchemas): HeldSchema | null {
  return written === undefined ? null : new HeldSchema(written, shared)
}

function errorsIn(
  part: RequestError['in'],
  schema: HeldSchema | null,
  value: () => unknown,
  characters: number,
): readonly RequestError[] {
  return schema === null
    ? NO_ERRORS
    : schema.errorsOf(value(), characters).map((error) => ({ in: part, ...error }))
}

/** `fromEntries` defines own properties, including names such as `__proto__`. */
function typedObject(
  values: ReadonlyMap<string, string | readonly string[]>,
  strings: TypedStrings,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...values].map(([name, value]) => [name, strings.valueOf(name, value)]))
}

/** The path parameters, decoded; `*` is the rest after a wildcard. */
export function paramsOf(pattern: string, path: string): ReadonlyMap<string, string> {
  const parameters = PathParameters.of(pattern)
  const values = parameters.valuesIn(path)
  // Cannot throw: `parseRequestTarget` has decoded the whole path.
  return new Map(parameters.names.map((name) => [name, decodeURIComponent(values.get(name) ?? '')]))
}

/** Decodes like a form (WHATWG URL, application/x-www-form-urlencoded). A repeated name has a list of values. */
export function queryOf(query: string | null): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>()
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : [before, value].flat())
  }
  return values
}
