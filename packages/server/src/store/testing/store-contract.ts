import { describe } from 'vitest'
import { basicCredentialsContract } from './basic-credentials.ts'
import { changesAndSnapshotContract } from './changes-and-snapshot.ts'
import { credentialThingsContract } from './credential-things.ts'
import { environmentThingsContract } from './environment-things.ts'
import { deploymentHistoryContract } from './deployment-history.ts'
import { feedContract } from './feed.ts'
import type { TestDatabase } from './fixtures.ts'
import { pagingContract } from './paging.ts'
import { pipelineThingsContract } from './pipeline-things.ts'
import { olderTablesContract } from './older-tables.ts'
import { runsAndProbesContract } from './runs-and-probes.ts'
import { tablesContract } from './tables.ts'
import { tenancyContract } from './tenancy.ts'
import { tenantThingsContract } from './tenant-things.ts'
import { transactionsContract } from './transactions.ts'
import { useAndAnswersContract } from './use-and-answers.ts'

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
