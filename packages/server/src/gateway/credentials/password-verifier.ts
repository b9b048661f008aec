import { verifyPassword } from '../../crypto/password-hash.ts'
import { FairSemaphore, type FairSemaphoreLimits } from '../../fairness/fair-semaphore.ts'
import type { Tenant } from '../../fairness/fair-share.ts'

/**
 * Three verifications at a time use 57 MiB of memory and three of the four threads that Node.js also resolves names with.
 * An organization can use two of them, and one network one. At about 40 ms each, its last waiting one starts after 5 s.
 */
const CONCURRENCY: FairSemaphoreLimits = { runningMax: 3, waitingMax: 256 }

/** Overrides of how passwords are verified, for tests. */
export interface PasswordOptions {
  readonly verify?: typeof verifyPassword
  readonly concurrency?: FairSemaphoreLimits
}

/** Verifies passwords in turns of their tenants, a few at a time in a process. */
export interface PasswordVerifier {
  /**
   * @returns whether a password has this hash
   * @throws Problem `unavailable`, as a rejection, when too many verifications wait
   */
  verify(tenant: Tenant, password: string, hash: string): Promise<boolean>
}

export function passwordVerifier({
  verify = verifyPassword,
  concurrency = CONCURRENCY,
}: PasswordOptions = {}): PasswordVerifier {
  const semaphore = new FairSemaphore(concurrency)
  return {
    verify: async (tenant, password, hash) =>
      await semaphore.run(tenant, async () => await verify(password, hash)),
  }
}
