import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { keyLife } from './testing/key-life/key-commands.ts'
import { KeyModel } from './testing/key-life/key-model.ts'
import { openKeyWorld } from './testing/key-life/key-world.ts'

/*
 * The life of a key against a model: random orders of rolls, switches, expiry, deletion, acceptance by a partner and
 * time, through the management API and the gateway. To try others:
 * KEY_LIFE_SEED=7 KEY_LIFE_RUNS=20000 npm run vitest -- run --project store packages/server/src/composition/key-life.postgres.test.ts
 */

const SEED = Number(process.env['KEY_LIFE_SEED'] ?? 10)
const RUNS = { sqlite: 80, postgres: 20 }

test.each(['sqlite', 'postgres'] as const)(
  'a key on %s does what the model says, whatever happens to it in whatever order',
  { timeout: 3_600_000 },
  async (kind) => {
    await using stack = new AsyncDisposableStack()
    const database =
      kind === 'postgres' ? ({ kind, url: stack.use(await openTestDatabase()).url } as const) : undefined
    const world = stack.use(await openKeyWorld(database))
    const numRuns = Number(process.env['KEY_LIFE_RUNS'] ?? RUNS[kind])
    let commands = 0
    const property = fc.asyncProperty(keyLife, async (life) => {
      const { id, token } = await world.createKey()
      const model = new KeyModel(world.clock.nowMs, token)
      try {
        await fc.asyncModelRun(() => ({ model, real: { world, keyId: id } }), life)
        commands += [...life].length
      } finally {
        // An organization has a limited number of external keys.
        if (model.external !== undefined)
          await world.changeAtPartner('DELETE', `/external-keys/${model.external.id}`)
      }
    })
    await fc.assert(property, { seed: SEED, numRuns })
    // Otherwise most sequences would be too short to get anywhere.
    expect(commands).toBeGreaterThan(3 * numRuns)
  },
)
