import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createExpressions, type EvaluationResult, type ExpressionsOptions } from './expressions.ts'

/** Generous limits, for a machine that is busy with other suites. */
const PATIENT = {
  evaluationMs: 20_000,
  answerGraceMs: 20_000,
  waitMs: 60_000,
  startMs: 60_000,
  workersMax: 2,
}

const FOREVER = '($f := function($n){$f($n + 1)}; $f(0))'
const MESSAGE = JSON.stringify({ body: { id: 7 } })

function open(options: ExpressionsOptions): ReturnType<typeof createExpressions> {
  return createExpressions(options)
}

async function evaluate(
  expressions: ReturnType<typeof createExpressions>,
  expression: string,
  organization = 'acme',
): Promise<EvaluationResult> {
  const tenant = { organization, pipeline: 'orders' }
  return await expressions.evaluate({ tenant, expressions: [expression], message: MESSAGE })
}

/** Whether a process is running. A zombie process is not. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  if (process.platform !== 'linux') return true
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20)
}

const TENANT = { organization: 'acme', pipeline: 'orders' }
const SEVEN = { kind: 'values', values: ['7'] }

describe('stops an endless or memory-hungry expression:', () => {
  test.each<[string, string, readonly string[]]>([
    ['a loop', FOREVER, ['timeout']],
    [
      'a regular expression with catastrophic backtracking',
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      ['timeout'],
    ],
    ['lists in lists', '[[1..10000000], [1..10000000], [1..10000000]]', ['timeout', 'memory']],
    ['lists of lists', '[1..10000000].[1..10000000]', ['timeout', 'memory']],
    ['a gigabyte of padding', '$pad("x", 1000000000)', ['timeout', 'memory']],
    ['a string that doubles', '($f := function($s){$f($s & $s)}; $f("x"))', ['timeout', 'memory']],
    [
      'a doubled string that is then read',
      '$uppercase(($f := function($s, $n){$n = 0 ? $s : $f($s & $s, $n - 1)}; $f("x", 28)))',
      ['timeout', 'memory'],
    ],
    ['a list that doubles', '($f := function($s){$f([$s, $s])}; $f("x"))', ['timeout', 'memory']],
    [
      'a huge reduction',
      '$reduce([1..10000000], function($a, $b){$a & $b & "xxxxxxxxxxxxxxxxxxxxxxxxxxx"})',
      ['timeout', 'memory'],
    ],
    [
      'recursion that is not a tail call',
      '($f := function($n){1 + $f($n + 1)}; $f(0))',
      ['timeout', 'memory', 'error'],
    ],
    ['a huge result', '[1..9000000]', ['timeout', 'memory', 'too_large']],
    [
      'a deeply nested result',
      '($f := function($s, $n){$n = 0 ? $s : $f({"a": $s}, $n - 1)}; $f(1, 20000))',
      ['timeout', 'memory', 'error'],
    ],
  ])('%s', async (_name, expression, reasons) => {
    await using expressions = open({ ...PATIENT, evaluationMs: 500 })
    const result = await evaluate(expressions, expression)
    expect(result.kind === 'failed' ? reasons : result).toContain((result as { reason?: string }).reason)
    expect(await untilServed(expressions)).toEqual(SEVEN)
  })

  test('a process that exceeds its memory limit is killed', async () => {
    await using expressions = open({ ...PATIENT, residentMiBMax: 1 })
    const result = await evaluate(expressions, FOREVER)
    const reason = process.platform === 'linux' ? 'memory' : 'timeout'
    expect(result).toMatchObject({ kind: 'failed', reason })
  })

  test('a process that does not respond is killed', async () => {
    await using expressions = open({ ...PATIENT, answerGraceMs: 300, evaluationMs: 300 })
    expect(await untilServed(expressions)).toEqual(SEVEN)
    const [pid] = expressions.pids
    process.kill(pid as number, 'SIGSTOP')
    expect(await evaluate(expressions, 'body.id')).toMatchObject({ kind: 'failed', reason: 'timeout' })
    expect(isRunning(pid as number)).toBe(false)
    expect(await untilServed(expressions)).toEqual(SEVEN)
  })
})

/** With short limits a simple evaluation may time out on a busy machine, so it is repeated until it succeeds. */
async function untilServed(
  expressions: ReturnType<typeof createExpressions>,
  organization?: string,
): Promise<EvaluationResult> {
  for (;;) {
    const result = await evaluate(expressions, 'body.id', organization)
    if (result.kind === 'values' || !['timeout', 'busy'].includes(result.reason)) return result
  }
}

