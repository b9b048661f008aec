import type { Database } from '../database/schema.ts'
import type { MasterKeyCheck } from '../port/master-key-check.ts'

declare module '../database/schema.ts' {
  interface Schema {
    master_key_checks: MasterKeyChecksTable
  }
}

interface MasterKeyChecksTable {
  number: number
  value: string
  created_at: number
}

/** The one row's number. */
const ONLY_ROW = 1

/** @param db runs each statement in a transaction of its own */
export function masterKeyCheck(db: Database): MasterKeyCheck {
  const get = async (): Promise<string | undefined> => {
    const row = await db
      .selectFrom('master_key_checks')
      .select('value')
      .where('number', '=', ONLY_ROW)
      .executeTakeFirst()
    return row?.value
  }
  return {
    get,

    async put(value, atMs) {
      // A transaction waits for the write lock; a statement alone does not on SQLite.
      await db.transaction().execute(
        async (tx) =>
          await tx
            .insertInto('master_key_checks')
            .values({ number: ONLY_ROW, value, created_at: atMs })
            .onConflict((conflict) => conflict.column('number').doNothing())
            .execute(),
      )
      return (await get()) ?? value
    },

    async anySealed() {
      const signingKey = await db
        .selectFrom('signing_keys')
        .select(['organization', 'environment', 'id', 'sealed_private_jwk as sealed'])
        .limit(1)
        .executeTakeFirst()
      if (signingKey !== undefined) return { kind: 'signing-key', ...signingKey }
      const secret = await db
        .selectFrom('environment_secrets')
        .select(['organization', 'environment', 'id', 'sealed_value as sealed'])
        .limit(1)
        .executeTakeFirst()
      return secret === undefined ? undefined : { kind: 'environment-secret', ...secret }
    },
  }
}
