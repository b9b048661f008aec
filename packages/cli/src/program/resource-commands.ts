import { DEPLOYMENT } from './deployment-columns.ts'
import type { OperationCommand, OperationId } from './operation-command.ts'

/** The resources of an organization, with the operations on each. */
export const RESOURCE_COMMANDS: readonly OperationCommand[] = [
  ...resource('organizations', 'slug', ['slug', 'name', 'onLeak', 'createdAt'], {
    list: 'listOrganizations',
    create: { operation: 'createOrganization', shows: 'organization', secret: 'token' },
    get: 'getOrganization',
    update: { operation: 'updateOrganization', shows: 'organization' },
    quotas: 'getQuotas',
  }),
  ...resource('environments', 'name', ['name', 'position', 'requiresPrevious', 'whenStale', 'createdAt'], {
    list: 'listEnvironments',
    create: 'createEnvironment',
    get: { operation: 'getEnvironment', arguments: ['environment'] },
    update: { operation: 'updateEnvironment', arguments: ['environment'], shows: 'environment' },
    delete: { operation: 'removeEnvironment', arguments: ['environment'] },
  }),
  ...resource('policy', 'mode', ['mode', 'version', 'updatedAt', 'updatedBy'], {
    get: { operation: 'getPolicy', arguments: ['environment'] },
    set: { operation: 'setPolicy', arguments: ['environment'] },
    preview: {
      operation: 'setPolicy',
      arguments: ['environment'],
      fixed: { dryRun: true },
      summary: 'Show which deployments would not conform to a policy',
    },
    versions: { operation: 'listPolicyVersions', arguments: ['environment'] },
    conformity: {
      operation: 'getConformity',
      arguments: ['environment'],
      columns: ['pipeline', 'version', 'conforming', 'violations'],
      id: 'deploymentId',
    },
  }),
  ...resource(
    'key-age',
    'version',
    ['rotationReminderDays', 'maxLifetimeDays', 'version', 'updatedAt', 'updatedBy'],
    {
      get: { operation: 'getKeyAge', arguments: ['environment'] },
      set: { operation: 'setKeyAge', arguments: ['environment'] },
      'get-organization': 'getOrganizationKeyAge',
      'set-organization': 'setOrganizationKeyAge',
    },
  ),
  ...resource('projects', 'name', ['name', 'description', 'createdAt'], {
    list: 'listProjects',
    create: 'createProject',
    get: { operation: 'getProject', arguments: ['project'] },
    update: { operation: 'describeProject', arguments: ['project'], shows: 'project' },
    delete: { operation: 'removeProject', arguments: ['project'] },
  }),
  ...resource('pipelines', 'name', ['name', 'project', 'version', 'createdAt'], {
    list: 'listPipelines',
    create: 'createPipeline',
    get: { operation: 'getPipeline', arguments: ['pipeline'] },
    delete: { operation: 'removePipeline', arguments: ['pipeline'] },
    runs: {
      operation: 'listScheduleRuns',
      arguments: ['pipeline'],
      columns: ['major', 'dueAt', 'startedAt', 'finishedAt', 'outcome', 'missedBefore'],
      id: 'dueAt',
    },
  }),
  ...resource('versions', 'version', ['version', 'comment', 'createdAt', 'createdBy'], {
    list: { operation: 'listVersions', arguments: ['pipeline'] },
    create: { operation: 'createVersion', arguments: ['pipeline'] },
    get: { operation: 'getVersion', arguments: ['pipeline', 'version'] },
  }),
  ...resource(
    'deployments',
    'id',
    ['id', 'pipeline', 'version', 'environment', 'url', 'createdAt', 'endedAt'],
    {
      list: 'listDeployments',
      create: { operation: 'deploy', ...DEPLOYMENT },
      get: { operation: 'getDeployment', arguments: ['deployment'] },
      delete: { operation: 'undeploy', arguments: ['deployment'] },
      promote: { operation: 'promote', arguments: ['deployment'], ...DEPLOYMENT },
      rollback: { operation: 'rollback', arguments: ['deployment'], ...DEPLOYMENT },
      redeploy: { operation: 'redeploy', arguments: ['deployment'], ...DEPLOYMENT },
    },
  ),
  ...resource('secrets', 'name', ['name', 'createdAt', 'updatedAt', 'updatedBy'], {
    list: 'listSecrets',
    get: { operation: 'getSecret', arguments: ['name'] },
    set: { operation: 'putSecret', arguments: ['name'], shows: 'secret', hidden: 'value' },
    delete: { operation: 'removeSecret', arguments: ['name'] },
  }),
  ...resource('variables', 'name', ['name', 'value', 'updatedAt', 'updatedBy'], {
    list: 'listVariables',
    get: { operation: 'getVariable', arguments: ['name'] },
    set: { operation: 'putVariable', arguments: ['name'], shows: 'variable' },
    delete: { operation: 'removeVariable', arguments: ['name'] },
  }),
  ...resource('signing-keys', 'id', ['id', 'algorithm', 'state', 'createdAt', 'verifiesUntil'], {
    list: 'listSigningKeys',
    rotate: { operation: 'rotateSigningKey', shows: 'signingKey' },
    delete: { operation: 'removeSigningKey', arguments: ['signingKey'] },
  }),
  ...resource('issuers', 'id', ['id', 'issuer', 'audience', 'jwksUrl', 'createdAt'], {
    list: 'listIssuers',
    create: 'createIssuer',
    get: { operation: 'getIssuer', arguments: ['issuer'] },
    delete: { operation: 'removeIssuer', arguments: ['issuer'] },
  }),
  ...resource('plans', 'name', ['name', 'title', 'environment', 'rateLimits', 'createdAt'], {
    list: 'listPlans',
    create: 'createPlan',
    get: { operation: 'getPlan', arguments: ['plan'] },
    update: { operation: 'updatePlan', arguments: ['plan'], shows: 'plan' },
    delete: { operation: 'removePlan', arguments: ['plan'] },
  }),
  ...resource('consumers', 'id', ['id', 'name', 'environment', 'status', 'pipelines', 'plan', 'createdAt'], {
    list: 'listConsumers',
    create: { operation: 'createConsumer', shows: 'consumer', secret: 'token' },
    get: { operation: 'getConsumer', arguments: ['consumer'] },
    update: { operation: 'updateConsumer', arguments: ['consumer'], shows: 'consumer' },
    delete: { operation: 'removeConsumer', arguments: ['consumer'] },
    'add-pipeline': { operation: 'addConsumerPipeline', arguments: ['consumer'], shows: 'consumer' },
    'remove-pipeline': { operation: 'removeConsumerPipeline', arguments: ['consumer', 'pipeline'] },
    'add-project': { operation: 'addConsumerProject', arguments: ['consumer'], shows: 'consumer' },
    'remove-project': { operation: 'removeConsumerProject', arguments: ['consumer', 'project'] },
  }),
  ...resource('basic-credentials', 'username', ['username', 'createdAt', 'createdBy'], {
    list: 'listBasicCredentials',
    create: { operation: 'createBasicCredential', secret: 'password' },
    delete: { operation: 'removeBasicCredential', arguments: ['username'] },
  }),
  ...resource('roles', 'name', ['name', 'builtIn', 'permissions', 'updatedAt'], {
    list: 'listRoles',
    create: 'createRole',
    get: { operation: 'getRole', arguments: ['role'] },
    update: { operation: 'updateRole', arguments: ['role'], shows: 'role' },
    delete: { operation: 'removeRole', arguments: ['role'] },
    preview: { operation: 'previewRoles', columns: ['permissions'], id: 'permissions' },
  }),
  ...resource('members', 'id', ['id', 'email', 'name', 'roles', 'createdAt'], {
    list: 'listMembers',
    get: { operation: 'getMember', arguments: ['member'] },
    update: { operation: 'updateMember', arguments: ['member'], shows: 'member' },
    delete: { operation: 'removeMember', arguments: ['member'] },
    'reset-link': { operation: 'createResetLink', arguments: ['member'], secret: 'link' },
  }),
  ...resource('invitations', 'id', ['id', 'email', 'roles', 'expiresAt', 'createdBy'], {
    list: 'listInvitations',
    create: { operation: 'createInvitation', secret: 'link' },
    delete: { operation: 'withdrawInvitation', arguments: ['invitation'] },
  }),
  ...resource('keys', 'id', ['id', 'name', 'type', 'environment', 'state', 'createdAt', 'expiresAt'], {
    list: 'listKeys',
    create: { operation: 'createKey', shows: 'key', secret: 'token' },
    get: { operation: 'getKey', arguments: ['key'] },
    update: { operation: 'updateKey', arguments: ['key'], shows: 'key' },
    delete: { operation: 'deleteKey', arguments: ['key'] },
    lookup: { operation: 'lookUpKey', shows: 'key', hidden: 'token' },
    roll: { operation: 'rollKey', arguments: ['key'], shows: 'key', secret: 'token' },
    finish: { operation: 'finishRoll', arguments: ['key'], shows: 'key' },
    undo: { operation: 'undoRoll', arguments: ['key'], shows: 'key' },
    import: {
      operation: 'importKeys',
      columns: ['id', 'state', 'lines', 'read', 'made', 'problemCount', 'problems'],
    },
    export: 'exportKeys',
  }),
  ...resource('verify', 'code', ['valid', 'code', 'missing', 'key', 'consumer', 'roles'], {
    token: {
      operation: 'verify',
      hidden: 'token',
      omits: ['jwt', 'basic'],
      summary: 'Say whether a gateway would let in a caller with the token of a key',
    },
    jwt: {
      operation: 'verify',
      hidden: 'jwt',
      omits: ['token', 'basic'],
      summary: 'Say whether a gateway would let in a caller with a JWT',
    },
    basic: {
      operation: 'verify',
      hidden: 'basic',
      omits: ['token', 'jwt'],
      summary: 'Say whether a gateway would let in a caller with a user name and a password',
    },
  }),
  ...resource(
    'rotation',
    'state',
    ['rotateEveryDays', 'webhook', 'handOver', 'state', 'nextRotationAt', 'problem'],
    {
      get: { operation: 'getRotation', arguments: ['key'] },
      set: { operation: 'setRotation', arguments: ['key'], shows: 'rotation' },
      delete: { operation: 'removeRotation', arguments: ['key'] },
    },
  ),
  ...resource(
    'hand-overs',
    'id',
    ['id', 'key', 'environment', 'state', 'createdAt', 'expiresAt', 'openedAt'],
    {
      list: 'listHandOvers',
      get: { operation: 'getHandOver', arguments: ['handOver'] },
      delete: { operation: 'withdrawHandOver', arguments: ['handOver'] },
    },
  ),
  ...resource('imports', 'id', ['id', 'state', 'lines', 'read', 'made', 'problemCount', 'createdAt'], {
    list: 'listImports',
    get: { operation: 'getImport', arguments: ['import'] },
    stop: { operation: 'stopImport', arguments: ['import'] },
  }),
  ...resource('portal-sessions', 'id', ['id', 'consumer', 'environment', 'state', 'createdAt', 'expiresAt'], {
    list: 'listPortalSessions',
    create: { operation: 'createPortalSession', secret: 'link' },
    get: { operation: 'getPortalSession', arguments: ['portalSession'] },
    delete: { operation: 'endPortalSession', arguments: ['portalSession'] },
  }),
  ...resource('leaks', 'id', ['id', 'key', 'keyName', 'environment', 'source', 'stillLive', 'createdAt'], {
    list: 'listLeaks',
  }),
  ...resource('external-keys', 'id', ['id', 'keyId', 'label', 'owner', 'roles', 'status', 'lastUsedAt'], {
    list: 'listExternalKeys',
    create: 'addExternalKey',
    get: { operation: 'getExternalKey', arguments: ['externalKey'] },
    update: { operation: 'updateExternalKey', arguments: ['externalKey'], shows: 'externalKey' },
    delete: { operation: 'removeExternalKey', arguments: ['externalKey'] },
  }),
  ...resource(
    'acceptances',
    'key',
    ['key', 'organization', 'forbiddenBy', 'status', 'addedAt', 'lastUsedAt'],
    {
      list: 'listAcceptances',
      'get-organization': { operation: 'getOrganizationAcceptance', columns: ['allowed'], id: 'allowed' },
      'set-organization': { operation: 'setOrganizationAcceptance', columns: ['allowed'], id: 'allowed' },
      get: {
        operation: 'getAcceptances',
        arguments: ['key'],
        columns: ['allowed', 'allowedForOrganization', 'items'],
        id: 'allowed',
      },
      set: { operation: 'setKeyAcceptance', arguments: ['key'], columns: ['allowed'], id: 'allowed' },
      'set-partner': {
        operation: 'setPartnerAcceptance',
        arguments: ['key', 'partner'],
        columns: ['allowed'],
        id: 'allowed',
      },
    },
  ),
  ...resource('webhooks', 'id', ['id', 'url', 'events', 'status', 'createdAt'], {
    list: 'listWebhooks',
    create: { operation: 'createWebhook', secret: 'secret' },
    get: { operation: 'getWebhook', arguments: ['webhook'] },
    update: { operation: 'updateWebhook', arguments: ['webhook'], shows: 'webhook' },
    delete: { operation: 'removeWebhook', arguments: ['webhook'] },
    rotate: { operation: 'rotateWebhook', arguments: ['webhook'], secret: 'secret' },
  }),
  ...resource('deliveries', 'id', ['id', 'type', 'happenedAt', 'state', 'attemptCount', 'nextAttemptAt'], {
    list: { operation: 'listDeliveries', arguments: ['webhook'] },
    replay: { operation: 'replayDelivery', arguments: ['webhook', 'delivery'] },
  }),
  ...resource('audit', 'sequence', ['sequence', 'at', 'actor', 'action', 'target'], {
    list: 'listAuditEvents',
    export: 'exportAuditEvents',
    keys: { operation: 'listAuditKeys', columns: ['id', 'algorithm', 'fingerprint', 'createdAt'], id: 'id' },
  }),
  ...resource(
    'gateways',
    'id',
    ['id', 'role', 'name', 'revision', 'seenAt', 'stale', 'version', 'threads', 'openExchanges'],
    {
      list: 'listGateways',
    },
  ),
]

