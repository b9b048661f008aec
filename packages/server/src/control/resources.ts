import { AUDIT_EVENTS, AUDIT_KEYS } from './documentation/operations/audit-events.ts'
import { BASIC_CREDENTIALS } from './documentation/operations/basic-credentials.ts'
import { CONSUMERS } from './documentation/operations/consumers.ts'
import { DEPLOYMENTS } from './documentation/operations/deployments.ts'
import { ENVIRONMENTS } from './documentation/operations/environments.ts'
import { EXTERNAL_KEYS } from './documentation/operations/external-keys.ts'
import { GATEWAYS } from './documentation/operations/gateways.ts'
import { HAND_OVER_LINKS, HAND_OVERS } from './documentation/operations/keys/hand-overs.ts'
import { IMPORTS } from './documentation/operations/keys/imports.ts'
import { LEAKS } from './documentation/operations/keys/leaks.ts'
import { ISSUERS } from './documentation/operations/issuers.ts'
import { KEYS } from './documentation/operations/keys.ts'
import { OWN_KEY } from './documentation/operations/own-key.ts'
import type { ResourceTexts } from './documentation/operations/operation-text.ts'
import { ORGANIZATIONS } from './documentation/operations/organizations.ts'
import {
  FORGOTTEN_PASSWORDS,
  OWN_PASSWORD,
  RESET_LINKS,
} from './documentation/operations/people/passwords.ts'
import { PASSKEY_SIGN_IN, PASSKEYS } from './documentation/operations/people/passkeys.ts'
import { PIPELINES } from './documentation/operations/pipelines.ts'
import { POLICIES } from './documentation/operations/policies.ts'
import { PROBES } from './documentation/operations/probes.ts'
import { OWN_PROVIDERS, PROVIDERS } from './documentation/operations/people/providers.ts'
import { PROJECTS } from './documentation/operations/projects.ts'
import { QUOTAS } from './documentation/operations/quotas.ts'
import { ROLES } from './documentation/operations/roles.ts'
import { SECOND_FACTORS } from './documentation/operations/people/second-factors.ts'
import { SECRETS } from './documentation/operations/secrets.ts'
import { VARIABLES } from './documentation/operations/environments/variables.ts'
import { INVITATIONS, MEMBERS } from './documentation/operations/people/members.ts'
import { SESSIONS, SIGN_IN } from './documentation/operations/people/sessions.ts'
import { SIGNING_KEYS } from './documentation/operations/signing-keys.ts'
import { START } from './documentation/operations/start.ts'
import { USAGE } from './documentation/operations/usage.ts'
import { WEBHOOKS } from './documentation/operations/webhooks.ts'
import { acceptanceRoutes } from './routes/acceptances.ts'
import { auditEventRoutes, auditKeyRoutes } from './routes/audit-events.ts'
import { basicCredentialRoutes } from './routes/basic-credentials.ts'
import { openPortalRoutes } from './routes/portal/open-portal.ts'
import { portalSessionRoutes } from './routes/portal/portal-sessions.ts'
import {
  portalKeyRoutes,
  portalPipelineRoutes,
  portalRoutes,
  portalUsageRoutes,
} from './routes/portal/portal.ts'
import { PLANS } from './documentation/operations/consumers/plans.ts'
import { PORTAL, PORTAL_LINKS, PORTAL_SESSIONS } from './documentation/operations/portal/portal.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { planRoutes } from './routes/consumers/plans.ts'
import { deploymentRoutes, deployRoutes } from './routes/deployments.ts'
import { environmentRoutes } from './routes/environments.ts'
import { externalKeyRoutes } from './routes/external-keys.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { issuerRoutes } from './routes/issuers.ts'
import { handOverRoutes, openHandOverRoutes } from './routes/keys/hand-overs.ts'
import { keyExportRoutes } from './routes/keys/key-export.ts'
import { importRoutes } from './routes/keys/imports.ts'
import { leakRoutes } from './routes/keys/leaks.ts'
import { rotationRoutes } from './routes/keys/rotations.ts'
import { keyLookupRoutes, keyRollRoutes, keyRoutes, verifyRoutes } from './routes/keys.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { ownKeyRoutes } from './routes/own-key.ts'
import { forgottenPasswordRoutes, ownPasswordRoutes, resetLinkRoutes } from './routes/people/passwords.ts'
import { expressionRoutes, pipelineRoutes, specRoutes } from './routes/pipelines.ts'
import { keyAgeRoutes } from './routes/keys/key-ages.ts'
import { policyRoutes } from './routes/policies.ts'
import { projectRoutes } from './routes/projects.ts'
import { quotaRoutes } from './routes/quotas.ts'
import { requestRoutes } from './routes/usage/requests.ts'
import { rolePreviewRoutes, roleRoutes } from './routes/roles.ts'
import { secondFactorRoutes } from './routes/people/second-factors.ts'
import { secretRoutes } from './routes/secrets.ts'
import { variableRoutes } from './routes/variables.ts'
import { signingKeyRoutes } from './routes/signing-keys.ts'
import { usageRoutes } from './routes/usage/usage.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { whoamiRoutes } from './routes/whoami.ts'
import { acceptanceOfInvitationRoutes, invitationRoutes } from './routes/people/invitations.ts'
import { memberRoutes } from './routes/people/members.ts'
import { passkeyRoutes, passkeySignInRoutes } from './routes/people/passkeys.ts'
import { ownProviderRoutes, providerRoutes } from './routes/people/providers.ts'
import { sessionRoutes } from './routes/people/sessions.ts'
import { signInRoutes } from './routes/people/sign-in.ts'
import type { PeopleApi } from './sessions/people-api.ts'

