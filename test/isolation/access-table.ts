import type { Permission } from '@sallyport/core'

/**
 * The callers that every operation is tried with, in the order of a row. All but `stranger` and `nobody` are known to the
 * organization; a member or a key of another organization stands in the column of its roles here.
 */
export const COLUMNS = [
  'owner',
  'admin',
  'developer',
  'key-manager',
  'policy-manager',
  'auditor',
  'invoker',
  /** No role that permits anything in the management API. */
  'no-role',
  /** Only `pipelines.read`, and only for one pipeline, which is deployed from the project `default`. */
  'one-pipeline',
  /** Every permission, but only in an environment that no request names. */
  'elsewhere',
  /** Another organization's, and nothing here. */
  'stranger',
  /** Without a credential that works. */
  'nobody',
] as const
export type Column = (typeof COLUMNS)[number]

/** A response that a row expects. */
interface Expected {
  /** Undefined for a success. */
  readonly status?: number
  readonly code?: string
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  '+': {},
  /** The caller may know about the resource, or there is none: the answer names the permission. */
  '-': { status: 403, code: 'permission_missing' },
  /** A filter names what the caller may not know about: the answer is that of a filter that names nothing. */
  '0': { status: 400, code: 'invalid_request' },
  /** The caller may not know about the resource. */
  '.': { status: 404, code: 'not_found' },
  '?': { status: 401, code: 'unauthenticated' },
  /** Only the first request ever may set up, and it needs no credential. */
  '!': { status: 409, code: 'already_set_up' },
  /** Somebody who is signed in cannot accept what was sent to another address. */
  '=': { status: 409, code: 'conflict' },
}

/** Answers that differ between keys, people and portal sessions, which are otherwise like no credential. */
const BY_KIND: Readonly<
  Record<string, { readonly key: string; readonly person: string; readonly portal?: string }>
> = {
  /** Only people. */
  p: { key: '?', person: '+' },
  /** Only keys. */
  k: { key: '+', person: '?' },
  /** All people, and no key. */
  P: { key: '-', person: '+' },
  /** Whoever is not signed in. */
  v: { key: '+', person: '=' },
  /** No key, and no person at all. */
  K: { key: '-', person: '?' },
  /** Only portal sessions. */
  o: { key: '?', person: '?', portal: '+' },
}

/** The permission that an operation needs, null if none, and its answers, in the order of the columns. */
type Row = readonly [permission: Permission | null, answers: string]

/**
 * Which answer each operation gives each caller, from "Permissions" in docs/access.md: a caller without the permission gets
 * 403 where it may know about the resource, or where the request concerns none, and 404 elsewhere. Written by hand; it
 * shares no code with the product.
 *
 * The columns: owner, admin, developer, key-manager, policy-manager, auditor, invoker; no-role, one-pipeline, elsewhere;
 * stranger; nobody.
 */
