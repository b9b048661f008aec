import { isDeepStrictEqual } from 'node:util'
import type { ApiClient, ApiResponse, Json } from '../support/api-client.ts'
import { OPERATIONS, type Operation, type Schema } from './operations.ts'
import { saidOf } from './read-back.ts'
import type { ValidRequest, ValidRequests } from './valid-requests.ts'

/** An optional field of a body in the OpenAPI document. */
export interface OptionalField {
  readonly operation: Operation
  /** Its names and the indexes of lists on the way to it; of a list, its first item. */
  readonly path: readonly (string | number)[]
  /** Whether null is documented. */
  readonly takesNull: boolean
}

export interface NullServer {
  readonly api: ApiClient
  readonly requests: ValidRequests
}

/** Every optional field of every body, once. */
export const OPTIONAL_FIELDS: readonly OptionalField[] = [...OPERATIONS.values()].flatMap((operation) => {
  const fields = optionalIn(operation.body, []).map((field) => ({ ...field, operation }))
  return [...new Map(fields.map((field) => [field.path.join('/'), field])).values()]
})

function optionalIn(
  schema: Schema | undefined,
  path: OptionalField['path'],
): readonly Pick<OptionalField, 'path' | 'takesNull'>[] {
  if (schema === undefined) return []
  const { properties = {}, required = [], items, anyOf = [], oneOf = [], allOf = [] } = schema
  const members = Object.entries(properties).flatMap(([name, member]) => {
    const own = [...path, name]
    const isOptional = !required.includes(name)
    return [...(isOptional ? [{ path: own, takesNull: takesNull(member) }] : []), ...optionalIn(member, own)]
  })
  const forms = [...anyOf, ...oneOf, ...allOf].flatMap((form) => optionalIn(form, path))
  return [...members, ...forms, ...optionalIn(items, [...path, 0])]
}

function takesNull({ type, anyOf, oneOf, ...rest }: Schema): boolean {
  if (type !== undefined) return type.includes('null')
  const forms = anyOf ?? oneOf
  return forms === undefined ? !('enum' in rest) && !('const' in rest) : forms.some(takesNull)
}

/** The values of a new resource that are neither empty nor null. */
const VALUES_OF_NEW: Readonly<Record<string, unknown>> = {
  status: 'active',
  onLeak: 'notify',
  requiresPrevious: false,
  whenStale: 'serve',
}

/**
 * Sends null in a field.
 *
 * @returns what is wrong; null for a field whose parent is not in a valid request
 */
export async function faultOfNull(
  server: NullServer,
  field: OptionalField,
): Promise<string | undefined | null> {
  const { operation, path, takesNull: isDocumented } = field
  const request = await server.requests.prepare(operation)
  if (!hasParent(request.body, path)) return null
  if (operation.method === 'PATCH' && path.length === 1) return await faultOfChange(server, request, field)
  if (!isDocumented) return 'the document does not say that it takes null'
  const without = await send(server, request, withMember(request.body, path, undefined))
  const isAccepted = without.status < 300
  if (isAccepted) server.requests.used(operation)
  const next = isAccepted ? await server.requests.prepare(operation) : request
  const withNull = await send(server, next, withMember(next.body, path, null))
  if (withNull.status < 300) server.requests.used(operation)
  const seen = [without, withNull].map(({ status, body }) => ({
    // A PUT creates something or replaces it.
    status: status === 201 ? 200 : status,
    problem: [body['code'], body['errors']],
    value: comparable(memberOf(body, path)),
  }))
  if (isDeepStrictEqual(seen[0], seen[1])) return undefined
  return `left out, it gives ${JSON.stringify(seen[0])}, and with null ${JSON.stringify(seen[1])}`
}

async function faultOfChange(
  server: NullServer,
  request: ValidRequest,
  { operation, path: [name = ''], takesNull: isDocumented }: OptionalField,
): Promise<string | undefined> {
  const { status, body } = await send(server, request, { [name]: null })
  const shown = `null gives ${status} ${JSON.stringify(body)}`
  if (!isDocumented) {
    const [error] = Object.values(body['errors'] ?? {}) as readonly { path?: unknown; message?: unknown }[]
    const isRefused =
      status === 400 && error?.path === `/${name}` && /^[A-Z].*\.$/.test(String(error.message))
    return isRefused ? undefined : shown
  }
  if (status !== 200) return shown
  server.requests.used(operation)
  const said = saidOf(operation.id, body, request.parameters)
  if (said === undefined) return 'the change cannot be read'
  const read = await server.api.call('GET', said.path, undefined, said.headers)
  const stored: unknown = said.find(read.body)?.[name]
  if (name === 'position') return Number(stored) > 0 ? undefined : `GET has the position ${String(stored)}`
  const isEmpty = stored === null || (typeof stored === 'object' && Object.keys(stored).length === 0)
  const isNew = Object.hasOwn(VALUES_OF_NEW, name) ? stored === VALUES_OF_NEW[name] : isEmpty
  return isNew ? undefined : `GET has ${JSON.stringify(stored)}`
}

async function send({ api }: NullServer, request: ValidRequest, body: unknown): Promise<ApiResponse> {
  const { method, path, query, cookie, token } = request
  const headers = {
    ...(cookie === undefined ? {} : { cookie }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  return await api.call(method, query === undefined ? path : `${path}?${query}`, body, headers)
}

function hasParent(body: unknown, path: OptionalField['path']): boolean {
  let value = body
  for (const step of path.slice(0, -1)) value = (value as Json | null | undefined)?.[step]
  return typeof value === 'object' && value !== null
}

/** A copy of a body with another value at a path; undefined removes it. */
function withMember(body: unknown, [step, ...rest]: OptionalField['path'], value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(body)) {
    return body.map((item: unknown, index) => (index === step ? withMember(item, rest, value) : item))
  }
  const members = new Map(Object.entries(body as Record<string, unknown>))
  const next = withMember(members.get(String(step)), rest, value)
  members.set(String(step), next)
  return Object.fromEntries([...members].filter(([, member]) => member !== undefined))
}

/** A value without what differs between two new resources; null and nothing are the same. */
function comparable(value: unknown): unknown {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'object' && value !== null && 'id' in value) return Object.keys(value)
  return value ?? null
}

/** The value of the field in an answer, which can have it within the resource; undefined if it has none. */
function memberOf(answer: Json, path: OptionalField['path']): unknown {
  const holders: readonly unknown[] = [answer, ...Object.values(answer)]
  for (const holder of holders) {
    let value: unknown = holder
    for (const step of path) value = (value as Json | null | undefined)?.[step]
    if (value !== undefined) return value
  }
  return undefined
}
