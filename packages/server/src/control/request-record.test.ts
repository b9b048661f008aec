import { expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { openControlWorld } from './testing/control-world.ts'

test('the log has each answer, except the successful ones that load balancers and Prometheus ask for', async () => {
  let isReady = true
  const readiness = () => ({ ready: isReady, revision: 0, snapshotAgeSeconds: 0 })
  await using world = await openControlWorld({ readiness })
  for (const path of ['/healthz', '/readyz', '/metrics']) {
    expect(await world.call('GET', path)).toMatchObject({ status: 200 })
  }
  isReady = false
  expect(await world.call('GET', '/readyz')).toMatchObject({ status: 503 })
  expect(await world.call('GET', '/v1/whoami')).toMatchObject({ status: 401 })
  const answered = () =>
    world
      .log()
      .split('\n')
      .filter((line) => line.includes('"answered"'))
      .map((line) => JSON.parse(line) as { readonly path: string; readonly status: number })
  await eventually(() => expect(answered().at(-1)).toMatchObject({ path: '/v1/whoami', status: 401 }))
  expect(answered()).toMatchObject([{ path: '/readyz', status: 503 }, { path: '/v1/whoami' }])
})
