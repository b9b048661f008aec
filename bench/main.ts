import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { constants, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { reserveCores, useAllCores } from './cores.ts'
import { DependencyUnavailable, type Result } from './results.ts'
import { ROWS } from './rows/all.ts'
import type { Row } from './rows/row.ts'
import { FULL_PACE, QUICK_PACE, type Settings } from './settings.ts'
import { formatResults } from './table.ts'

const RESULTS = join(import.meta.dirname, 'results', 'latest.json')

const USAGE = `Usage: npm run bench -- [--quick] [--only NAME]

  --quick      use short rounds: they show that everything works, but are too short for reliable results
  --only NAME  measure only the rows whose name contains NAME (can be repeated)
  --list       print the names of the rows and exit`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

async function main(): Promise<void> {
  const rows = ROWS.filter(
    ({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)),
  )
  if (options.help) {
    console.log(USAGE)
  } else if (options.list) {
    console.log(rows.map(({ name }) => name).join('\n'))
  } else if (rows.length === 0) {
    console.error(`No row name contains ${options.only.join(' or ')}. Use --list to print the names.`)
    process.exitCode = 2
  } else {
    await measure(rows)
  }
}

async function measure(rows: readonly Row[]): Promise<void> {
  const startedAt = new Date().toISOString()
  const cores = reserveCores()
  const pace = options.quick ? QUICK_PACE : FULL_PACE
  const scratch = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
  const results: Result[] = []
  for (const row of rows) {
    console.error(`measuring ${row.name} …`)
    results.push(...(await measureRow(row, { pace, cores, scratch })))
  }
  const [cpu] = cpus()
  const machine = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    boundTo: cores,
  }
  console.log(`\n${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node.js ${machine.node}`)
  if (cores.caveat !== undefined) console.log(cores.caveat)
  console.log(`\n${formatResults(results)}`)
  await mkdir(join(RESULTS, '..'), { recursive: true })
  await writeFile(
    RESULTS,
    `${JSON.stringify({ startedAt, quick: options.quick, pace, machine, results }, null, 2)}\n`,
  )
  if (results.some((result) => result.kind === 'not measured' && result.cause === 'failed'))
    process.exitCode = 1
}

/** Measures a row. On failure the result is the reason, so that no row is missing from the table. */
async function measureRow(row: Row, settings: Settings): Promise<readonly Result[]> {
  using _ = row.onAllCores === true ? useAllCores(settings.cores) : undefined
  try {
    return await row.measure(settings)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const isUnavailable = cause instanceof DependencyUnavailable
    console.error(isUnavailable ? reason : cause)
    return [{ kind: 'not measured', name: row.name, reason, cause: isUnavailable ? 'unavailable' : 'failed' }]
  }
}

// An interrupted run exits normally, so that the exit handlers delete its files and stop its processes.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]))
}
await main()
