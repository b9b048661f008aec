import type { DeploymentRecord } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, deployment, OPEN, startWith, type StartedGateway } from '../testing/started-gateway.ts'

let started: StartedGateway

beforeAll(async () => {
  started = await startWith(ACME)
})

afterAll(async () => await started[Symbol.asyncDispose]())

/** A pipeline that answers with its own name. */
function at(
  pipeline: string,
  paths: readonly string[],
  methods: readonly string[] = ['GET'],
): DeploymentRecord {
  const trigger = { paths: [...paths], methods: [...methods], authentication: OPEN }
  const step = { kind: 'respond', status: 200, headers: {}, body: pipeline } as const
  return deployment(trigger, step, { pipeline, id: pipeline })
}

const PARAMETER = at('parameter', ['/k/:x'])
const REST = at('rest', ['/k/*'])
const BOTH = [PARAMETER, REST]

test.each([
  [BOTH, 'GET', '/k/', 'rest'],
  [BOTH, 'GET', '/k/a', 'parameter'],
  [BOTH, 'GET', '/k/a/', 'rest'],
  [[at('two', ['/k/:x/:y']), REST], 'GET', '/k/a/', 'rest'],
  [[at('top', ['/:top']), at('all', ['/*'])], 'GET', '/', 'all'],
  [[at('one', ['/k/:x', '/k/*'])], 'GET', '/k/', 'one'],
  [[at('parameter', ['/k/:x'], ['POST']), REST], 'POST', '/k/', 405],
  [[at('parameter', ['/k/:x'], ['GET', 'POST']), at('rest', ['/k/*'], ['POST'])], 'GET', '/k/', 405],
  [[at('parameter', ['/k/:x'], ['GET', 'POST']), at('rest', ['/k/*'], ['POST'])], 'POST', '/k/', 'rest'],
  [[PARAMETER], 'GET', '/k/', 404],
  [[PARAMETER, at('plain', ['/k'])], 'GET', '/k', 'plain'],
  [[PARAMETER, at('plain', ['/k/'])], 'GET', '/k/', 'plain'],
])(
  'A parameter takes no empty segment, and the search goes on (%#)',
  async (records, method, path, outcome) => {
    await started.load([...ACME, ...records])
    const answer = await fetch(`${started.url}/acme/prod${path}`, { method })
    expect(answer.ok ? await answer.json() : answer.status).toBe(outcome)
  },
)
