import { expect, test } from 'vitest'
import { setUpAcme, textAt, type ApiClient, type Json } from './support/api-client.ts'
import { csvOfDigests, importedToken } from './support/import-file.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

/** `IMPORT_KEYS=1000000` makes the same test larger. */
const KEYS = Number(process.env['IMPORT_KEYS'] ?? 20_000)
const TIMEOUT_MS = 60_000 + KEYS / 2
const IMPORTS = '/v1/organizations/acme/imports'

async function keysOf(acme: ApiClient): Promise<number> {
  const { total } = await acme.must('GET', '/v1/organizations/acme/keys?environment=prod&limit=1')
  return Number(total)
}

test(
  `an import of ${KEYS} digests that kill -9 interrupts goes on after the restart, and makes each key once`,
  async () => {
    await using folder = await temporaryFolder()
    // A million keys are the quota unless it is set, and the organization has some already.
    const settings = { SALLYPORT_DATA: folder.path, SALLYPORT_QUOTAS: 'keys=2000000' }
    await using first = await startServerProcess(settings)
    const acme = await setUpAcme(first)
    const before = await keysOf(acme)
    const started = await acme.send('POST', IMPORTS, csvOfDigests(KEYS), 'text/csv')
    expect(started).toMatchObject({ status: 202, body: { state: 'running', lines: KEYS, made: 0 } })
    const path = `${IMPORTS}/${textAt(started.body, 'id')}`
    const progress = async (client: ApiClient): Promise<Json> => await client.must('GET', path)
    const share = async (): Promise<number> => Number((await progress(acme))['read']) / KEYS
    await expect.poll(share, { timeout: TIMEOUT_MS, interval: 10 }).toBeGreaterThan(0.2)
    await first.stop('SIGKILL')

    await using second = await startServerProcess(settings)
    const again = acme.at(second.controlUrl)
    const interrupted = await progress(again)
    expect(interrupted['state']).toBe('running')
    expect(Number(interrupted['made'])).toBeLessThan(KEYS)
    const state = async () => (await progress(again))['state']
    await expect.poll(state, { timeout: TIMEOUT_MS, interval: 100 }).toBe('done')
    expect(await progress(again)).toMatchObject({ read: KEYS, made: KEYS, problemCount: 0, problems: [] })
    expect(await keysOf(again)).toBe(before + KEYS)
    for (const number of [0, Math.floor(KEYS / 2), KEYS - 1]) {
      const found = await again.must('POST', '/v1/organizations/acme/keys/lookup', {
        token: importedToken(number),
      })
      expect(found).toMatchObject({ key: { name: `key ${number}` }, state: 'active' })
    }
  },
  TIMEOUT_MS * 2,
)