/** What each resource is, in the list of all commands. */
export const RESOURCE_SUMMARIES: Readonly<Record<string, string>> = {
  organizations: 'Tenants of the server',
  environments: 'Stages, such as test and prod',
  policy: 'What an environment demands of callers',
  'key-age': 'How old keys may become',
  projects: 'Groups of pipelines',
  pipelines: 'Published APIs',
  versions: 'Saved states of a pipeline',
  deployments: 'Versions that are live, or were',
  secrets: 'Secret values for pipelines',
  variables: 'Values for pipelines',
  'signing-keys': 'Keys that sign the JWTs of an environment',
  issuers: 'Trusted issuers of JWTs',
  plans: 'Rate limits for consumers',
  consumers: 'Calling systems, and what they may call',
  'basic-credentials': 'User names and passwords of a consumer',
  roles: 'Sets of permissions',
  members: 'People of the organization',
  invitations: 'Invitations of people',
  keys: 'API keys: create, roll, switch off, delete',
  verify: 'What a gateway would decide about a caller',
  rotation: 'Rolling a key by a schedule',
  'hand-overs': 'Links that show a token once',
  imports: 'Imports of keys',
  'portal-sessions': 'Links to the portal of a consumer',
  leaks: 'Tokens that were found in public',
  'external-keys': 'Keys of other organizations, with roles here',
  acceptances: 'Other organizations that may use your keys',
  webhooks: 'Addresses that are told of events',
  deliveries: 'Messages of a webhook',
  audit: 'Who changed what',
  gateways: 'Processes that admit callers',
}

type Definition = OperationId | (Omit<OperationCommand, 'words'> & { readonly operation: OperationId })

/** The commands of a resource, which all show its columns unless they say otherwise. */
function resource(
  name: string,
  id: string,
  columns: readonly string[],
  verbs: Readonly<Record<string, Definition>>,
): readonly OperationCommand[] {
  return Object.entries(verbs).map(([verb, definition]) => {
    const given = typeof definition === 'string' ? { operation: definition } : definition
    return { words: `${name} ${verb}`, id, columns, ...given }
  })
}
