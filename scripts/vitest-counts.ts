/** The test counts of a suite. */
export interface Counts {
  readonly passed: number
  readonly failed: number
  /** Sentences about failures outside tests. */
  readonly remarks: readonly string[]
}

/** The used part of a report by Vitest's JSON reporter, which has Jest's format. */
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
 * Counts a Vitest run. These count as failed: a skipped or todo test, a file that fails outside its tests or has no
 * tests, a run with a bad exit status but no failed test, and a run without tests.
 *
 * @param text the JSON report, or undefined if Vitest wrote none
 * @param ok whether Vitest exited with status 0
 */
export function countVitest(text: string | undefined, ok: boolean): Counts {
  if (text === undefined) return { passed: 0, failed: 1, remarks: ['Vitest wrote no report.'] }
  const report = JSON.parse(text) as Report
  const passed = report.numPassedTests
  const skipped = report.numPendingTests + report.numTodoTests
  const remarks: string[] = []
  if (skipped > 0)
    remarks.push(
      `${skipped} tests did not run: they are skipped or todo, or a hook failed. All tests must run.`,
    )
  const broken = report.testResults.filter(({ status, assertionResults }) => {
    const failedOutsideTests =
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed')
    return failedOutsideTests || assertionResults.length === 0
  })
  for (const { name, message } of broken) {
    remarks.push(`${name} failed outside its tests or has none: ${message ?? ''}`)
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
