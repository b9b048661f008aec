import { SallyportError } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { exitCodeOf, failureText, InterruptedError, UsageError } from './failure.ts'

function problem(code: string, status: number, more: Record<string, unknown> = {}): SallyportError {
  return new SallyportError({ code, status, detail: 'What happened.', problem: more, requestId: 'r1' })
}

test.each<[unknown, number]>([
  [new UsageError('wrong'), 1],
  [new TypeError('a mistake'), 1],
  [new InterruptedError(), 130],
  [problem('network_error', 0), 1],
  [problem('not_found', 404), 1],
  [problem('deployment_refused', 422), 3],
  [problem('unauthenticated', 401), 4],
  [problem('permission_missing', 403), 4],
  [problem('address_not_allowed', 403), 4],
  [problem('quota_exceeded', 403), 1],
  [problem('unexpected_answer', 403), 1],
])('%o ends with %i', (error, code) => {
  expect(exitCodeOf(error)).toBe(code)
})

test('each wrong place and each violation has its line, and no text moves the cursor', () => {
  const error = problem('deployment_refused', 422, {
    errors: [{ path: '/name', message: 'Use\u001B[2J letters.' }],
    violations: [{ path: '/trigger', required: 'api-key', found: ['\u009B2J'], fix: 'Set it.\u0007' }],
  })
  expect(failureText(error)).toBe(
    [
      'What happened. (deployment_refused)',
      '  /name: Use [2J letters.',
      '  /trigger: required api-key, found [" 2J"]',
      '    Set it. ',
      'Request r1',
    ].join('\n'),
  )
})

test('the reason of a failed connection is that of the system, and never quotes a header', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  const causes = [
    new TypeError('fetch failed', { cause: refused }),
    new TypeError('"Bearer sp_sk_x" is invalid'),
  ]
  const texts = causes.map((cause) =>
    failureText(new SallyportError({ code: 'network_error', status: 0, detail: 'No answer.', cause })),
  )
  expect(texts).toEqual([
    'No answer. (network_error)\n  connect ECONNREFUSED 127.0.0.1:1',
    'No answer. (network_error)',
  ])
})
