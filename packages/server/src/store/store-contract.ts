import { describe } from 'vitest'
import { basicCredentialsContract } from './contract/basic-credentials.ts'
import { changesAndSnapshotContract } from './contract/changes-and-snapshot.ts'
import { credentialThingsContract } from './contract/credential-things.ts'
import { environmentThingsContract } from './contract/environment-things.ts'
import { deploymentHistoryContract } from './contract/deployment-history.ts'
import { feedContract } from './contract/feed.ts'
import type { TestDatabase } from './contract/fixtures.ts'
import { pagingContract } from './contract/paging.ts'
import { pipelineThingsContract } from './contract/pipeline-things.ts'
import { olderTablesContract } from './contract/older-tables.ts'
import { runsAndProbesContract } from './contract/runs-and-probes.ts'
import { tablesContract } from './contract/tables.ts'
import { tenancyContract } from './contract/tenancy.ts'
import { tenantThingsContract } from './contract/tenant-things.ts'
import { transactionsContract } from './contract/transactions.ts'
import { useAndAnswersContract } from './contract/use-and-answers.ts'

/**
 * What every store keeps to. Each database behind the port runs this whole suite in its own test file.
 *
 * @param database makes a new, empty database
 */
export function storeContract(name: string, database: () => Promise<TestDatabase>): void {
  describe(`${name} keeps to the store's contract`, () => {
    tenantThingsContract(database)
    pipelineThingsContract(database)
    deploymentHistoryContract(database)
    credentialThingsContract(database)
    environmentThingsContract(database)
    basicCredentialsContract(database)
    runsAndProbesContract(database)
    useAndAnswersContract(database)
    pagingContract(database)
    transactionsContract(database)
    feedContract(database)
    changesAndSnapshotContract(database)
    tenancyContract(database)
    tablesContract(database)
    olderTablesContract(database)
  })
}
