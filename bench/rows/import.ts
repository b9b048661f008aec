import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ApiClient, setUpAcme, textAt } from '../../test/support/api-client.ts'
import { csvOfDigests } from '../../test/support/import-file.ts'
import { startServerProcess } from '../../test/support/server-process.ts'
import { startPostgres } from '../../test/services/postgres-server.ts'
import { figuresOf } from '../figures.ts'
import { DependencyUnavailable, type Result } from '../results.ts'
import { KEYS_LARGE, type Settings } from '../settings.ts'
import type { Row } from './row.ts'

const SECONDS_TARGET = 180
const IMPORTS = '/v1/organizations/acme/imports'
const POLL_MS = 200

/** An import of a million digests into the product as it runs, on all cores. */
export function importRow(kind: 'sqlite' | 'postgres'): Row {
  const name = kind === 'sqlite' ? 'import, SQLite' : 'import, PostgreSQL'
  return {
    name,
    onAllCores: true,
    async measure({ scratch }: Settings) {
      const settings = {
        SALLYPORT_DATA: join(scratch, `import-${kind}`),
        // The organization has keys already, beside as many as the quota allows unless it is set.
        SALLYPORT_QUOTAS: 'keys=2000000',
      }
      if (kind === 'sqlite') return await measureImport(name, settings, SECONDS_TARGET)
      await using server = await startPostgres().catch((cause: unknown) => {
        throw new DependencyUnavailable('PostgreSQL is not available', { cause })
      })
      return await measureImport(name, { ...settings, SALLYPORT_DATABASE_URL: server.url }, undefined)
    },
  }
}

async function measureImport(
  name: string,
  settings: Readonly<Record<string, string>>,
  target: number | undefined,
): Promise<Result[]> {
  await using server = await startServerProcess(settings)
  const acme = await setUpAcme(server)
  const startMs = performance.now()
  const { status, body } = await acme.send('POST', IMPORTS, csvOfDigests(KEYS_LARGE), 'text/csv')
  if (status !== 202) throw new Error(`the import was refused: ${JSON.stringify(body)}`)
  const receivedMs = performance.now()
  await done(acme, `${IMPORTS}/${textAt(body, 'id')}`)
  const doneMs = performance.now()
  const figure = figuresOf(name)
  return [
    figure(
      '1,000,000 digests',
      's',
      [(doneMs - startMs) / 1000],
      target,
      'from the first byte to the last key',
    ),
    figure('receiving the file', 's', [(receivedMs - startMs) / 1000]),
    figure(
      'peak resident',
      'MB',
      [await peakResidentMegabytes(server.pid)],
      undefined,
      'of the whole server',
    ),
  ]
}

async function done(acme: ApiClient, path: string): Promise<void> {
  for (;;) {
    const { state, made } = await acme.must('GET', path)
    const isDone = textAt({ state }, 'state') !== 'running'
    if (isDone && Number(made) === KEYS_LARGE) return
    if (isDone) throw new Error(`the import made ${Number(made)} keys`)
    await sleep(POLL_MS)
  }
}

async function peakResidentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000
}