export const ACCESS: Readonly<Record<string, Row>> = {
  getHealth: [null, '+++++++ +++ + +'],
  getReadiness: [null, '+++++++ +++ + +'],
  'GET /metrics': [null, '+++++++ +++ + +'],
  'GET /v1/openapi.json': [null, '+++++++ +++ + +'],
  'GET /docs': [null, '+++++++ +++ + +'],
  'GET /hand-over': [null, '+++++++ +++ + +'],
  'GET /portal': [null, '+++++++ +++ + +'],
  'GET /': [null, '+++++++ +++ + +'],
  getSetup: [null, '+++++++ +++ + +'],
  setUp: [null, '!!!!!!! !!! ! !'],
  whoami: [null, 'kkkkkkk kkk k ?'],

  signIn: [null, '+++++++ +++ + +'],
  listSignInProviders: [null, '+++++++ +++ + +'],
  beginProviderSignIn: [null, '+++++++ +++ + +'],
  completeProviderSignIn: [null, '+++++++ +++ + +'],
  beginProviderLink: [null, 'ppppppp ppp p ?'],
  listLinkedProviders: [null, 'ppppppp ppp p ?'],
  unlinkProvider: [null, 'ppppppp ppp p ?'],
  getSession: [null, 'ppppppp ppp p ?'],
  stepUp: [null, 'ppppppp ppp p ?'],
  listOtherSessions: [null, 'ppppppp ppp p ?'],
  endOtherSession: [null, 'ppppppp ppp p ?'],
  endOtherSessions: [null, 'ppppppp ppp p ?'],
  signOut: [null, 'ppppppp ppp p ?'],
  requestPasswordReset: [null, '+++++++ +++ + +'],
  resetPassword: [null, '+++++++ +++ + +'],
  changePassword: [null, 'ppppppp ppp p ?'],

  listPasskeys: [null, 'ppppppp ppp p ?'],
  beginPasskey: [null, 'ppppppp ppp p ?'],
  addPasskey: [null, 'ppppppp ppp p ?'],
  renamePasskey: [null, 'ppppppp ppp p ?'],
  removePasskey: [null, 'ppppppp ppp p ?'],
  beginPasskeyStepUp: [null, 'ppppppp ppp p ?'],
  beginPasskeySignIn: [null, '+++++++ +++ + +'],
  signInWithPasskey: [null, '+++++++ +++ + +'],
  getSecondFactor: [null, 'ppppppp ppp p ?'],
  beginSecondFactor: [null, 'ppppppp ppp p ?'],
  confirmSecondFactor: [null, 'ppppppp ppp p ?'],
  verifySecondFactor: [null, 'ppppppp ppp p ?'],
  replaceRecoveryCodes: [null, 'ppppppp ppp p ?'],
  removeSecondFactor: [null, 'ppppppp ppp p ?'],

  listOrganizations: ['organization.read', '++++++P PPP + ?'],
  createOrganization: ['organization.write', '+PPPPPP PPP P ?'],
  getOrganization: ['organization.read', '++++++- --- . ?'],
  updateOrganization: ['organization.write', '+------ --- . ?'],
  getQuotas: ['organization.read', '++++++- --- . ?'],

  listEnvironments: ['organization.read', '++++++- --+ . ?'],
  createEnvironment: ['organization.write', '+------ --- . ?'],
  getEnvironment: ['organization.read', '++++++. ... . ?'],
  updateEnvironment: ['organization.write', '+-----. ... . ?'],
  removeEnvironment: ['organization.write', '+-----. ... . ?'],

  getPolicy: ['policies.read', '+++-++. ... . ?'],
  setPolicy: ['policies.write', '++--+-. ... . ?'],
  listPolicyVersions: ['policies.read', '+++-++. ... . ?'],
  getConformity: ['policies.read', '+++-++. ... . ?'],
  getKeyAge: ['policies.read', '+++-++. ... . ?'],
  setKeyAge: ['policies.write', '++--+-. ... . ?'],
  getOrganizationKeyAge: ['policies.read', '+++-++- --- . ?'],
  setOrganizationKeyAge: ['policies.write', '++--+-- --- . ?'],

  listProjects: ['pipelines.read', '++++++- --- . ?'],
  createProject: ['pipelines.write', '+++---- --- . ?'],
  // The project `default`, which the deployment of the one pipeline names.
  getProject: ['pipelines.read', '++++++. .-. . ?'],
  describeProject: ['pipelines.write', '+++---. ... . ?'],
  removeProject: ['pipelines.write', '+++---. ... . ?'],

  listPipelines: ['pipelines.read', '++++++- -+- . ?'],
  createPipeline: ['pipelines.write', '+++---- --- . ?'],
  getPipeline: ['pipelines.read', '++++++. ... . ?'],
  removePipeline: ['pipelines.write', '+++---. ... . ?'],
  listVersions: ['pipelines.read', '++++++. ... . ?'],
  getVersion: ['pipelines.read', '++++++. ... . ?'],
  createVersion: ['pipelines.write', '+++---. ... . ?'],
  evaluateExpressions: ['pipelines.write', '+++---- --- . ?'],
  listScheduleRuns: ['pipelines.read', '++++++. ... . ?'],

  listDeployments: ['pipelines.read', '++++++- -+0 . ?'],
  deploy: ['pipelines.deploy', '+++---- --. . ?'],
  getDeployment: ['pipelines.read', '++++++. ... . ?'],
  undeploy: ['pipelines.deploy', '+++---. ... . ?'],
  promote: ['pipelines.deploy', '+++---. ... . ?'],
  rollback: ['pipelines.deploy', '+++---. ... . ?'],
  redeploy: ['pipelines.deploy', '+++---. ... . ?'],

  listSecrets: ['secrets.read', '+++--+. ... . ?'],
  getSecret: ['secrets.read', '+++--+. ... . ?'],
  putSecret: ['secrets.write', '+++---. ... . ?'],
  removeSecret: ['secrets.write', '+++---. ... . ?'],

  listVariables: ['variables.read', '+++--+. ... . ?'],
  getVariable: ['variables.read', '+++--+. ... . ?'],
  putVariable: ['variables.write', '+++---. ... . ?'],
  removeVariable: ['variables.write', '+++---. ... . ?'],

  listSigningKeys: ['signing-keys.read', '++---+. ... . ?'],
  rotateSigningKey: ['signing-keys.write', '++----. ... . ?'],
  removeSigningKey: ['signing-keys.write', '++----. ... . ?'],
  listIssuers: ['signing-keys.read', '++---+. ... . ?'],
  createIssuer: ['signing-keys.write', '++----. ... . ?'],
  getIssuer: ['signing-keys.read', '++---+. ... . ?'],
  removeIssuer: ['signing-keys.write', '++----. ... . ?'],

  listConsumers: ['consumers.read', '++++-+- --+ . ?'],
  listPlans: ['consumers.read', '++++-+. ... . ?'],
  createPlan: ['consumers.write', '++-+--. ... . ?'],
  getPlan: ['consumers.read', '++++-+. ... . ?'],
  updatePlan: ['consumers.write', '++-+--. ... . ?'],
  removePlan: ['consumers.write', '++-+--. ... . ?'],
  createConsumer: ['consumers.write', '++-+--- --- . ?'],
  getConsumer: ['consumers.read', '++++.+. ... . ?'],
  updateConsumer: ['consumers.write', '++-+.-. ... . ?'],
  addConsumerPipeline: ['consumers.write', '++-+.-. ... . ?'],
  removeConsumerPipeline: ['consumers.write', '++-+.-. ... . ?'],
  addConsumerProject: ['consumers.write', '++-+.-. ... . ?'],
  removeConsumerProject: ['consumers.write', '++-+.-. ... . ?'],
  removeConsumer: ['consumers.write', '++-+.-. ... . ?'],
  listBasicCredentials: ['consumers.read', '++++.+. ... . ?'],
  createBasicCredential: ['consumers.write', '++-+.-. ... . ?'],
  removeBasicCredential: ['consumers.write', '++-+.-. ... . ?'],

  listRoles: ['roles.read', '++---+- --- . ?'],
  createRole: ['roles.write', '++----- --- . ?'],
  getRole: ['roles.read', '++...+. ... . ?'],
  updateRole: ['roles.write', '++...-. ... . ?'],
  removeRole: ['roles.write', '++...-. ... . ?'],
  previewRoles: ['roles.read', '++---+- --- . ?'],

  listMembers: ['members.read', '++---+- --- . ?'],
  getMember: ['members.read', '++...+. ... . ?'],
  updateMember: ['members.write', '++...-. ... . ?'],
  removeMember: ['members.write', '++...-. ... . ?'],
  createResetLink: ['members.write', '++...-. ... . ?'],
  listInvitations: ['members.read', '++---+- --- . ?'],
  createInvitation: ['members.write', '++----- --- . ?'],
  withdrawInvitation: ['members.write', '++...-. ... . ?'],
  acceptInvitation: [null, 'vvvvvvv vvv v +'],

  readUsage: ['usage.read', '++++-+- --0 . ?'],
  listRequests: ['usage.read', '++++-+- --+ . ?'],

  listKeys: ['keys.read', '++++-+- --0 . ?'],
  exportKeys: ['keys.read', '++++-+- --0 . ?'],
  lookUpKey: ['keys.read', '++++-+- --. . ?'],
  createKey: ['keys.create', '++-+--- --- . ?'],
  getKey: ['keys.read', '++++.+. ... . ?'],
  updateKey: ['keys.write', '++-+.-. ... . ?'],
  deleteKey: ['keys.delete', '++-+.-. ... . ?'],
  rollKey: ['keys.roll', '++-+.-. ... . ?'],
  finishRoll: ['keys.roll', '++-+.-. ... . ?'],
  undoRoll: ['keys.roll', '++-+.-. ... . ?'],
  getRotation: ['keys.read', '++++.+. ... . ?'],
  setRotation: ['keys.roll', '++-+.-. ... . ?'],
  removeRotation: ['keys.roll', '++-+.-. ... . ?'],
  verify: ['keys.verify', '++-+--- --- . ?'],
  rollOwnKey: ['keys.roll-self', 'kkKKKKK KKk k ?'],
  finishOwnRoll: ['keys.roll-self', 'kkKKKKK KKk k ?'],
  deleteOwnKey: ['keys.roll-self', 'kkKKKKK KKk k ?'],

  // The permission is checked for each line.
  importKeys: ['keys.create', '++-+--- --+ . ?'],
  listImports: ['keys.read', '++++-+- --+ . ?'],
  getImport: ['keys.read', '++++.+. ... . ?'],
  stopImport: ['keys.create', '++-+.-. ... . ?'],

  listHandOvers: ['keys.read', '++++-+- --+ . ?'],
  getHandOver: ['keys.read', '++++.+. ... . ?'],
  withdrawHandOver: ['keys.write', '++-+.-. ... . ?'],
  openHandOver: [null, '+++++++ +++ + +'],

  createPortalSession: ['consumers.open-portal', '++-+.-. ... . ?'],
  listPortalSessions: ['consumers.read', '++++-+- --+ . ?'],
  getPortalSession: ['consumers.read', '++++.+. ... . ?'],
  endPortalSession: ['consumers.open-portal', '++-+.-. ... . ?'],
  openPortalSession: [null, '+++++++ +++ + +'],
  getPortal: [null, '??????? ??? ? o'],
  leavePortal: [null, '??????? ??? ? o'],
  listPortalKeys: [null, '??????? ??? ? o'],
  getPortalKey: [null, '??????? ??? ? o'],
  createPortalKey: [null, '??????? ??? ? o'],
  rollPortalKey: [null, '??????? ??? ? o'],
  finishPortalRoll: [null, '??????? ??? ? o'],
  undoPortalRoll: [null, '??????? ??? ? o'],
  deletePortalKey: [null, '??????? ??? ? o'],
  listPortalPipelines: [null, '??????? ??? ? o'],
  readPortalUsage: [null, '??????? ??? ? o'],

  listLeaks: ['keys.read', '++++-+- --0 . ?'],

  listExternalKeys: ['external-keys.read', '++-+-+- --- . ?'],
  addExternalKey: ['external-keys.write', '++-+--- --- . ?'],
  getExternalKey: ['external-keys.read', '++.+.+. ... . ?'],
  updateExternalKey: ['external-keys.write', '++.+.-. ... . ?'],
  removeExternalKey: ['external-keys.write', '++.+.-. ... . ?'],
  listAcceptances: ['keys.read', '++++-+- --+ . ?'],
  getOrganizationAcceptance: ['keys.read', '++++-+- --- . ?'],
  getAcceptances: ['keys.read', '++++.+. ... . ?'],
  setKeyAcceptance: ['keys.write', '++-+.-. ... . ?'],
  setPartnerAcceptance: ['keys.write', '++-+.-. ... . ?'],
  setOrganizationAcceptance: ['keys.write', '++-+--- --- . ?'],

  listWebhooks: ['webhooks.read', '++---+- --- . ?'],
  createWebhook: ['webhooks.write', '++----- --- . ?'],
  getWebhook: ['webhooks.read', '++...+. ... . ?'],
  updateWebhook: ['webhooks.write', '++...-. ... . ?'],
  removeWebhook: ['webhooks.write', '++...-. ... . ?'],
  rotateWebhook: ['webhooks.write', '++...-. ... . ?'],
  listDeliveries: ['webhooks.read', '++...+. ... . ?'],
  replayDelivery: ['webhooks.write', '++...-. ... . ?'],

  listAuditEvents: ['audit.read', '++--++- --- . ?'],
  listAuditKeys: [null, '+++++++ +++ + +'],
  listGateways: ['gateways.read', '++---+- --- . ?'],
}

