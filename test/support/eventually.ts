import { vi } from 'vitest'

/** How long a condition may take to come true on a machine that is busy with other tests, in ms. */
const PATIENCE_MS = 100_000

/**
 * Repeats a check until it passes, and fails with its error when the condition does not come true.
 *
 * @param check throws while the condition does not hold
 * @returns what the check returns
 */
export async function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(check, { timeout: PATIENCE_MS })
}
