import { textAt, type Json } from '../support/api-client.ts'

/** Where a change can be read, and what must be there. */
export interface ReadBack {
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** The members that the response to the change has; undefined for a removal. */
  readonly expected: Json | undefined
  /** The resource in the response to the read. */
  readonly find: (read: Json) => Json | undefined
}

type Parameters = Readonly<Record<string, string>>

/** The read of one resource. */
function one(path: string, expected: Json | undefined): ReadBack {
  return { path, expected, find: (read) => (expected === undefined && 'code' in read ? undefined : read) }
}

/** The read of a list in which the resource has a member of that value. */
function listed(path: string, member: string, value: string, expected: Json | undefined): ReadBack {
  return {
    path: `${path}?limit=200`,
    expected,
    find: (read) => Object.values(read['items'] ?? {}).find((item) => textAt(item, member) === value),
  }
}

/** The read of the rule of one organization, which is listed only while it forbids something. */
function forbidden(path: string, partner: string, allowed: Json | undefined): ReadBack | undefined {
  if (allowed as unknown) return undefined
  return {
    path,
    expected: { allowed: allowed as Json },
    find: (read) =>
      Object.values(read['items'] ?? {}).find((item) => textAt(item, 'organization', 'slug') === partner),
  }
}

function without(json: Json | undefined, ...members: readonly string[]): Json {
  return Object.fromEntries(Object.entries(json ?? {}).filter(([name]) => !members.includes(name)))
}

