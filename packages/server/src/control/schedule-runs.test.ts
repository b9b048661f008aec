import { expect, test } from 'vitest'
import { ACME, openAcme, textOf } from './testing/control-world.ts'

const DUE_MS = Date.UTC(2026, 0, 1, 3)

test('lists the runs of a schedule with their outcomes, newest first', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, {
    name: 'nightly',
    spec: { trigger: { kind: 'schedule', schedule: '0 3 * * *' }, steps: [{ transform: { status: 200 } }] },
  })
  const place = { organization: 'acme', environment: 'prod', pipeline: 'nightly', major: 1 }
  const run = (dueAtMs: number) => ({
    ...place,
    dueAtMs,
    startedAtMs: dueAtMs + 40,
    finishedAtMs: null,
    outcome: null,
    isExclusive: true,
    missedBefore: 2,
  })
  expect(await world.store.claimRun(run(DUE_MS))).toBe(true)
  expect(await world.store.claimRun(run(DUE_MS))).toBe(false)
  await world.store.finishRun({ ...run(DUE_MS), finishedAtMs: DUE_MS + 90, outcome: 'succeeded' })
  expect(await world.store.claimRun(run(DUE_MS + 86_400_000))).toBe(true)

  const runs = `${ACME}/pipelines/nightly/runs?environment=prod`
  expect(await world.own('GET', runs)).toMatchObject({
    status: 200,
    body: {
      items: [
        { major: 1, dueAt: '2026-01-02T03:00:00.000Z', finishedAt: null, outcome: null, missedBefore: 2 },
        {
          dueAt: '2026-01-01T03:00:00.000Z',
          startedAt: '2026-01-01T03:00:00.040Z',
          finishedAt: '2026-01-01T03:00:00.090Z',
          outcome: 'succeeded',
        },
      ],
      next: null,
    },
  })
  const first = await world.own('GET', `${runs}&limit=1`)
  const rest = await world.own('GET', `${runs}&limit=1&cursor=${textOf(first.body['next'])}`)
  expect(rest).toMatchObject({ body: { items: [{ outcome: 'succeeded' }], next: null } })
  expect(await world.own('GET', `${ACME}/pipelines/nightly/runs?environment=test`)).toMatchObject({
    body: { items: [] },
  })
  expect(await world.own('GET', `${ACME}/pipelines/nightly/runs`)).toMatchObject({ status: 400 })
  expect(await world.own('GET', `${ACME}/pipelines/weekly/runs?environment=prod`)).toMatchObject({
    status: 404,
  })
})
