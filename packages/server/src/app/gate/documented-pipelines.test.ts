import { readFileSync } from 'node:fs'
import {
  CLAIMS_MAX,
  completeSpec,
  EXPRESSION_CHARS_MAX,
  POLICY_MODES,
  PROBLEMS,
  RATE_LIMITS_MAX,
  REQUEST_BYTES_DEFAULT,
  REQUEST_BYTES_FILE_DEFAULT,
  REQUEST_BYTES_MAX,
  ROUTE_PATH_CHARS_MAX,
  TIMEOUT_MS_DEFAULT,
  TIMEOUT_MS_MAX,
  TOKEN_SECONDS_MAX,
  URL_TEMPLATE_CHARS_MAX,
  type PipelineSpec,
  type PolicyMode,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { pipelineSpec } from '../../contract/spec/pipeline-spec.ts'
import { TARGET_CHARS_MAX } from '../../gateway/request/request-target.ts'
import { TOKEN_CHARS_MAX } from '../../crypto/compact-jws.ts'
import { gateViolations } from './gate.ts'
import { secretsNamedIn } from './check-urls.ts'
import { gateWarnings } from './warnings.ts'
import { SPEC_BYTES_MAX } from '../pipelines/versions.ts'

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
    spec,
    environment: 'prod',
    mode,
    live: [],
    secretNames: secretsNamedIn(spec),
  })
}

describe('The specs in docs/pipelines.md', () => {
  test('are all of the YAML in it', () => {
    expect(BLOCKS.length).toBe(PAGE.split('```yaml').length - 1)
    expect(BLOCKS.length).toBeGreaterThanOrEqual(5)
  })

  test.each(SPECS)('go live without a warning: %s', (_name, yaml) => {
    const spec = read(yaml)
    expect(refused(spec, 'any')).toEqual([])
    expect(gateWarnings(spec)).toEqual([])
  })

  test.each(POLICY_MODES)('have a login pair that conforms to %s', (mode) => {
    const pair = BLOCKS.map(read).filter(({ trigger }) => trigger.login || trigger.authentication.jwt)
    expect(pair.map(({ trigger }) => trigger.login)).toEqual([true, false])
    for (const spec of pair) expect(refused(spec, mode)).toEqual([])
  })
})

describe('docs/pipelines.md says', () => {
  test.each([
    [`at most ${SPEC_BYTES_MAX} bytes`],
    [`have at most ${ROUTE_PATH_CHARS_MAX} characters`],
    [`more than ${TARGET_CHARS_MAX} characters`],
    [`at most ${URL_TEMPLATE_CHARS_MAX} characters`],
    [`at most ${EXPRESSION_CHARS_MAX} characters each`],
    [`1 to ${TIMEOUT_MS_MAX}`],
    [`up to ${RATE_LIMITS_MAX} limits`],
    [`up to ${CLAIMS_MAX} names`],
    [`1 second to ${TOKEN_SECONDS_MAX / 86_400} days`],
    [`A token has at most ${TOKEN_CHARS_MAX} characters`],
  ])('%s', (figure) => {
    expect(PAGE.replaceAll(/\s+/g, ' ')).toContain(figure)
  })

  test('the defaults of the limits', () => {
    const rowOf = (field: string): string => PAGE.split('\n').find((line) => line.includes(field)) ?? ''
    expect(rowOf('`limits.requestBytes`')).toMatch(new RegExp(`\\| ${REQUEST_BYTES_DEFAULT} +\\|`))
    expect(rowOf('`limits.requestBytes`')).toContain(`${REQUEST_BYTES_FILE_DEFAULT} for \`http-file\``)
    expect(REQUEST_BYTES_FILE_DEFAULT).toBe(REQUEST_BYTES_MAX)
    expect(rowOf('`limits.timeoutMs`')).toMatch(new RegExp(`\\| ${TIMEOUT_MS_DEFAULT} +\\|`))
  })

  test('each code with the status that it has', () => {
    const codes = new Map(Object.entries(PROBLEMS).map(([code, { status }]) => [code, String(status)]))
    const said = [...PAGE.matchAll(/\b([45]\d\d) `([a-z_]+)`/g)]
    expect(said.length).toBeGreaterThan(10)
    for (const [, status, code = ''] of said) expect([code, status]).toEqual([code, codes.get(code)])
  })
})
