import { pathOf, type Operation, type Schema } from '../fuzzing/operations.ts'
import type { ValidRequest } from '../fuzzing/valid-requests.ts'

/** What a field can refer to; `unacceptable-key` is a key that its owner lets nobody add. */
export const KINDS = [
  'organization',
  'environment',
  'project',
  'pipeline',
  'deployment',
  'secret',
  'signing-key',
  'issuer',
  'plan',
  'consumer',
  'username',
  'role',
  'key',
  'unacceptable-key',
  'token',
  'external-key',
  'hand-over',
  'import',
  'portal-session',
  'webhook',
  'delivery',
  'member',
  'invitation',
] as const
export type Kind = (typeof KINDS)[number]

/** A name that nothing has. */
export const ABSENT_NAME = 'missing'

/** An id of the same form that nothing has, or `ABSENT_NAME` for a name. */
export function absentLike(value: string): string {
  const start = value.lastIndexOf('_') + 1
  return start === 0 ? ABSENT_NAME : value.slice(0, start) + '0'.repeat(value.length - start)
}

/** Kinds that belong to an environment: the request then names `test`, which both organizations have. */
const OF_ENVIRONMENT: readonly Kind[] = ['secret', 'signing-key', 'issuer', 'plan']

/** The kind of each field; null if it refers to nothing. By its path in one operation, by its path, or by its name. */
type Kinds = Readonly<Record<string, Kind | null>>

const PATH_FIELDS: Kinds = {
  organization: 'organization',
  environment: 'environment',
  project: 'project',
  pipeline: 'pipeline',
  // A number within its pipeline.
  version: null,
  deployment: 'deployment',
  name: 'secret',
  // It creates a secret.
  'putSecret.name': null,
  'putVariable.name': null,
  signingKey: 'signing-key',
  issuer: 'issuer',
  plan: 'plan',
  consumer: 'consumer',
  username: 'username',
  role: 'role',
  key: 'key',
  externalKey: 'external-key',
  handOver: 'hand-over',
  import: 'import',
  portalSession: 'portal-session',
  webhook: 'webhook',
  delivery: 'delivery',
  member: 'member',
  invitation: 'invitation',
  // These belong to a person, and not to an organization.
  session: null,
  passkey: null,
  // It belongs to the installation.
  provider: null,
  partner: 'organization',
}

const QUERY_FIELDS: Kinds = {
  environment: 'environment',
  project: 'project',
  pipeline: 'pipeline',
  plan: 'plan',
  consumer: 'consumer',
  key: 'key',
  groupBy: null,
  // A text that callers choose; it leads to no resource.
  requestId: null,
  interval: null,
  from: null,
  to: null,
  // Texts of the organization's own audit log; they lead to no resource.
  actor: null,
  action: null,
  target: null,
  version: null,
  code: null,
  limit: null,
  cursor: null,
  wait: null,
  state: null,
  includeDeleted: null,
  role: 'role',
  // Filters of the list of keys.
  search: null,
  type: null,
  freshness: null,
  label: null,
  expiresWithinDays: null,
  unusedForDays: null,
  neverUsed: null,
  oldSecretUsed: null,
  sort: null,
}

/** Fields with text. */
const BODY_FIELDS: Kinds = {
  environment: 'environment',
  project: 'project',
  pipeline: 'pipeline',
  pipelines: 'pipeline',
  projects: 'project',
  plan: 'plan',
  // What a limit of a plan counts.
  scope: null,
  consumer: 'consumer',
  roles: 'role',
  keyId: 'unacceptable-key',
  webhook: 'webhook',
  token: 'token',
  // Whoever has it may join, whichever organization sent it.
  'acceptInvitation.token': null,
  'resetPassword.token': null,
  current: null,
  'basic.username': 'username',
  // The sample of a message names nothing: its texts are read by the expressions alone.
  expressions: null,
  'evaluateExpressions.message.method': null,
  'evaluateExpressions.message.path': null,
  'evaluateExpressions.message.auth.consumer': null,
  'evaluateExpressions.message.auth.consumerId': null,
  'evaluateExpressions.message.auth.key': null,
  // What the request creates or sets.
  name: null,
  title: null,
  color: null,
  onLeak: null,
  ownerMails: null,
  slug: null,
  label: null,
  description: null,
  username: null,
  email: null,
  password: null,
  code: null,
  // Whoever has the link may open it, whichever organization made it.
  proof: null,
  'openPortalSession.secret': null,
  returnUrl: null,
  // Permissions.
  scopes: null,
  // Of a passkey, which belongs to a person.
  ticket: null,
  id: null,
  rawId: null,
  clientDataJSON: null,
  attestationObject: null,
  authenticatorData: null,
  signature: null,
  userHandle: null,
  transports: null,
  setupToken: null,
  returnTo: null,
  value: null,
  url: null,
  events: null,
  version: null,
  bump: null,
  base: null,
  comment: null,
  spec: null,
  mode: null,
  whenStale: null,
  status: null,
  type: null,
  permission: null,
  expiresAt: null,
  addressRules: null,
  per: null,
  by: null,
  algorithm: null,
  issuer: null,
  audience: null,
  jwksUrl: null,
  jwks: null,
  // A caller's request that is verified.
  jwt: null,
  method: null,
  path: null,
  // One that does not belong to the environment is the same as one of another organization.
  'verify.host': null,
  address: null,
}

