// The unit tests of one folder, for mutation testing. Stryker's runner sets the folder, and cannot select a project of
// vitest.config.ts.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/*.postgres.test.ts'],
    allowOnly: false,
    testTimeout: 20_000,
  },
})