/** How to read what an operation changed; undefined if it changes nothing that can be read. */
export function saidOf(operationId: string, answer: Json, parameters: Parameters): ReadBack | undefined {
  const organization = `/v1/organizations/${encodeURIComponent(parameters['organization'] ?? '')}`
  const within = (...segments: readonly string[]): string =>
    [organization, ...segments.map((segment) => encodeURIComponent(segment))].join('/')
  const at = (name: string): string => parameters[name] ?? ''
  const text = (...members: readonly string[]): string => textAt(answer, ...members)
  const deployed = (): ReadBack | undefined =>
    answer['id'] === null
      ? undefined
      : one(within('deployments', text('id')), without(answer, 'probe', 'warnings', 'replaced'))
  const readBacks: Readonly<Record<string, () => ReadBack | undefined>> = {
    createOrganization: () => ({
      ...one(`/v1/organizations/${text('organization', 'slug')}`, answer['organization']),
      headers: { authorization: `Bearer ${text('token')}` },
    }),
    updateOrganization: () => one(organization, answer['organization']),
    createEnvironment: () => listed(within('environments'), 'name', text('name'), answer),
    updateEnvironment: () =>
      listed(within('environments'), 'name', at('environment'), without(answer['environment'], 'receipt')),
    removeEnvironment: () => listed(within('environments'), 'name', at('environment'), undefined),
    setPolicy: () =>
      'receipt' in answer
        ? one(
            within('environments', at('environment'), 'policies', 'external-api-access'),
            without(answer, 'receipt', 'affected'),
          )
        : undefined,
    setKeyAge: () =>
      'receipt' in answer
        ? one(
            within('environments', at('environment'), 'policies', 'key-age'),
            without(answer, 'receipt', 'affected', 'affectedTotal', 'affectedTotalIsExact'),
          )
        : undefined,
    setOrganizationKeyAge: () =>
      'receipt' in answer
        ? one(
            within('policies', 'key-age'),
            without(answer, 'receipt', 'affected', 'affectedTotal', 'affectedTotalIsExact'),
          )
        : undefined,
    createProject: () => one(within('projects', text('name')), answer),
    describeProject: () => one(within('projects', at('project')), answer['project']),
    removeProject: () => one(within('projects', at('project')), undefined),
    createPipeline: () => one(within('pipelines', text('name')), answer),
    removePipeline: () => one(within('pipelines', at('pipeline')), undefined),
    createVersion: () =>
      listed(within('pipelines', at('pipeline'), 'versions'), 'version', text('version'), answer),
    deploy: deployed,
    promote: deployed,
    rollback: deployed,
    redeploy: deployed,
    undeploy: () => listed(within('deployments'), 'id', at('deployment'), undefined),
    putSecret: () => one(within('environments', at('environment'), 'secrets', at('name')), answer['secret']),
    removeSecret: () => one(within('environments', at('environment'), 'secrets', at('name')), undefined),
    putVariable: () =>
      one(within('environments', at('environment'), 'variables', at('name')), answer['variable']),
    removeVariable: () => one(within('environments', at('environment'), 'variables', at('name')), undefined),
    rotateSigningKey: () =>
      listed(
        within('environments', at('environment'), 'signing-keys'),
        'id',
        text('signingKey', 'id'),
        answer['signingKey'],
      ),
    removeSigningKey: () =>
      listed(within('environments', at('environment'), 'signing-keys'), 'id', at('signingKey'), undefined),
    createIssuer: () => one(within('environments', at('environment'), 'issuers', text('id')), answer),
    removeIssuer: () => one(within('environments', at('environment'), 'issuers', at('issuer')), undefined),
    createPlan: () => one(within('environments', at('environment'), 'plans', text('name')), answer),
    updatePlan: () => one(within('environments', at('environment'), 'plans', at('plan')), answer['plan']),
    removePlan: () => one(within('environments', at('environment'), 'plans', at('plan')), undefined),
    createConsumer: () => one(within('consumers', text('consumer', 'id')), answer['consumer']),
    updateConsumer: () => one(within('consumers', at('consumer')), answer['consumer']),
    addConsumerPipeline: () => one(within('consumers', at('consumer')), answer['consumer']),
    removeConsumerPipeline: () => ({
      path: within('consumers', at('consumer')),
      expected: undefined,
      find: (read) => Object.values(read['pipelines'] ?? {}).find((name) => textAt(name) === at('pipeline')),
    }),
    addConsumerProject: () => one(within('consumers', at('consumer')), answer['consumer']),
    removeConsumerProject: () => ({
      path: within('consumers', at('consumer')),
      expected: undefined,
      find: (read) => Object.values(read['projects'] ?? {}).find((name) => textAt(name) === at('project')),
    }),
    removeConsumer: () => one(within('consumers', at('consumer')), undefined),
    createBasicCredential: () =>
      listed(
        within('consumers', at('consumer'), 'basic-credentials'),
        'username',
        text('username'),
        without(answer, 'password'),
      ),
    removeBasicCredential: () =>
      listed(within('consumers', at('consumer'), 'basic-credentials'), 'username', at('username'), undefined),
    createRole: () => one(within('roles', text('name')), answer),
    updateRole: () => one(within('roles', at('role')), answer['role']),
    removeRole: () => one(within('roles', at('role')), undefined),
    updateMember: () => one(within('members', at('member')), answer['member']),
    removeMember: () => one(within('members', at('member')), undefined),
    createInvitation: () => listed(within('invitations'), 'id', text('id'), without(answer, 'link', 'token')),
    withdrawInvitation: () => listed(within('invitations'), 'id', at('invitation'), undefined),
    addExternalKey: () => one(within('external-keys', text('id')), answer),
    updateExternalKey: () => one(within('external-keys', at('externalKey')), answer['externalKey']),
    removeExternalKey: () => one(within('external-keys', at('externalKey')), undefined),
    createWebhook: () => one(within('webhooks', text('id')), without(answer, 'secret')),
    updateWebhook: () => one(within('webhooks', at('webhook')), answer['webhook']),
    rotateWebhook: () => one(within('webhooks', at('webhook')), without(answer, 'secret')),
    removeWebhook: () => one(within('webhooks', at('webhook')), undefined),
    setKeyAcceptance: () => one(within('keys', at('key'), 'acceptances'), without(answer, 'receipt')),
    setPartnerAcceptance: () =>
      forbidden(within('keys', at('key'), 'acceptances'), at('partner'), answer['allowed']),
    setOrganizationAcceptance: () => one(within('settings', 'acceptances'), without(answer, 'receipt')),
    createKey: () => one(within('keys', text('key', 'id')), answer['key']),
    updateKey: () => one(within('keys', at('key')), answer['key']),
    rollKey: () => one(within('keys', at('key')), answer['key']),
    setRotation: () => one(within('keys', at('key'), 'rotation'), answer['rotation']),
    removeRotation: () => one(within('keys', at('key'), 'rotation'), undefined),
    finishRoll: () => one(within('keys', at('key')), answer['key']),
    undoRoll: () => one(within('keys', at('key')), answer['key']),
    withdrawHandOver: () =>
      one(within('hand-overs', at('handOver')), { state: 'withdrawn' } as unknown as Json),
    createPortalSession: () => one(within('portal-sessions', text('id')), without(answer, 'link')),
    endPortalSession: () =>
      one(within('portal-sessions', at('portalSession')), { state: 'ended' } as unknown as Json),
    deleteKey: () => listed(within('keys'), 'id', at('key'), undefined),
  }
  return readBacks[operationId]?.()
}
