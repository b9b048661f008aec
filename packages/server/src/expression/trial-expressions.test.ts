import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { TrialExpressions } from './trial-expressions.ts'

const TASK = {
  tenant: { organization: 'acme', pipeline: 'key_1' },
  expressions: ['n + 1'],
  message: '{"n":1}',
}

test('its processes end after the last evaluation, and start again', async () => {
  await using expressions = new TrialExpressions(0)
  expect(expressions.pids).toEqual([])
  const values = { kind: 'values', values: ['2'] }
  expect(await Promise.all([expressions.evaluate(TASK), expressions.evaluate(TASK)])).toEqual([
    values,
    values,
  ])
  while (expressions.pids.length > 0) await setImmediate()
  expect(await expressions.evaluate(TASK)).toEqual(values)
})

test('its processes end with it', async () => {
  const expressions = new TrialExpressions()
  await expressions.evaluate(TASK)
  const { pids } = expressions
  expect(pids.length).toBeGreaterThan(0)
  await expressions[Symbol.asyncDispose]()
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