describe('while one organization occupies its workers', () => {
  test('another organization is served, and the event loop is not blocked', async () => {
    const expressions = open(PATIENT)
    let loopsOver = 0
    // As many pipelines as there are loops: more pipelines are no larger share.
    const loops = Array.from({ length: 6 }, async (_, index) => {
      const result = await expressions.evaluate({
        tenant: { organization: 'loops', pipeline: `pipeline ${index}` },
        expressions: [FOREVER],
        message: MESSAGE,
      })
      loopsOver += 1
      return result
    })
    let ticks = 0
    const ticking = setInterval(() => (ticks += 1), 5)
    const served: EvaluationResult[] = []
    for (let index = 0; index < 20; index += 1) {
      served.push(await evaluate(expressions, 'body.id', 'other'))
    }
    clearInterval(ticking)
    expect(served).toEqual(served.map(() => SEVEN))
    // Each loop takes 20 s, and one runs at a time, so the other organization did not wait for all of them.
    expect(loopsOver).toBeLessThan(2)
    expect(ticks).toBeGreaterThan(0)
    await expressions[Symbol.asyncDispose]()
    for (const loop of await Promise.all(loops)) expect(loop.kind).toBe('failed')
  })

  test('its own requests fail after the maximum wait, and beyond the maximum queue length', async () => {
    await using expressions = open({
      ...PATIENT,
      evaluationMs: 3000,
      waitMs: 200,
      waitingMax: 3,
    })
    expect(await untilServed(expressions)).toEqual(SEVEN)
    const running = evaluate(expressions, FOREVER)
    const waiting = [1, 2, 3].map(async () => await evaluate(expressions, 'body.id'))
    const busy = { kind: 'failed', reason: 'busy' }
    expect(await evaluate(expressions, 'body.id')).toMatchObject(busy)
    for (const result of await Promise.all(waiting)) expect(result).toMatchObject(busy)
    expect(await running).toMatchObject({ reason: 'timeout' })
    expect(await untilServed(expressions)).toEqual(SEVEN)
  })
})

/** The scheduling policy of a process (proc_pid_stat(5), field 41): 0 is normal, 5 is `SCHED_IDLE`. */
function policyOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[38])
}