/**
 * Who calls a resource: keys and signed-in people, signed-in people about themselves, anybody, to sign in, or the people of a
 * consumer in a portal session.
 */
export type Callers = 'actors' | 'people' | 'visitors' | 'portal'

/** A resource of the management API: its documentation and its routes. */
interface Resource {
  readonly texts: ResourceTexts
  readonly callers: Callers
  readonly addRoutes: readonly ((api: PeopleApi) => void)[]
}

/** Every resource, in the order of the documentation, in which the examples run too. A new resource is added here. */
export const RESOURCES: readonly Resource[] = [
  { texts: START, callers: 'actors', addRoutes: [whoamiRoutes] },
  { texts: SIGN_IN, callers: 'visitors', addRoutes: [signInRoutes] },
  { texts: PROVIDERS, callers: 'visitors', addRoutes: [providerRoutes] },
  { texts: OWN_PROVIDERS, callers: 'people', addRoutes: [ownProviderRoutes] },
  { texts: SESSIONS, callers: 'people', addRoutes: [sessionRoutes] },
  { texts: FORGOTTEN_PASSWORDS, callers: 'visitors', addRoutes: [forgottenPasswordRoutes] },
  { texts: OWN_PASSWORD, callers: 'people', addRoutes: [ownPasswordRoutes] },
  { texts: RESET_LINKS, callers: 'actors', addRoutes: [resetLinkRoutes] },
  { texts: PASSKEYS, callers: 'people', addRoutes: [passkeyRoutes] },
  { texts: PASSKEY_SIGN_IN, callers: 'visitors', addRoutes: [passkeySignInRoutes] },
  { texts: SECOND_FACTORS, callers: 'people', addRoutes: [secondFactorRoutes] },
  { texts: ORGANIZATIONS, callers: 'actors', addRoutes: [organizationRoutes] },
  { texts: QUOTAS, callers: 'actors', addRoutes: [quotaRoutes] },
  { texts: ENVIRONMENTS, callers: 'actors', addRoutes: [environmentRoutes] },
  { texts: POLICIES, callers: 'actors', addRoutes: [policyRoutes, keyAgeRoutes] },
  { texts: PROJECTS, callers: 'actors', addRoutes: [projectRoutes] },
  { texts: PIPELINES, callers: 'actors', addRoutes: [pipelineRoutes, specRoutes, expressionRoutes] },
  { texts: DEPLOYMENTS, callers: 'actors', addRoutes: [deploymentRoutes, deployRoutes] },
  { texts: SECRETS, callers: 'actors', addRoutes: [secretRoutes] },
  { texts: VARIABLES, callers: 'actors', addRoutes: [variableRoutes] },
  { texts: SIGNING_KEYS, callers: 'actors', addRoutes: [signingKeyRoutes] },
  { texts: ISSUERS, callers: 'actors', addRoutes: [issuerRoutes] },
  { texts: PLANS, callers: 'actors', addRoutes: [planRoutes] },
  { texts: CONSUMERS, callers: 'actors', addRoutes: [consumerRoutes] },
  { texts: BASIC_CREDENTIALS, callers: 'actors', addRoutes: [basicCredentialRoutes] },
  { texts: ROLES, callers: 'actors', addRoutes: [roleRoutes, rolePreviewRoutes] },
  { texts: MEMBERS, callers: 'actors', addRoutes: [memberRoutes, invitationRoutes] },
  { texts: INVITATIONS, callers: 'visitors', addRoutes: [acceptanceOfInvitationRoutes] },
  {
    texts: KEYS,
    callers: 'actors',
    addRoutes: [keyRoutes, keyExportRoutes, keyLookupRoutes, keyRollRoutes, rotationRoutes, verifyRoutes],
  },
  { texts: HAND_OVERS, callers: 'actors', addRoutes: [handOverRoutes] },
  { texts: HAND_OVER_LINKS, callers: 'visitors', addRoutes: [openHandOverRoutes] },
  { texts: IMPORTS, callers: 'actors', addRoutes: [importRoutes] },
  { texts: PORTAL_SESSIONS, callers: 'actors', addRoutes: [portalSessionRoutes] },
  { texts: PORTAL_LINKS, callers: 'visitors', addRoutes: [openPortalRoutes] },
  {
    texts: PORTAL,
    callers: 'portal',
    addRoutes: [portalKeyRoutes, portalPipelineRoutes, portalUsageRoutes, portalRoutes],
  },
  { texts: LEAKS, callers: 'actors', addRoutes: [leakRoutes] },
  { texts: EXTERNAL_KEYS, callers: 'actors', addRoutes: [externalKeyRoutes, acceptanceRoutes] },
  { texts: USAGE, callers: 'actors', addRoutes: [usageRoutes, requestRoutes] },
  { texts: WEBHOOKS, callers: 'actors', addRoutes: [webhookRoutes] },
  { texts: AUDIT_EVENTS, callers: 'actors', addRoutes: [auditEventRoutes] },
  { texts: AUDIT_KEYS, callers: 'visitors', addRoutes: [auditKeyRoutes] },
  { texts: GATEWAYS, callers: 'actors', addRoutes: [gatewayRoutes] },
  { texts: PROBES, callers: 'actors', addRoutes: [] },
  { texts: OWN_KEY, callers: 'actors', addRoutes: [ownKeyRoutes] },
]

/** The texts of every resource, in the same order. */
export const RESOURCE_TEXTS: readonly ResourceTexts[] = RESOURCES.map(({ texts }) => texts)
