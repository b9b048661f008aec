import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Test files that use the run's PostgreSQL, beside the code they test. */
const STORE_TESTS = [
  'packages/server/src/store/**/*.test.ts',
  'packages/**/*.postgres.test.ts',
  'test/services/**/*.test.ts',
]

/** Test files in `test/` that start nothing. */
const SOURCE_TESTS = [
  'test/architecture.test.ts',
  'test/openapi.test.ts',
  'test/proxies/documents.test.ts',
  'test/scan-rules.test.ts',
  'test/spec-schema.test.ts',
  'test/stream-model.test.ts',
]

/** Test files that measure whole servers, or depend on when something happens: two at a time would disturb each other. */
const TIMING_TESTS = 'test/timing/**/*.test.ts'

/** Test files that take a minute or more, the longest first: some of them are short, so that their size does not tell. */
const LONG = [
  'dashboard/looks',
  'isolation',
  'fuzzing',
  'dashboard/states',
  'dashboard/keys',
  'dashboard/portal',
  'faults',
  'fleet-faults',
  'dashboard/access',
  'dashboard/pipelines',
  'crash',
  'shutdown',
  'npm-scripts',
].map((name) => `/test/${name}.test.ts`)

function rankOf({ moduleId }: TestSpecification): number {
  const index = LONG.findIndex((end) => moduleId.endsWith(end))
  return index < 0 ? LONG.length : index
}

/** Starts long files first, so that no worker is idle while the last one runs. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

/**
 * The files of a worker share its process and its modules, which would take a third of the time to load for each file
 * again. So no test may replace a module, or leave a global variable or the process changed. What a test waits for may
 * take long on a machine that is busy with other suites.
 */
const SHARED = { isolate: false, expect: { poll: { timeout: 60_000 } } }

const POSTGRES = { globalSetup: ['test/services/global-setup.ts'] }
/** The suites that start the server as a program. */
const PROGRAMS = { globalSetup: [...POSTGRES.globalSetup, 'test/services/builds.ts'] }

export default defineConfig({
  test: {
    allowOnly: false,
    // One more than the cores of the smallest machine, because many tests wait for something.
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', '{scripts,bench}/**/*.test.ts', ...SOURCE_TESTS],
          // The benchmark installs a peer below its own folder, tests and all.
          exclude: ['**/node_modules/**', ...STORE_TESTS],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...SHARED,
        },
      },
      {
        test: {
          name: 'store',
          include: STORE_TESTS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...SHARED,
          ...POSTGRES,
        },
      },
      {
        test: {
          name: 'process',
          include: ['test/**/*.test.ts'],
          exclude: [...SOURCE_TESTS, ...STORE_TESTS, TIMING_TESTS],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...SHARED,
          ...PROGRAMS,
        },
      },
      {
        test: {
          name: 'timing',
          include: [TIMING_TESTS],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: SHARED.expect,
          ...PROGRAMS,
        },
      },
    ],
  },
})
