import type { Database } from '../../database/schema.ts'
import type {
  AuthenticatorRow,
  SecondFactorReader,
  SecondFactorWriter,
} from '../../port/people/second-factors.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    authenticators: AuthenticatorsTable
    recovery_codes: RecoveryCodesTable
  }
}

interface AuthenticatorsTable {
  person: string
  sealed_secret: string
  created_at: number
  confirmed_at: number | null
  last_step: number | null
}

interface RecoveryCodesTable {
  person: string
  digest: string
}

function authenticatorRow(row: AuthenticatorsTable): AuthenticatorRow {
  return {
    person: row.person,
    sealedSecret: row.sealed_secret,
    createdAtMs: row.created_at,
    confirmedAtMs: row.confirmed_at,
    lastStep: row.last_step,
  }
}

export function secondFactorReader(db: Database): SecondFactorReader {
  return {
    async authenticator(person) {
      const row = await db
        .selectFrom('authenticators')
        .selectAll()
        .where('person', '=', person)
        .executeTakeFirst()
      return row && authenticatorRow(row)
    },

    async countRecoveryCodes(person) {
      const { codes } = await db
        .selectFrom('recovery_codes')
        .select((eb) => eb.fn.countAll<number>().as('codes'))
        .where('person', '=', person)
        .executeTakeFirstOrThrow()
      return codes
    },
  }
}

export function secondFactorWriter(db: Database): SecondFactorWriter {
  const removeRecoveryCodes = async (person: string): Promise<void> => {
    await db.deleteFrom('recovery_codes').where('person', '=', person).execute()
  }

  return {
    ...secondFactorReader(db),

    async saveAuthenticator(row) {
      const columns = {
        sealed_secret: row.sealedSecret,
        created_at: row.createdAtMs,
        confirmed_at: row.confirmedAtMs,
        last_step: row.lastStep,
      }
      await db
        .insertInto('authenticators')
        .values({ person: row.person, ...columns })
        .onConflict((conflict) => conflict.column('person').doUpdateSet(columns))
        .execute()
    },

    async saveRecoveryCodes(person, digests) {
      await removeRecoveryCodes(person)
      if (digests.length === 0) return
      await db
        .insertInto('recovery_codes')
        .values(digests.map((digest) => ({ person, digest })))
        .execute()
    },

    async takeRecoveryCode(person, digest) {
      const { numDeletedRows } = await db
        .deleteFrom('recovery_codes')
        .where('person', '=', person)
        .where('digest', '=', digest)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },

    async removeAll(person) {
      await db.deleteFrom('authenticators').where('person', '=', person).execute()
      await removeRecoveryCodes(person)
    },
  }
}
