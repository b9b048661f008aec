import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openHostileProvider } from '../packages/server/src/identity/testing/hostile-provider.ts'
import { checkFuzzCase, type FuzzedServer } from './fuzzing/check-fuzz-case.ts'
import { fuzzCase } from './fuzzing/fuzz-cases.ts'
import { faultOfNull, OPTIONAL_FIELDS } from './fuzzing/null-fields.ts'
import { openPostgresState, openSqliteState } from './fuzzing/stored-state.ts'
import { PUBLIC_URL, ValidRequests } from './fuzzing/valid-requests.ts'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme, textAt } from './support/api-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/*
 * Fuzzing: valid management requests with random changes. After each request that is refused, the database is as it was;
 * after each that is accepted, GET returns what was said. The same seed gives the same requests. To try others:
 * FUZZ_SEED=7 FUZZ_RUNS=50000 npm run vitest -- run --project process test/fuzzing.test.ts
 */

const SEED = Number(process.env['FUZZ_SEED'] ?? 8)
/** `path` of fast-check's report, which leads to a single request and its smaller forms. */
const PATH = process.env['FUZZ_PATH']
const RUNS = { sqlite: 2400, postgres: 300 }

/** A document that lost its optional fields would still pass. */
const NULL_FIELDS_MIN = 140

/** Enough of everything, so that valid requests stay valid. */
const QUOTAS =
  'keys=100000,consumers=100000,pipelines=100000,versions=100000,versionBytes=1000000000,deployments=100000,routes=1000000'

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  const stack = new AsyncDisposableStack()
  let server: ServerProcess
  let fuzzed: FuzzedServer

  beforeAll(async () => {
    const folder = stack.use(await temporaryFolder())
    const provider = stack.use(await openHostileProvider('acme-id'))
    const settings: Record<string, string> = {
      SALLYPORT_DATA: folder.path,
      SALLYPORT_QUOTAS: QUOTAS,
      SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify([provider.settings]),
      SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32',
      SALLYPORT_PUBLIC_URL: PUBLIC_URL,
    }
    let url = ''
    if (kind === 'postgres') {
      url = stack.use(await openTestDatabase()).url
      settings['SALLYPORT_DATABASE_URL'] = url
    }
    server = stack.use(await startServerProcess(settings))
    const api = await setUpAcme(server)
    // A key of its own, so that nothing done to it locks out the checks.
    const key = { name: 'fuzzing', type: 'secret', roles: ['owner'] }
    const token = textAt(await api.must('POST', '/v1/organizations/acme/keys', key), 'token')
    const state = stack.use(
      kind === 'postgres' ? await openPostgresState(url) : openSqliteState(join(folder.path, 'sallyport.db')),
    )
    fuzzed = { controlUrl: server.controlUrl, api, token, state, requests: new ValidRequests(api, provider) }
  })

  afterAll(async () => {
    await stack.disposeAsync()
  })

  /** What null says is decided before anything is stored, so one database is enough. */
  const tables = kind === 'sqlite' ? [[OPTIONAL_FIELDS.length, OPTIONAL_FIELDS] as const] : []

  test.each(tables)(
    'null in each of %i optional fields says "none"',
    async (_, fields) => {
      const wrong: string[] = []
      let tried = 0
      for (const field of fields) {
        const fault = await faultOfNull(fuzzed, field)
        if (fault !== null) tried += 1
        if (typeof fault === 'string') wrong.push(`${field.operation.id} /${field.path.join('/')}: ${fault}`)
      }
      expect(wrong, wrong.join('\n')).toEqual([])
      expect(tried).toBeGreaterThan(NULL_FIELDS_MIN)
    },
    120_000,
  )

  test(
    'fuzzed requests are refused without a trace, or do what they say',
    { timeout: 3_600_000 },
    async () => {
      const statuses = new Map<number, number>()
      const numRuns = Number(process.env['FUZZ_RUNS'] ?? RUNS[kind])
      const property = fc.asyncProperty(fuzzCase, async (each) => {
        const status = await checkFuzzCase(fuzzed, each)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      })
      await fc.assert(property, { seed: SEED, numRuns, ...(PATH === undefined ? {} : { path: PATH }) })
      if (PATH !== undefined) return
      // Otherwise the requests would test only one reason to refuse, or refuse everything.
      expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 405, 415]))
      expect(server.output.stderr).not.toMatch(/"level":[56]0/)
    },
  )
})
