import { describe } from 'vitest'
import type { TestDatabase } from '../fixtures.ts'
import { basicCredentialsContract } from './basic-credentials.ts'
import { consumersContract } from './consumers.ts'
import { deletedKeysContract } from './deleted-keys.ts'
import { deploymentsContract } from './deployments.ts'
import { environmentsContract } from './environments.ts'
import { externalKeysContract } from './external-keys.ts'
import { handOversContract } from './hand-overs.ts'
import { importsContract } from './imports.ts'
import { portalSessionsContract } from './portal-sessions.ts'
import { leaksContract } from './leaks.ts'
import { rotationsContract } from './rotations.ts'
import { idempotentAnswersContract } from './idempotent-answers.ts'
import { issuersContract } from './issuers.ts'
import { keyListsContract } from './key-lists.ts'
import { keyAgesContract } from './key-ages.ts'
import { keysContract } from './keys.ts'
import { organizationsContract } from './organizations.ts'
import { passkeysContract } from './passkeys.ts'
import { peopleContract } from './people.ts'
import { pipelinesContract } from './pipelines.ts'
import { policiesContract } from './policies.ts'
import { probesContract } from './probes.ts'
import { projectsContract } from './projects.ts'
import { providerLinksContract } from './provider-links.ts'
import { quotaUsageContract } from './quota-usage.ts'
import { removedPipelinesContract } from './removed-pipelines.ts'
import { rolesContract } from './roles.ts'
import { scheduleRunsContract } from './schedule-runs.ts'
import { secondFactorsContract } from './second-factors.ts'
import { secretUsageContract } from './secret-usage.ts'
import { secretsContract } from './secrets.ts'
import { variablesContract } from './variables.ts'
import { signingKeysContract } from './signing-keys.ts'
import { usageContract } from './usage.ts'
import { usageLogContract } from './usage-log.ts'

/**
 * What every store guarantees about each kind of entity. Each database runs this suite in its own test file.
 *
 * @param database creates a new, empty database
 */
export function entitiesContract(name: string, database: () => Promise<TestDatabase>): void {
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
    removedPipelinesContract(database)
    quotaUsageContract(database)
    consumersContract(database)
    keysContract(database)
    deletedKeysContract(database)
    handOversContract(database)
    portalSessionsContract(database)
    leaksContract(database)
    importsContract(database)
    rotationsContract(database)
    keyListsContract(database)
    keyAgesContract(database)
    rolesContract(database)
    externalKeysContract(database)
    secretUsageContract(database)
    usageContract(database)
    usageLogContract(database)
    signingKeysContract(database)
    issuersContract(database)
    secretsContract(database)
    variablesContract(database)
    basicCredentialsContract(database)
    probesContract(database)
    scheduleRunsContract(database)
    idempotentAnswersContract(database)
  })
}
