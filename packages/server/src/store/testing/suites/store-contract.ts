import { describe } from 'vitest'
import type { TestDatabase } from '../fixtures.ts'
import { auditRecordsContract } from './audit-records.ts'
import { auditSearchContract } from './audit-search.ts'
import { auditSigningContract } from './audit-signing.ts'
import { changesAndSnapshotContract } from './changes-and-snapshot.ts'
import { feedContract } from './feed.ts'
import { fleetContract } from './fleet.ts'
import { gatewaysContract } from './gateways.ts'
import { masterKeyCheckContract } from './master-key-check.ts'
import { migrationsContract } from './migrations.ts'
import { olderDatabasesContract } from './older-databases.ts'
import { ownerMailsContract } from './owner-mails.ts'
import { pagingContract } from './paging.ts'
import { tenancyContract } from './tenancy.ts'
import { transactionsContract } from './transactions.ts'
import { uniqueConstraintsContract } from './unique-constraints.ts'
import { updatesContract } from './updates.ts'
import { webhooksContract } from './webhooks.ts'
import { writeDeadlinesContract } from './write-deadlines.ts'
import { writeGroupsContract } from './write-groups.ts'

/**
 * What every store guarantees about all entities alike, and about itself. Each database runs this suite in its own test file.
 *
 * @param database creates a new, empty database
 */
export function storeContract(name: string, database: () => Promise<TestDatabase>): void {
  describe(`the store on ${name}`, () => {
    uniqueConstraintsContract(database)
    updatesContract(database)
    pagingContract(database)
    transactionsContract(database)
    auditRecordsContract(database)
    auditSearchContract(database)
    auditSigningContract(database)
    webhooksContract(database)
    ownerMailsContract(database)
    writeDeadlinesContract(database)
    writeGroupsContract(database)
    gatewaysContract(database)
    fleetContract(database)
    masterKeyCheckContract(database)
    feedContract(database)
    changesAndSnapshotContract(database)
    tenancyContract(database)
    migrationsContract(database)
    olderDatabasesContract(database)
  })
}
