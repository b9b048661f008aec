import { AUDIT_EVENTS } from './documentation/operations/audit-events.ts'
import { BASIC_CREDENTIALS } from './documentation/operations/basic-credentials.ts'
import { CONSUMERS } from './documentation/operations/consumers.ts'
import { DEPLOYMENTS } from './documentation/operations/deployments.ts'
import { ENVIRONMENTS } from './documentation/operations/environments.ts'
import { EXTERNAL_KEYS } from './documentation/operations/external-keys.ts'
import { GATEWAYS } from './documentation/operations/gateways.ts'
import { ISSUERS } from './documentation/operations/issuers.ts'
import { KEYS } from './documentation/operations/keys.ts'
import type { ResourceTexts } from './documentation/operations/operation-text.ts'
import { ORGANIZATIONS } from './documentation/operations/organizations.ts'
import { PIPELINES } from './documentation/operations/pipelines.ts'
import { POLICIES } from './documentation/operations/policies.ts'
import { PROBES } from './documentation/operations/probes.ts'
import { PROJECTS } from './documentation/operations/projects.ts'
import { QUOTAS } from './documentation/operations/quotas.ts'
import { ROLES } from './documentation/operations/roles.ts'
import { SECRETS } from './documentation/operations/secrets.ts'
import { SIGNING_KEYS } from './documentation/operations/signing-keys.ts'
import { START } from './documentation/operations/start.ts'
import { acceptanceRoutes } from './routes/acceptances.ts'
import { auditEventRoutes } from './routes/audit-events.ts'
import { basicCredentialRoutes } from './routes/basic-credentials.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { deploymentRoutes, deployRoutes } from './routes/deployments.ts'
import { environmentRoutes } from './routes/environments.ts'
import { externalKeyRoutes } from './routes/external-keys.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { issuerRoutes } from './routes/issuers.ts'
import { keyRollRoutes, keyRoutes, verifyRoutes } from './routes/keys.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { pipelineRoutes, specRoutes } from './routes/pipelines.ts'
import { policyRoutes } from './routes/policies.ts'
import { projectRoutes } from './routes/projects.ts'
import { quotaRoutes } from './routes/quotas.ts'
import { rolePreviewRoutes, roleRoutes } from './routes/roles.ts'
import { secretRoutes } from './routes/secrets.ts'
import { signingKeyRoutes } from './routes/signing-keys.ts'
import { whoamiRoutes } from './routes/whoami.ts'
import type { ControlApi } from './routing/resource-routes.ts'

/** A resource of the management API: its documentation, and its routes that need a key. */
interface Resource {
  readonly texts: ResourceTexts
  readonly addRoutes: readonly ((api: ControlApi) => void)[]
}

/** Every resource, in the order of the documentation, in which the examples run too. A new resource is added here. */
export const RESOURCES: readonly Resource[] = [
  { texts: START, addRoutes: [whoamiRoutes] },
  { texts: ORGANIZATIONS, addRoutes: [organizationRoutes] },
  { texts: QUOTAS, addRoutes: [quotaRoutes] },
  { texts: ENVIRONMENTS, addRoutes: [environmentRoutes] },
  { texts: POLICIES, addRoutes: [policyRoutes] },
  { texts: PROJECTS, addRoutes: [projectRoutes] },
  { texts: PIPELINES, addRoutes: [pipelineRoutes, specRoutes] },
  { texts: DEPLOYMENTS, addRoutes: [deploymentRoutes, deployRoutes] },
  { texts: SECRETS, addRoutes: [secretRoutes] },
  { texts: SIGNING_KEYS, addRoutes: [signingKeyRoutes] },
  { texts: ISSUERS, addRoutes: [issuerRoutes] },
  { texts: CONSUMERS, addRoutes: [consumerRoutes] },
  { texts: BASIC_CREDENTIALS, addRoutes: [basicCredentialRoutes] },
  { texts: ROLES, addRoutes: [roleRoutes, rolePreviewRoutes] },
  { texts: KEYS, addRoutes: [keyRoutes, keyRollRoutes, verifyRoutes] },
  { texts: EXTERNAL_KEYS, addRoutes: [externalKeyRoutes, acceptanceRoutes] },
  { texts: AUDIT_EVENTS, addRoutes: [auditEventRoutes] },
  { texts: GATEWAYS, addRoutes: [gatewayRoutes] },
  { texts: PROBES, addRoutes: [] },
]

/** The texts of every resource, in the same order. */
export const RESOURCE_TEXTS: readonly ResourceTexts[] = RESOURCES.map(({ texts }) => texts)
