import { AUDIT_EVENTS } from './operations/audit-events.ts'
import { BASIC_CREDENTIALS } from './operations/basic-credentials.ts'
import { CONSUMERS } from './operations/consumers.ts'
import { DEPLOYMENTS } from './operations/deployments.ts'
import { ENVIRONMENTS } from './operations/environments.ts'
import { ISSUERS } from './operations/issuers.ts'
import { KEYS } from './operations/keys.ts'
import type { OperationTexts } from './operations/operation-text.ts'
import { ORGANIZATIONS } from './operations/organizations.ts'
import { PIPELINES } from './operations/pipelines.ts'
import { POLICIES } from './operations/policies.ts'
import { PROBES } from './operations/probes.ts'
import { PROJECTS } from './operations/projects.ts'
import { QUOTAS } from './operations/quotas.ts'
import { SECRETS } from './operations/secrets.ts'
import { SIGNING_KEYS } from './operations/signing-keys.ts'
import { START } from './operations/start.ts'

/** The texts of every resource, in the order in which their examples run. */
export const OPERATION_TABLES: readonly OperationTexts[] = [
  START,
  ORGANIZATIONS,
  QUOTAS,
  ENVIRONMENTS,
  POLICIES,
  PROJECTS,
  PIPELINES,
  DEPLOYMENTS,
  SECRETS,
  SIGNING_KEYS,
  ISSUERS,
  CONSUMERS,
  BASIC_CREDENTIALS,
  KEYS,
  AUDIT_EVENTS,
  PROBES,
]

/** Every operation's text by its id, in the same order. */
export const OPERATION_TEXTS: OperationTexts = Object.fromEntries(
  OPERATION_TABLES.flatMap((table) => Object.entries(table)),
)
