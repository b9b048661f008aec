import type { DeploymentRecord, Step, Trigger } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream, startUpstream } from '../../../../../test/support/upstream.ts'
import { assertThat, callTo, generate, pipeline, transform } from '../testing/step-fixtures.ts'
import { ACME, proxyTo, startWith } from '../testing/started-gateway.ts'

const DUE_MS = Date.UTC(2026, 0, 2, 3, 4)
const GOES_ON = new AbortController().signal
const echo = await startEchoUpstream()
const hanging = await startUpstream(() => undefined)

function scheduled(steps: Step | readonly Step[], trigger: Partial<Trigger> = {}): DeploymentRecord {
  return pipeline('nightly', steps, {
    kind: 'schedule',
    paths: [],
    methods: [],
    schedule: '4 3 * * *',
    ...trigger,
  })
}

const started = await startWith(ACME)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await echo[Symbol.asyncDispose]()
  await hanging[Symbol.asyncDispose]()
})

async function run(deployment: DeploymentRecord): Promise<string> {
  await started.load([...ACME, deployment])
  const view = started.environment('acme', 'prod')
  return (await started.gateway.runScheduled(view, deployment, DUE_MS, GOES_ON)).outcome
}

describe('A scheduled run', () => {
  test('starts with only the due time and runs all steps', async () => {
    const message = '{"method": method, "body": body, "params": params, "query": query, "auth": auth}'
    const outcome = await run(
      scheduled([
        transform({ body: message }),
        callTo(`${echo.url}/report`, { method: 'POST', body: '$' }),
        assertThat('status = 200 and $contains(body.body, "2026-01-02T03:04:00.000Z")', { code: 'no_due' }),
        assertThat('$contains(body.body, "SCHEDULE")', { code: 'no_method' }),
        assertThat('body.headers."x-sallyport-pipeline" = "nightly"', { code: 'no_pipeline' }),
        assertThat('body.headers."x-sallyport-key" = "-"', { code: 'no_key' }),
      ]),
    )
    expect(outcome).toBe('succeeded')
  })

  test('ends when its deployment ends', async () => {
    const received = Promise.withResolvers<void>()
    await using waiting = await startUpstream(() => received.resolve())
    const deployment = scheduled(callTo(waiting.url))
    await started.load([...ACME, deployment])
    const view = started.environment('acme', 'prod')
    const running = started.gateway.runScheduled(view, deployment, DUE_MS, GOES_ON)
    await received.promise
    started.apply([{ kind: 'removed', of: 'deployment', organization: 'acme', id: deployment.id }])
    expect(await running).toEqual({ outcome: 'route_not_found' })
  })

  test('ends when it is replaced', async () => {
    const received = Promise.withResolvers<void>()
    await using waiting = await startUpstream(() => received.resolve())
    const deployment = scheduled(callTo(waiting.url))
    await started.load([...ACME, deployment])
    const view = started.environment('acme', 'prod')
    const ending = new AbortController()
    const running = started.gateway.runScheduled(view, deployment, DUE_MS, ending.signal)
    await received.promise
    ending.abort()
    expect(await running).toEqual({ outcome: 'unavailable' })
    expect(await started.gateway.runScheduled(view, deployment, DUE_MS, ending.signal)).toEqual({
      outcome: 'unavailable',
    })
  })

  test.each<[string, Step | readonly Step[], Partial<Trigger>, string]>([
    ['an assertion', assertThat('false', { code: 'stale_data' }), {}, 'stale_data'],
    ['a failing expression', transform({ body: '$number("x")' }), {}, 'step_failed'],
    ['an unreachable upstream', callTo('http://127.0.0.1:9/'), {}, 'upstream_failed'],
    ['an upstream that does not answer', callTo(hanging.url), { timeoutMs: 200 }, 'upstream_timeout'],
    ['a missing signing key', generate('"u"'), {}, 'unavailable'],
    ['a step that needs a caller', proxyTo(echo.url), {}, 'internal'],
  ])('reports %s', async (_name, steps, trigger, outcome) => {
    expect(await run(scheduled(steps, trigger))).toBe(outcome)
  })
})
