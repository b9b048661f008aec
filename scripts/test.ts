// The test run: `npm test` runs all suites, `npm test -- unit lint` runs those groups. A suite that takes long says every
// 25 s how far it is. The last line is always
// "N passed, N failed"; the exit status is 0 if nothing failed.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { POSTGRES_URL_VARIABLE } from '../test/services/postgres.ts'
import { startPostgres } from '../test/services/postgres-server.ts'
import { PROGRESS_FILE_VARIABLE, watchProgress } from './progress.ts'
import { runChild } from './run-child.ts'
import { allSuites, type Suite } from './suites.ts'
import { countVitest, type Counts } from './vitest-counts.ts'

/** The checks are independent programs that use mostly one core each. */
const CHECKS_AT_ONCE = 2

const total = { passed: 0, failed: 0 }
const interrupted = new AbortController()

function report(suite: string, counts: Counts, sinceMs: number, output: string): void {
  total.passed += counts.passed
  total.failed += counts.failed
  const seconds = ((performance.now() - sinceMs) / 1000).toFixed(1)
  const verdict = counts.failed === 0 ? 'ok  ' : 'FAIL'
  console.log(
    `${verdict}  ${suite.padEnd(36)} ${counts.passed} passed, ${counts.failed} failed  ${seconds} s`,
  )
  if (counts.failed > 0) console.log([output.trimEnd(), ...counts.remarks, ''].join('\n'))
}

async function runSuite(suite: Suite, folder: string): Promise<void> {
  if (interrupted.signal.aborted) return
  const sinceMs = performance.now()
  const file = suite.kind === 'tests' ? join(folder, `${suite.name}.progress.json`) : undefined
  using _ = watchProgress(suite.name, { print: console.log, file })
  if (file === undefined) {
    const { ok, output } = await runChild(suite.command, interrupted.signal)
    report(suite.name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, remarks: [] }, sinceMs, output)
    return
  }
  const reportFile = join(folder, `${suite.name}.json`)
  const reporters = [
    '--reporter=default',
    '--reporter=json',
    '--reporter=./scripts/vitest-progress.ts',
    `--outputFile.json=${reportFile}`,
  ]
  const command = [...suite.command, ...reporters]
  const { ok, output } = await runChild(command, interrupted.signal, { [PROGRESS_FILE_VARIABLE]: file })
  const json = await readFile(reportFile, 'utf8').catch(() => undefined)
  report(suite.name, countVitest(json, ok), sinceMs, output)
}

/** Runs the suites, `atOnce` of them concurrently, and reports each when it finishes. */
async function runAll(suites: readonly Suite[], atOnce: number, folder: string): Promise<void> {
  const waiting = [...suites]
  const lane = async () => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      await runSuite(suite, folder)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function runTests(suites: readonly Suite[], folder: string): Promise<void> {
  await runAll(
    suites.filter((suite) => !suite.needsPostgres),
    1,
    folder,
  )
  const withPostgres = suites.filter((suite) => suite.needsPostgres)
  if (withPostgres.length === 0 || interrupted.signal.aborted) return
  if (process.env[POSTGRES_URL_VARIABLE] !== undefined) {
    await runAll(withPostgres, 1, folder)
    return
  }
  const sinceMs = performance.now()
  const starting = watchProgress('PostgreSQL starts', { print: console.log })
  const server = await startPostgres().catch((error: unknown) => {
    report('PostgreSQL', { passed: 0, failed: 1, remarks: [(error as Error).message] }, sinceMs, '')
  })
  starting[Symbol.dispose]()
  if (server === undefined) return
  try {
    process.env[POSTGRES_URL_VARIABLE] = server.url
    await runAll(withPostgres, 1, folder)
  } finally {
    await server[Symbol.asyncDispose]()
  }
}

async function main(wanted: readonly string[]): Promise<void> {
  const suites = allSuites()
  const groups = new Set(suites.map((suite) => suite.group))
  const unknown = wanted.filter((group) => !groups.has(group))
  if (unknown.length > 0) {
    console.error(`Unknown group: ${unknown.join(', ')}. Use one or more of: ${[...groups].join(', ')}.`)
    process.exitCode = 2
    return
  }
  const chosen = suites.filter((suite) => wanted.length === 0 || wanted.includes(suite.group))
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-test-'))
  try {
    const checks = chosen.filter((suite) => suite.kind === 'check')
    await runAll(checks, CHECKS_AT_ONCE, folder)
    await runTests(
      chosen.filter((suite) => suite.kind === 'tests'),
      folder,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  process.exitCode ??= total.failed === 0 ? 0 : 1
  console.log(`${total.passed} passed, ${total.failed} failed`)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exitCode = 128 + constants.signals[signal]
    interrupted.abort()
  })
}

await main(process.argv.slice(2))