describe('an organization with long evaluations', () => {
  const SHORT_LIMIT = { ...PATIENT, evaluationMs: 400 }

  test('gets processes of its own, which use only idle CPU time on Linux', async () => {
    await using expressions = open(SHORT_LIMIT)
    expect(await untilServed(expressions, 'other')).toEqual(SEVEN)
    const shared = expressions.pids
    // On a busy machine one evaluation may get too little CPU time until its time limit.
    while (expressions.pids.length === 1) {
      expect(await evaluate(expressions, FOREVER, 'long')).toMatchObject({ reason: 'timeout' })
    }
    expect(await untilServed(expressions, 'long')).toEqual(SEVEN)
    const background = expressions.pids.filter((pid) => !shared.includes(pid))
    expect(background).toHaveLength(1)
    expect(await untilServed(expressions, 'other')).toEqual(SEVEN)
    expect(expressions.pids).toEqual([...shared, ...background])
    if (process.platform !== 'linux') return
    expect(shared.map(policyOf)).toEqual([0])
    expect(background.map(policyOf)).toEqual([5])
  })

  test('is not one whose short evaluations take long because this process is busy', async () => {
    await using expressions = open(PATIENT)
    expect(await evaluate(expressions, 'body.id')).toEqual(SEVEN)
    const { pids } = expressions
    for (let round = 0; round < 5; round += 1) {
      const evaluating = evaluate(expressions, 'body.id')
      const endMs = performance.now() + 100
      while (performance.now() < endMs);
      expect(await evaluating).toEqual(SEVEN)
    }
    expect(expressions.pids).toEqual(pids)
  })

  test('is not one with many short evaluations', async () => {
    await using expressions = open(PATIENT)
    const callers = Array.from({ length: 4 }, async () => {
      for (let index = 0; index < 500; index += 1) {
        expect(await evaluate(expressions, 'body.id')).toEqual(SEVEN)
      }
    })
    await Promise.all(callers)
    expect(expressions.pids.length).toBeLessThanOrEqual(PATIENT.workersMax)
  })

  test('does not keep others waiting behind what it had sent before', async () => {
    await using expressions = open({ ...SHORT_LIMIT, workersMax: 1, backgroundWorkersMax: 1 })
    const loops = Array.from({ length: 5 }, async () => await evaluate(expressions, FOREVER, 'long'))
    const first = await Promise.race(loops)
    expect(first).toMatchObject({ reason: 'timeout' })
    expect(await untilServed(expressions, 'other')).toEqual(SEVEN)
    for (const result of await Promise.all(loops)) expect(result).toMatchObject({ reason: 'timeout' })
  })

  test('has failed when everything ends, wherever it was waiting', async () => {
    const expressions = open({ ...SHORT_LIMIT, workersMax: 1, backgroundWorkersMax: 1 })
    const loops = Array.from({ length: 5 }, async () => await evaluate(expressions, FOREVER, 'long'))
    await Promise.race(loops)
    const { pids } = expressions
    await expressions[Symbol.asyncDispose]()
    const results = await Promise.all(loops)
    expect(results.filter(({ kind }) => kind === 'failed')).toHaveLength(5)
    expect(pids.filter(isRunning)).toEqual([])
  })
})

describe('an evaluation', () => {
  test('returns a value for each expression, for any Unicode text', async () => {
    await using expressions = open(PATIENT)
    const body = `"\\\u2028\u0000é\u{1f511}\ud800`
    const message = JSON.stringify({ body })
    const result = await expressions.evaluate({
      tenant: TENANT,
      expressions: ['body', '$count(**)', 'nothing', '"é\u{1f511}"'],
      message,
    })
    expect(result).toEqual({
      kind: 'values',
      values: [JSON.stringify(body), '2', undefined, '"é\u{1f511}"'],
    })
    expect(await expressions.evaluate({ tenant: TENANT, expressions: [], message })).toEqual({
      kind: 'values',
      values: [],
    })
  })

  test('accepts messages, results and expression counts up to their limits', async () => {
    await using expressions = open(PATIENT)
    const text = 'x'.repeat(8 * 1024 * 1024 - 2)
    const request = { tenant: TENANT, expressions: ['$length($)'], message: JSON.stringify(text) }
    expect(await expressions.evaluate(request)).toEqual({ kind: 'values', values: [String(text.length)] })
    const whole = await expressions.evaluate({ ...request, expressions: ['$'] })
    expect(whole).toEqual({ kind: 'values', values: [request.message] })
    const tooLarge = { kind: 'failed', reason: 'too_large' }
    expect(await expressions.evaluate({ ...request, expressions: ['$ & "x"'] })).toMatchObject(tooLarge)
    expect(await expressions.evaluate({ ...request, message: `${request.message} ` })).toMatchObject(tooLarge)
    expect(
      await expressions.evaluate({
        ...request,
        expressions: Array.from({ length: 257 }, () => '1'),
        message: '1',
      }),
    ).toMatchObject(tooLarge)
  })

  test('uses at most the maximum number of processes', async () => {
    await using expressions = open({ ...PATIENT, workersMax: 3 })
    expect(expressions.pids).toEqual([])
    const organizations = ['a', 'b', 'c', 'd', 'e']
    const all = organizations.flatMap((organization) =>
      Array.from({ length: 20 }, async () => await evaluate(expressions, 'body.id', organization)),
    )
    for (const result of await Promise.all(all)) expect(result).toEqual(SEVEN)
    expect(expressions.pids.length).toBeGreaterThan(0)
    expect(expressions.pids.length).toBeLessThanOrEqual(3)
  })
})

