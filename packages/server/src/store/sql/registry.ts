/**
 * Every stored entity, in one place. To add one:
 *
 * 1. `port/<entity>.ts`: its row type and the interfaces of its reader and writer; list both in `port/store.ts`.
 * 2. `migrations/steps/`: a new numbered migration that creates the table, listed in `migrate.ts`.
 * 3. `sql/<entity>.ts`: its columns (added to `Schema` by `declare module`), the details of its unique constraints, its
 *    feed if gateways receive it, and its queries. List them below.
 * 4. `testing/examples/<entity>.ts`: example rows, what an update changes and what each unique constraint refuses,
 *    listed in `testing/examples.ts`. The generic suites then cover the entity.
 *
 * The type check fails until the reader, the writer and the example are listed; the suites fail until the feed, the
 * unique constraints and the contents of an environment are.
 */

import type { UniqueConstraints } from '../database/conflicts.ts'
import type { JsonRows } from '../database/json-rows.ts'
import type { Database, Schema } from '../database/schema.ts'
import type { EntityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { Reader, Writer } from '../port/store.ts'
import { ACCEPTANCE_REFUSALS_CONSTRAINTS, acceptanceReader, acceptanceWriter } from './access/acceptances.ts'
import { auditReader } from './audit-events.ts'
import {
  BASIC_CREDENTIALS_CONSTRAINTS,
  BASIC_CREDENTIALS_FEED,
  basicCredentialReader,
  basicCredentialWriter,
} from './basic-credentials.ts'
import { planReader, PLANS_CONSTRAINTS, PLANS_FEED, planWriter } from './consumers/plans.ts'
import { consumerReader, CONSUMERS_CONSTRAINTS, CONSUMERS_FEED, consumerWriter } from './consumers.ts'
import {
  deploymentReader,
  DEPLOYMENTS_CONSTRAINTS,
  DEPLOYMENTS_FEED,
  deploymentWriter,
} from './deployments.ts'
import {
  type EnvironmentContents,
  environmentReader,
  ENVIRONMENTS_CONSTRAINTS,
  ENVIRONMENTS_FEED,
  environmentWriter,
} from './environments.ts'
import {
  externalKeyReader,
  EXTERNAL_KEYS_CONSTRAINTS,
  EXTERNAL_KEYS_FEED,
  externalKeyWriter,
} from './access/external-keys.ts'
import { idempotencyReader, idempotencyWriter, IDEMPOTENT_ANSWERS_CONSTRAINTS } from './idempotent-answers.ts'
import { issuerReader, ISSUERS_CONSTRAINTS, ISSUERS_FEED, issuerWriter } from './issuers.ts'
import { handOverReader, handOverWriter } from './keys/hand-overs.ts'
import { importReader, importWriter } from './keys/imports.ts'
import { KEY_AGES_FEED, keyAgeReader, keyAgeWriter } from './keys/key-ages.ts'
import { leakReader, leakWriter } from './keys/leaks.ts'
import { rotationReader, rotationWriter } from './keys/rotations.ts'
import { keyReader, keyWriter } from './keys.ts'
import { KEYS_FEED } from './keys/key-feed.ts'
import {
  organizationReader,
  ORGANIZATIONS_CONSTRAINTS,
  ORGANIZATIONS_FEED,
  organizationWriter,
} from './organizations.ts'
import { pipelineReader, PIPELINES_CONSTRAINTS, pipelineWriter } from './pipelines.ts'
import { POLICIES_CONSTRAINTS, policyReader, policyWriter } from './policies.ts'
import { portalSessionReader, portalSessionWriter } from './portal/portal-sessions.ts'
import { probeReader, probeWriter } from './probes.ts'
import { projectReader, PROJECTS_CONSTRAINTS, projectWriter } from './projects.ts'
import { invitationReader, INVITATIONS_CONSTRAINTS, invitationWriter } from './people/invitations.ts'
import { memberReader, MEMBERS_CONSTRAINTS, memberWriter } from './people/members.ts'
import { passkeyReader, PASSKEYS_CONSTRAINTS, passkeyWriter } from './people/passkeys.ts'
import { PEOPLE_CONSTRAINTS, personReader, personWriter } from './people/people.ts'
import {
  providerLinkReader,
  PROVIDER_LINKS_CONSTRAINTS,
  providerLinkWriter,
} from './people/provider-links.ts'
import { secondFactorReader, secondFactorWriter } from './people/second-factors.ts'
import { sessionReader, SESSIONS_CONSTRAINTS, sessionWriter } from './people/sessions.ts'
import { ticketReader, TICKETS_CONSTRAINTS, ticketWriter } from './people/tickets.ts'
import { roleReader, ROLES_CONSTRAINTS, ROLES_FEED, roleWriter } from './access/roles.ts'
import { scheduleRunReader } from './schedule-runs.ts'
import { usageReader } from './usage/usage-sums.ts'
import {
  environmentSecretReader,
  environmentSecretWriter,
  SECRETS_CONSTRAINTS,
  SECRETS_FEED,
} from './secrets.ts'
import {
  SIGNING_KEYS_CONSTRAINTS,
  SIGNING_KEYS_FEED,
  signingKeyReader,
  signingKeyWriter,
} from './signing-keys.ts'
import {
  environmentVariableReader,
  environmentVariableWriter,
  VARIABLES_CONSTRAINTS,
  VARIABLES_FEED,
} from './variables.ts'
import { deliveryReader, deliveryWriter } from './webhooks/deliveries.ts'
import { webhookReader, webhookWriter } from './webhooks/webhooks.ts'

/** The feeds, in the order of a snapshot: an entity comes before the entities that refer to it. */
export const FEEDS: readonly EntityFeed[] = [
  ORGANIZATIONS_FEED,
  ENVIRONMENTS_FEED,
  KEY_AGES_FEED,
  ROLES_FEED,
  PLANS_FEED,
  CONSUMERS_FEED,
  KEYS_FEED,
  EXTERNAL_KEYS_FEED,
  SIGNING_KEYS_FEED,
  ISSUERS_FEED,
  SECRETS_FEED,
  VARIABLES_FEED,
  BASIC_CREDENTIALS_FEED,
  DEPLOYMENTS_FEED,
]

/**
 * The tables whose rows are removed with their environment. Deployments, consumers and keys are not listed: while an
 * environment has any, it cannot be removed.
 */
export const ENVIRONMENT_CONTENTS: readonly EnvironmentContents[] = [
  { table: 'signing_keys', feed: SIGNING_KEYS_FEED },
  { table: 'issuers', feed: ISSUERS_FEED },
  { table: 'environment_secrets', feed: SECRETS_FEED },
  { table: 'environment_variables', feed: VARIABLES_FEED },
  { table: 'plans', feed: PLANS_FEED },
  { table: 'policies', feed: null },
  { table: 'portal_sessions', feed: null },
]

/**
 * What a transaction may write without an audit record: bookkeeping, and what belongs to a person. A person may be in no
 * organization, and audit logs belong to organizations; operations record what each of them must know.
 */
export const UNAUDITED_TABLES: ReadonlySet<string> = new Set<keyof Schema>([
  'idempotent_answers',
  'deployment_probes',
  'people',
  'provider_links',
  'sessions',
  'authenticators',
  'recovery_codes',
  'tickets',
  'passkeys',
  'webhook_queues',
  'webhook_deliveries',
  'key_deadlines',
  'imports',
  'import_chunks',
  'key_age_ends',
  'rotation_looks',
  'owner_mail_queues',
])

export const UNIQUE_CONSTRAINTS: UniqueConstraints = {
  ...PEOPLE_CONSTRAINTS,
  ...PROVIDER_LINKS_CONSTRAINTS,
  ...SESSIONS_CONSTRAINTS,
  ...TICKETS_CONSTRAINTS,
  ...PASSKEYS_CONSTRAINTS,
  ...ORGANIZATIONS_CONSTRAINTS,
  ...MEMBERS_CONSTRAINTS,
  ...INVITATIONS_CONSTRAINTS,
  ...ENVIRONMENTS_CONSTRAINTS,
  ...PROJECTS_CONSTRAINTS,
  ...PIPELINES_CONSTRAINTS,
  ...POLICIES_CONSTRAINTS,
  ...DEPLOYMENTS_CONSTRAINTS,
  ...ROLES_CONSTRAINTS,
  ...PLANS_CONSTRAINTS,
  ...CONSUMERS_CONSTRAINTS,
  ...EXTERNAL_KEYS_CONSTRAINTS,
  ...ACCEPTANCE_REFUSALS_CONSTRAINTS,
  ...SIGNING_KEYS_CONSTRAINTS,
  ...ISSUERS_CONSTRAINTS,
  ...SECRETS_CONSTRAINTS,
  ...VARIABLES_CONSTRAINTS,
  ...BASIC_CREDENTIALS_CONSTRAINTS,
  ...IDEMPOTENT_ANSWERS_CONSTRAINTS,
}

export function readerOf(db: Database): Reader {
  return {
    people: personReader(db),
    providerLinks: providerLinkReader(db),
    sessions: sessionReader(db),
    secondFactors: secondFactorReader(db),
    tickets: ticketReader(db),
    passkeys: passkeyReader(db),
    organizations: organizationReader(db),
    members: memberReader(db),
    invitations: invitationReader(db),
    environments: environmentReader(db),
    keyAges: keyAgeReader(db),
    projects: projectReader(db),
    pipelines: pipelineReader(db),
    policies: policyReader(db),
    deployments: deploymentReader(db),
    roles: roleReader(db),
    plans: planReader(db),
    consumers: consumerReader(db),
    portalSessions: portalSessionReader(db),
    keys: keyReader(db),
    handOvers: handOverReader(db),
    leaks: leakReader(db),
    imports: importReader(db),
    rotations: rotationReader(db),
    externalKeys: externalKeyReader(db),
    acceptances: acceptanceReader(db),
    signingKeys: signingKeyReader(db),
    issuers: issuerReader(db),
    environmentSecrets: environmentSecretReader(db),
    environmentVariables: environmentVariableReader(db),
    basicCredentials: basicCredentialReader(db),
    probes: probeReader(db),
    scheduleRuns: scheduleRunReader(db),
    usage: usageReader(db),
    webhooks: webhookReader(db),
    deliveries: deliveryReader(db),
    audit: auditReader(db),
    idempotency: idempotencyReader(db),
  }
}

export function writerOf(tx: Database, staged: StagedChange, jsonRows: JsonRows): Writer {
  return {
    // Few transactions need it.
    get read() {
      return readerOf(tx)
    },
    people: personWriter(tx),
    providerLinks: providerLinkWriter(tx),
    sessions: sessionWriter(tx),
    secondFactors: secondFactorWriter(tx),
    tickets: ticketWriter(tx),
    passkeys: passkeyWriter(tx),
    organizations: organizationWriter(tx, staged),
    members: memberWriter(tx),
    invitations: invitationWriter(tx),
    environments: environmentWriter(tx, staged, ENVIRONMENT_CONTENTS),
    keyAges: keyAgeWriter(tx, staged),
    projects: projectWriter(tx, staged),
    pipelines: pipelineWriter(tx, staged),
    policies: policyWriter(tx),
    deployments: deploymentWriter(tx, staged),
    roles: roleWriter(tx, staged),
    plans: planWriter(tx, staged),
    consumers: consumerWriter(tx, staged),
    keys: keyWriter(tx, staged, jsonRows),
    portalSessions: portalSessionWriter(tx),
    handOvers: handOverWriter(tx),
    leaks: leakWriter(tx),
    imports: importWriter(tx, jsonRows),
    rotations: rotationWriter(tx),
    externalKeys: externalKeyWriter(tx, staged),
    acceptances: acceptanceWriter(tx, staged),
    signingKeys: signingKeyWriter(tx, staged),
    issuers: issuerWriter(tx, staged),
    environmentSecrets: environmentSecretWriter(tx, staged),
    environmentVariables: environmentVariableWriter(tx, staged),
    basicCredentials: basicCredentialWriter(tx, staged),
    probes: probeWriter(tx),
    webhooks: webhookWriter(tx),
    deliveries: deliveryWriter(tx),
    idempotency: idempotencyWriter(tx),
    audit: (entry) => staged.audit(entry),
  }
}
