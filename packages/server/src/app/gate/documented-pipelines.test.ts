import { readFileSync } from 'node:fs'
import { completeSpec, POLICY_MODES, PROBLEMS, type PipelineSpec, type PolicyMode } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pipelineSpec } from '../../contract/spec/pipeline-spec.ts'
import { servedHosts } from '../testing/served-hosts.ts'
import { gateViolations } from './gate.ts'
import { secretsNamedIn } from './check-urls.ts'
import { gateWarnings } from './warnings.ts'

const PAGE = readFileSync(new URL('../../../../../docs/pipelines.md', import.meta.url), 'utf8')
const BLOCKS = [...PAGE.matchAll(/<!-- spec -->\n\n```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml)
const SPECS = BLOCKS.map((yaml) => [firstLineWith(yaml, 'path|schedule'), yaml] as const)

function firstLineWith(yaml: string, names: string): string {
  return new RegExp(`(?:${names}): .*`).exec(yaml)?.[0] ?? yaml
}

function read(yaml: string): PipelineSpec {
  return completeSpec(pipelineSpec.parse(parse(yaml)), 'documented', 1)
}

function refused(spec: PipelineSpec, mode: PolicyMode): readonly unknown[] {
  return gateViolations({
    pipeline: 'documented',
    major: 1,
    version: '1.3',
    previous: null,
    spec,
    environment: 'prod',
    mode,
    live: [],
    hidden: new Set(),
    secretNames: secretsNamedIn(spec),
    variables: new Map([['ORDERS_HOST', 'orders.example.com:9000']]),
    servedHosts: servedHosts('prod', 'orders.example.com'),
  })
}

describe('the specs in docs/pipelines.md', () => {
  test('are the only YAML blocks of the page', () => {
    expect(BLOCKS.length).toBe(PAGE.split('```yaml').length - 1)
    expect(BLOCKS.length).toBeGreaterThanOrEqual(5)
  })

  test.each(SPECS)('deploy with no other warning than that they pause: %s', (_name, yaml) => {
    const spec = read(yaml)
    expect(refused(spec, 'any')).toEqual([])
    const paused = spec.trigger.maintenance === undefined ? [] : ['in-maintenance']
    expect(gateWarnings(spec, []).map(({ rule }) => rule)).toEqual(paused)
  })

  test.each(POLICY_MODES)('include a login pair that conforms to %s', (mode) => {
    const pair = BLOCKS.map(read).filter(({ trigger }) => trigger.login || trigger.authentication.jwt)
    expect(pair.map(({ trigger }) => trigger.login)).toEqual([true, false])
    for (const spec of pair) expect(refused(spec, mode)).toEqual([])
  })
})

describe('docs/pipelines.md states', () => {
  test('the status of each code', () => {
    const codes = new Map(Object.entries(PROBLEMS).map(([code, { status }]) => [code, String(status)]))
    const said = [...PAGE.matchAll(/\b([45]\d\d) `([a-z_]+)`/g)]
    expect(said.length).toBeGreaterThan(10)
    for (const [, status, code = ''] of said) expect([code, status]).toEqual([code, codes.get(code)])
  })
})
