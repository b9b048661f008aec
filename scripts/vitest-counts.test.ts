import { describe, expect, test } from 'vitest'
import { countVitest } from './vitest-counts.ts'

interface FileResult {
  readonly status?: string
  readonly message?: string
  readonly tests: readonly string[]
}

/** A report in the format of Vitest's JSON reporter, for files with the given test results. */
function report(...files: FileResult[]): string {
  const count = (status: string) => files.flatMap(({ tests }) => tests).filter((one) => one === status).length
  return JSON.stringify({
    numPassedTests: count('passed'),
    numFailedTests: count('failed'),
    numPendingTests: count('skipped'),
    numTodoTests: count('todo'),
    testResults: files.map(({ status = 'passed', message = '', tests }, index) => ({
      name: `file-${index}.test.ts`,
      status,
      message,
      assertionResults: tests.map((one) => ({ status: one })),
    })),
  })
}

describe('the counts of a Vitest run', () => {
  test('are the numbers of passed and failed tests', () => {
    const text = report({ tests: ['passed', 'passed'] }, { status: 'failed', tests: ['passed', 'failed'] })
    expect(countVitest(text, false)).toEqual({ passed: 3, failed: 1, remarks: [] })
    expect(countVitest(report({ tests: ['passed'] }), true)).toEqual({ passed: 1, failed: 0, remarks: [] })
  })

  test.each([
    ['a skipped test', report({ tests: ['passed', 'skipped'] }), true, /skipped/],
    ['a todo test', report({ tests: ['passed', 'todo'] }), true, /todo/],
    [
      'a file that does not load',
      report({ tests: ['passed'] }, { status: 'failed', tests: [] }),
      false,
      /file-1/,
    ],
    ['a file without tests', report({ tests: ['passed'] }, { tests: [] }), true, /file-1/],
    ['an error outside all tests', report({ tests: ['passed'] }), false, /although every test passed/],
  ])('include one failure for %s', (_name, text, ok, remark) => {
    expect(countVitest(text, ok)).toEqual({ passed: 1, failed: 1, remarks: [expect.stringMatching(remark)] })
  })

  test.each([
    ['no test ran', report(), true],
    ['there is no report', undefined, true],
    ['there is no report and Vitest failed', undefined, false],
  ])('include one failure if %s', (_name, text, ok) => {
    expect(countVitest(text, ok)).toMatchObject({ passed: 0, failed: 1 })
  })
})
