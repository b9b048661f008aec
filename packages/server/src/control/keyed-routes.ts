import { auditEventRoutes } from './routes/audit-events.ts'
import { basicCredentialRoutes } from './routes/basic-credentials.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { deploymentRoutes, deployRoutes } from './routes/deployments.ts'
import { environmentRoutes } from './routes/environments.ts'
import { issuerRoutes } from './routes/issuers.ts'
import { keyRollRoutes, keyRoutes, verifyRoutes } from './routes/keys.ts'
import { organizationRoutes } from './routes/organizations.ts'
import { pipelineRoutes, specRoutes } from './routes/pipelines.ts'
import { policyRoutes } from './routes/policies.ts'
import { projectRoutes } from './routes/projects.ts'
import { quotaRoutes } from './routes/quotas.ts'
import { secretRoutes } from './routes/secrets.ts'
import { signingKeyRoutes } from './routes/signing-keys.ts'
import { whoamiRoutes } from './routes/whoami.ts'
import type { ControlApi } from './routing/resource-routes.ts'

/** All routes that need a key, in the order of the documentation. A new resource adds its routes here. */
export const KEYED_ROUTES: readonly ((api: ControlApi) => void)[] = [
  whoamiRoutes,
  organizationRoutes,
  quotaRoutes,
  environmentRoutes,
  policyRoutes,
  projectRoutes,
  pipelineRoutes,
  specRoutes,
  deploymentRoutes,
  deployRoutes,
  secretRoutes,
  signingKeyRoutes,
  issuerRoutes,
  consumerRoutes,
  basicCredentialRoutes,
  keyRoutes,
  keyRollRoutes,
  verifyRoutes,
  auditEventRoutes,
]
