import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Environment } from './config.ts'
import { ConfigError } from './config-error.ts'
import { readConfig } from './read-config.ts'

interface Row {
  readonly variable: string
  readonly fallback: string
  readonly meaning: string
}

/** The rows of README's table of settings. A row of two settings has two defaults. */
const ROWS: readonly Row[] = [
  ...(readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8')
    .split('\n## Settings\n')[1]
    ?.matchAll(/^\| (`(?:SALLYPORT|OTEL)_.*?) +\| (.*?) +\| (.*?) +\|$/gm) ?? []),
].flatMap(([, names = '', fallbacks = '', meaning = '']) => {
  const variables = [...names.matchAll(/`([A-Z_]+)`/g)].map(([, variable = '']) => variable)
  const defaults = variables.length > 1 ? fallbacks.split(', ') : [fallbacks]
  return variables.map((variable, index) => ({
    variable,
    fallback: (defaults[index] ?? '').replaceAll('`', ''),
    meaning,
  }))
})

/** The settings that the code reads. */
function settingsInCode(): readonly string[] {
  const read = new Set<string>()
  const environment = new Proxy<Environment>(
    {},
    { get: (_target, name) => void (typeof name === 'string' && read.add(name)) },
  )
  readConfig(environment)
  return [...read]
}

/** Defaults that are no values, as the table says them. */
const NO_VALUES = [
  'none',
  'where the gateway listens',
  'where the control plane listens',
  'random, printed at each start',
  'file in the data folder',
]

function isValid(variable: string, text: string): boolean {
  try {
    // Both ports and the gateway's URL must differ from each other, so that the rest has other values.
    readConfig({ SALLYPORT_PORT: '0', SALLYPORT_GATEWAY_PORT: '0', [variable]: text })
    return true
  } catch (error) {
    if (error instanceof ConfigError) return false
    throw error
  }
}

test('the table lists exactly the settings that the code reads', () => {
  expect(ROWS.map(({ variable }) => variable).toSorted()).toEqual(settingsInCode().toSorted())
})

describe('the table states the default of', () => {
  const stated = ROWS.filter(({ fallback }) => !NO_VALUES.includes(fallback) && !fallback.startsWith('see '))
  test.each(stated.map(({ variable, fallback }) => [variable, fallback]))('%s: %s', (variable, fallback) => {
    expect(readConfig({ [variable]: fallback })).toEqual(readConfig({}))
  })

  test('each number', () => {
    expect(stated.filter(({ fallback }) => /^\d+$/.test(fallback)).length).toBeGreaterThanOrEqual(4)
  })
})

describe('the table states the range of', () => {
  /** A setting is a number if the code accepts some number, but not a word. */
  const numeric = ROWS.filter(
    ({ variable }) => isValid(variable, '8') && !isValid(variable, 'x') && !isValid(variable, '8.8.8.8'),
  )

  test.each(numeric.map(({ variable, meaning }) => [variable, meaning]))('%s', (variable, meaning) => {
    const [, min = '', max = ''] = /\b(\d+) to (\d+)\b/.exec(meaning) ?? []
    expect([min, max]).not.toContain('')
    expect(isValid(variable, min)).toBe(true)
    expect(isValid(variable, max)).toBe(true)
    expect(isValid(variable, String(Number(min) - 1))).toBe(false)
    expect(isValid(variable, String(Number(max) + 1))).toBe(false)
  })

  test('each number', () => {
    expect(numeric.map(({ variable }) => variable).toSorted()).toEqual([
      'OTEL_EXPORTER_OTLP_TIMEOUT',
      'SALLYPORT_GATEWAY_LEASE_SECONDS',
      'SALLYPORT_GATEWAY_PORT',
      'SALLYPORT_GATEWAY_THREADS',
      'SALLYPORT_LEASE_SECONDS',
      'SALLYPORT_LIMITS_WAIT_MS',
      'SALLYPORT_MAX_STALENESS_SECONDS',
      'SALLYPORT_ORGANIZATIONS_PER_PERSON',
      'SALLYPORT_PORT',
      'SALLYPORT_SPANS_PER_SECOND',
      'SALLYPORT_WRITE_DEADLINE_SECONDS',
    ])
  })
})
