import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import { entitiesContract } from '../testing/suites/entities-contract.ts'
import { contractDatabases } from './testing/postgres-database.ts'

entitiesContract('PostgreSQL', contractDatabases(openTestDatabase))