describe('a worker process', () => {
  test('that is killed fails its evaluation and is replaced', async () => {
    await using expressions = open(PATIENT)
    await evaluate(expressions, 'body.id')
    const [pid] = expressions.pids
    const evaluating = evaluate(expressions, FOREVER)
    process.kill(pid as number, 'SIGKILL')
    expect(await evaluating).toMatchObject({
      kind: 'failed',
      reason: 'error',
      detail: expect.stringContaining('SIGKILL'),
    })
    expect(await evaluate(expressions, 'body.id')).toEqual(SEVEN)
    expect(expressions.pids).not.toContain(pid)
  })

  test('that has run low on memory is not reused', async () => {
    await using expressions = open(PATIENT)
    for (let round = 0; round < 5; round += 1) {
      // A list of 72 MB plus the memory to build it sometimes fits.
      await evaluate(expressions, '$count([1..9000000])')
      expect(await evaluate(expressions, 'body.id')).toEqual(SEVEN)
    }
  })

  test('ignores signals that are meant for its parent', async () => {
    await using expressions = open(PATIENT)
    await evaluate(expressions, 'body.id')
    const [pid] = expressions.pids
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid as number, signal)
    expect(await evaluate(expressions, 'body.id')).toEqual(SEVEN)
    expect(expressions.pids).toEqual([pid])
  })

  test('that does not start in time fails the waiting requests', async () => {
    await using expressions = open({ ...PATIENT, startMs: 1 })
    expect(await evaluate(expressions, 'body.id')).toMatchObject({ kind: 'failed', reason: 'busy' })
    await until(() => expressions.pids.length === 0)
  })

  test('has exited after disposal, and its running and waiting requests have failed', async () => {
    const expressions = open(PATIENT)
    await evaluate(expressions, 'body.id')
    const requests = [FOREVER, FOREVER, FOREVER].map(
      async (expression, index) => await evaluate(expressions, expression, `organization ${index}`),
    )
    await until(() => expressions.pids.length === 2)
    const { pids } = expressions
    await expressions[Symbol.asyncDispose]()
    const busy = { kind: 'failed', reason: 'busy' }
    for (const result of await Promise.all(requests)) expect(result).toMatchObject(busy)
    expect(pids.filter(isRunning)).toEqual([])
    expect(await evaluate(expressions, 'body.id')).toMatchObject(busy)
    expect(expressions.pids).toEqual([])
  })

  test('exits when its parent is killed, even during an endless loop', async () => {
    const program = `
      import { createExpressions } from ${JSON.stringify(new URL('expressions.ts', import.meta.url).href)}
      const expressions = createExpressions({ evaluationMs: 1000, workersMax: 2 })
      const evaluate = (organization, expression) => expressions.evaluate({ tenant: { organization, pipeline: '' }, expressions: [expression], message: '{}' })
      await Promise.all([evaluate('a', '1'), evaluate('b', '1')])
      const loops = [evaluate('a', ${JSON.stringify(FOREVER)}), evaluate('b', ${JSON.stringify(FOREVER)})]
      console.log(JSON.stringify(expressions.pids))
      await Promise.all(loops)
    `
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(parent.stdout, 'data')) as [Buffer]
    const pids = JSON.parse(line.toString()) as number[]
    expect(pids.length).toBeGreaterThan(0)
    expect(pids.every(isRunning)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !pids.some(isRunning))
  })
})
