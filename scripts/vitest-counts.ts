/** How a suite ended, in tests. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  /** Sentences about failures that are no test's own. */
  readonly remarks: readonly string[]
}

/** The part that is read of the report of Vitest's JSON reporter, which has the form of Jest's. */
interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

/**
 * Counts a Vitest run. A test that was skipped or only planned counts as failed, and so does a file that broke outside
 * its tests or holds none, a run that ended badly without naming a test, and a run without tests.
 *
 * @param text the JSON report, or nothing when Vitest wrote none
 * @param ok whether Vitest ended with status 0
 */
export function countVitest(text: string | undefined, ok: boolean): Counts {
  if (text === undefined) return { passed: 0, failed: 1, remarks: ['Vitest ended without a report.'] }
  const report = JSON.parse(text) as Report
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const remarks: string[] = []
  if (skipped > 0)
    remarks.push(`${skipped} did not run: skipped, planned, or behind a hook that failed. None may.`)
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    const failedByItself = status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
    return failedByItself || assertionResults.length === 0
  })
  for (const { name, message } of broken) {
    remarks.push(`${name} broke outside its tests or has none: ${message ?? ''}`)
  }
  let failed = report.numFailedTests + skipped + broken.length
  if (failed === 0 && passed === 0) {
    failed = 1
    remarks.push('No test ran.')
  }
  if (failed === 0 && !ok) {
    failed = 1
    remarks.push('Vitest failed although every test passed.')
  }
  return { passed, failed, remarks }
}