/** A field of an operation's requests that refers to something. */
export interface Reference {
  readonly place: 'path' | 'query' | 'body'
  /** Such as `permissions.0.pipeline`. */
  readonly field: string
  readonly kind: Kind
  /** The request with this name or id in the field. */
  readonly put: (request: ValidRequest, value: string) => ValidRequest
}

/**
 * The fields of an operation that refer to something.
 *
 * @throws Error for a field that is in none of the tables above
 */
export function referencesOf({ id, parameters, body }: Operation): readonly Reference[] {
  const inUrl = parameters.flatMap(({ in: place, name }): Reference[] => {
    if (place !== 'path' && place !== 'query') return []
    const kind = kindOf(id, place === 'path' ? PATH_FIELDS : QUERY_FIELDS, [name])
    if (kind === null) return []
    const put: Reference['put'] =
      place === 'query'
        ? (request, value) => {
            const query = new URLSearchParams(request.query)
            query.set(name, value)
            return { ...request, query: query.toString() }
          }
        : (request, value) => {
            const where = OF_ENVIRONMENT.includes(kind) ? { environment: 'test' } : {}
            const changed = { ...request.parameters, ...where, [name]: value }
            return { ...request, parameters: changed, path: pathOf(request.operation, changed) }
          }
    return [{ place, field: name, kind, put }]
  })
  const inBody = textFields(body, [], id).map(({ path, kind }): Reference => ({
    place: 'body',
    field: path.join('.'),
    kind,
    put: (request, value) => ({ ...request, body: withMember(request.body, path, value) }),
  }))
  return [...inUrl, ...new Map(inBody.map((reference) => [reference.field, reference])).values()]
}

type Path = readonly (string | number)[]

/** The fields of a body with text that refers to something. Of a list, its first item. */
function textFields(
  schema: Schema | undefined,
  path: Path,
  operation: string,
): readonly { readonly path: Path; readonly kind: Kind }[] {
  if (schema === undefined) return []
  const { type, properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema
  const kind =
    (type === 'string' || type?.includes('string') === true) && path.length > 0
      ? kindOf(operation, BODY_FIELDS, path)
      : null
  return [
    ...(kind === null ? [] : [{ path, kind }]),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => textFields(one, path, operation)),
    ...textFields(items, [...path, 0], operation),
    // What a spec refers to is checked when it is deployed.
    ...Object.entries(properties).flatMap(([name, member]) =>
      name === 'spec' ? [] : textFields(member, [...path, name], operation),
    ),
  ]
}

function kindOf(operation: string, kinds: Kinds, path: Path): Kind | null {
  const names = path.filter((step) => typeof step === 'string')
  const keys = [[operation, ...names], names, names.slice(-1)].map((key) => key.join('.'))
  const key = keys.find((one) => Object.hasOwn(kinds, one))
  const kind = key === undefined ? undefined : kinds[key]
  if (kind === undefined) {
    throw new Error(
      `Say in test/isolation/references.ts whether ${path.join('.')} of ${operation} refers to something.`,
    )
  }
  return kind
}

/** A copy of a body with another value at the path; makes the objects and lists that lead there. */
function withMember(body: unknown, [step, ...rest]: Path, value: string): unknown {
  if (step === undefined) return value
  if (typeof step === 'number') {
    const items = Array.isArray(body) ? [...(body as unknown[])] : []
    items[step] = withMember(items[step], rest, value)
    return items
  }
  const members = (body ?? {}) as Readonly<Record<string, unknown>>
  return { ...members, [step]: withMember(members[step], rest, value) }
}
