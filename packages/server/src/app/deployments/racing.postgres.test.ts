import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnvironmentHosts, QUOTA_LIMITS_DEFAULT, type QuotaNumbers } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../../test/services/postgres.ts'
import { openStore, type StoreSettings } from '../../store/open.ts'
import { importedKeyIds } from '../../crypto/derived/imported-key-id.ts'
import { seal, unseal, type Sealer } from '../../crypto/seal.ts'
import { SETUP_ACTOR } from '../access/actor.ts'
import { authenticate } from '../access/authenticate.ts'
import type { OperationContext } from '../access/context.ts'
import { deploy } from './deploy.ts'
import { promote } from './promote.ts'
import { setUp } from '../organizations/set-up.ts'
import { draft, pipeline } from '../testing/world.ts'
import { slug, title, version } from '../testing/fields.ts'

interface Database extends AsyncDisposable {
  readonly settings: StoreSettings
}

async function newFile(): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-race-'))
  return {
    settings: { kind: 'sqlite', file: join(folder, 'store.db') },
    [Symbol.asyncDispose]: async () => await rm(folder, { recursive: true }),
  }
}

async function newDatabase(): Promise<Database> {
  const database = await openTestDatabase()
  return {
    settings: { kind: 'postgres', url: database.url },
    [Symbol.asyncDispose]: async () => await database[Symbol.asyncDispose](),
  }
}

const organization = 'acme'
const masterKey = randomBytes(32)
const sealer: Sealer = {
  seal: (text, context) => seal(masterKey, text, context),
  unseal: (sealed, context) => unseal(masterKey, sealed, context),
}
const BACKENDS: readonly [string, () => Promise<Database>][] = [
  ['SQLite', newFile],
  ['PostgreSQL', newDatabase],
]

describe.each(BACKENDS)('two processes on one %s database', (_name, newOne) => {
  test('deploy one of several versions with the same route and refuse the others', async () => {
    await using database = await newOne()
    await using one = await openStore({ ...database.settings, nowMs: Date.now })
    await using other = await openStore({ ...database.settings, nowMs: Date.now })
    const quotaLimits = (): QuotaNumbers => QUOTA_LIMITS_DEFAULT
    const anonymous: OperationContext = {
      store: one,
      nowMs: Date.now,
      randomBytes,
      sealer,
      importedKeyId: importedKeyIds(new Uint8Array(32)),
      quotaLimits,
      organizationsPerPerson: 0,
      hosts: new EnvironmentHosts(new Map()),
      mayCall: () => true,
      mails: null,
      publicUrl: () => 'http://127.0.0.1:8080',
      actor: SETUP_ACTOR,
    }
    const { token } = await setUp(anonymous, {
      organization: { slug: slug(organization), name: title('Acme') },
    })
    const owner: OperationContext = { ...anonymous, actor: await authenticate(anonymous, token) }
    const contexts = [owner, { ...owner, store: other }]
    const names = Array.from({ length: 12 }, (_unused, index) => `racer-${index}`)
    for (const name of names) await pipeline(owner, name, draft({ path: `/race/:${name.replace('-', '_')}` }))

    const results = await Promise.allSettled(
      names.map(async (name, index) => {
        const input = {
          organization,
          pipeline: name,
          version: version('1.0'),
          environment: 'test',
          dryRun: false,
        }
        return await deploy(contexts[index % 2] ?? owner, input)
      }),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'fulfilled') continue
      expect(result.reason).toMatchObject({
        code: 'deployment_refused',
        extensions: { violations: [{ rule: 'route-conflict' }] },
      })
    }
    const live = await other.read.deployments.allLive(organization, 'test')
    expect(live).toHaveLength(1)

    // Of two concurrent promotions, the later one replaces the earlier one.
    const deployment = live[0]?.id ?? ''
    const input = { organization, deployment, environment: 'prod', dryRun: false }
    const promoted = await Promise.all(contexts.map(async (context) => await promote(context, input)))
    const replaced = promoted.map((each) => each.replaced).filter((id) => id !== null)
    expect(replaced).toHaveLength(1)
    expect(promoted.map((each) => each.deployment.id)).toContain(replaced[0])
    expect(await one.read.deployments.allLive(organization, 'prod')).toHaveLength(1)
  })
})
