import { describe } from 'vitest'
import type { TestDatabase } from '../fixtures.ts'
import { auditRecordsContract } from './audit-records.ts'
import { auditSearchContract } from './audit-search.ts'
import { auditSigningContract } from './audit-signing.ts'
import { basicCredentialsContract } from './basic-credentials.ts'
import { changesAndSnapshotContract } from './changes-and-snapshot.ts'
import { consumersContract } from './consumers.ts'
import { deploymentsContract } from './deployments.ts'
import { environmentsContract } from './environments.ts'
import { externalKeysContract } from './external-keys.ts'
import { feedContract } from './feed.ts'
import { gatewaysContract } from './gateways.ts'
import { handOversContract } from './hand-overs.ts'
import { idempotentAnswersContract } from './idempotent-answers.ts'
import { issuersContract } from './issuers.ts'
import { keyListsContract } from './key-lists.ts'
import { keysContract } from './keys.ts'
import { masterKeyCheckContract } from './master-key-check.ts'
import { migrationsContract } from './migrations.ts'
import { olderDatabasesContract } from './older-databases.ts'
import { organizationsContract } from './organizations.ts'
import { pagingContract } from './paging.ts'
import { passkeysContract } from './passkeys.ts'
import { peopleContract } from './people.ts'
import { pipelinesContract } from './pipelines.ts'
import { policiesContract } from './policies.ts'
import { probesContract } from './probes.ts'
import { projectsContract } from './projects.ts'
import { providerLinksContract } from './provider-links.ts'
import { quotaUsageContract } from './quota-usage.ts'
import { rolesContract } from './roles.ts'
import { scheduleRunsContract } from './schedule-runs.ts'
import { secondFactorsContract } from './second-factors.ts'
import { secretUsageContract } from './secret-usage.ts'
import { secretsContract } from './secrets.ts'
import { signingKeysContract } from './signing-keys.ts'
import { tenancyContract } from './tenancy.ts'
import { transactionsContract } from './transactions.ts'
import { uniqueConstraintsContract } from './unique-constraints.ts'
import { updatesContract } from './updates.ts'
import { usageContract } from './usage.ts'
import { webhooksContract } from './webhooks.ts'
import { writeDeadlinesContract } from './write-deadlines.ts'

/**
 * What every store guarantees. Each database runs this whole suite in its own test file.
 *
 * @param database creates a new, empty database
 */
export function storeContract(name: string, database: () => Promise<TestDatabase>): void {
  describe(`the store on ${name}`, () => {
    organizationsContract(database)
    environmentsContract(database)
    projectsContract(database)
    policiesContract(database)
    peopleContract(database)
    passkeysContract(database)
    providerLinksContract(database)
    secondFactorsContract(database)
    pipelinesContract(database)
    deploymentsContract(database)
    quotaUsageContract(database)
    consumersContract(database)
    keysContract(database)
    handOversContract(database)
    keyListsContract(database)
    rolesContract(database)
    externalKeysContract(database)
    secretUsageContract(database)
    usageContract(database)
    signingKeysContract(database)
    issuersContract(database)
    secretsContract(database)
    basicCredentialsContract(database)
    probesContract(database)
    scheduleRunsContract(database)
    idempotentAnswersContract(database)
    uniqueConstraintsContract(database)
    updatesContract(database)
    pagingContract(database)
    transactionsContract(database)
    auditRecordsContract(database)
    auditSearchContract(database)
    auditSigningContract(database)
    webhooksContract(database)
    writeDeadlinesContract(database)
    gatewaysContract(database)
    masterKeyCheckContract(database)
    feedContract(database)
    changesAndSnapshotContract(database)
    tenancyContract(database)
    migrationsContract(database)
    olderDatabasesContract(database)
  })
}