/** Operations without an organization in their path, about the key that calls. */
const ABOUT_THE_CALLER: readonly string[] = ['rollOwnKey', 'finishOwnRoll', 'deleteOwnKey']

/** A caller, as far as the table tells callers apart. */
export interface Caller {
  readonly column: Column
  /** Whether it is a person who is signed in, and not a key. */
  readonly isPerson?: boolean
  /** Whether it is a portal session. */
  readonly isPortal?: boolean
  /** Where it stands in requests about itself, if that is elsewhere: a key of another organization acts for that one. */
  readonly atHome?: Column
}

/**
 * The expected answer of an operation to a caller.
 *
 * @throws Error if the operation has no row, or the row no such answer
 */
export function expectedAnswer(
  operation: string,
  { column: here, isPerson = false, isPortal = false, atHome = here }: Caller,
): Expected {
  const column = ABOUT_THE_CALLER.includes(operation) ? atHome : here
  const answers = ACCESS[operation]?.[1].replaceAll(' ', '')
  if (answers?.length !== COLUMNS.length) {
    throw new Error(
      `Give ${operation} a row with ${COLUMNS.length} answers in test/isolation/access-table.ts.`,
    )
  }
  const symbol = answers[COLUMNS.indexOf(column)] ?? ''
  const kind = isPortal ? 'portal' : isPerson ? 'person' : 'key'
  const expected = EXPECTED[BY_KIND[symbol]?.[kind] ?? symbol]
  if (expected === undefined) throw new Error(`The row of ${operation} has an answer that is not explained.`)
  return expected
}
