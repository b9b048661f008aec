// The unit tests of one folder, for mutation testing. Stryker's runner sets the folder, and cannot select a project of
// vitest.config.ts.

import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Runs quick test files first: most mutants are found by one of them, and the first failure ends the run. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const durationMs = (file: TestSpecification) =>
      this.ctx.cache.getTestSpecificationResult(file)?.duration ?? 0
    return files.toSorted((one, other) => durationMs(one) - durationMs(other))
  }
}

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/*.postgres.test.ts'],
    allowOnly: false,
    // Stryker has its own limit for each mutant, from the time that the tests took without one.
    testTimeout: 120_000,
    sequence: { sequencer: QuickFirst },
  },
})
