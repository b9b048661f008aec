import { describe, expect, test } from 'vitest'
import { openTestDatabase } from './services/postgres.ts'
import { ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { publishPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const ORGANIZATION = '/v1/organizations/acme'

interface Sum {
  readonly group: string | null
  readonly requests: number
  readonly allowed: number
  readonly refused: number
}

/** The sums of the last two days, so that a test at midnight sees all of them. */
async function sums(client: ApiClient, query: string): Promise<Record<string, string>> {
  const from = new Date(Date.now() - 86_400_000).toISOString()
  const { items } = await client.must('GET', `${ORGANIZATION}/usage?from=${from}&limit=200&${query}`)
  const groups = Map.groupBy(items as unknown as Sum[], ({ group }) => String(group))
  return Object.fromEntries(
    [...groups].map(([group, all]) => {
      const sum = (field: 'allowed' | 'refused'): number =>
        all.reduce((total, item) => total + item[field], 0)
      return [group, `${sum('allowed')}+${sum('refused')}`]
    }),
  )
}

async function send(server: ServerProcess, path: string, token: string, times: number): Promise<void> {
  await Promise.all(
    Array.from({ length: times }, async () => {
      await (await fetch(`${server.gatewayUrl}${path}`, { headers: { 'x-api-key': token } })).text()
    }),
  )
}

describe.each(['sqlite', 'postgres'] as const)('usage on %s', (kind) => {
  test('counts every decision of every gateway, and outlives kill -9', async () => {
    await using stack = new AsyncDisposableStack()
    const upstream = stack.use(await startEchoUpstream())
    const settings = {
      SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
      ...(kind === 'postgres' ? { SALLYPORT_DATABASE_URL: stack.use(await openTestDatabase()).url } : {}),
    }
    const first = stack.use(await startServerProcess(settings))
    const second = kind === 'postgres' ? stack.use(await startServerProcess(settings)) : first
    const acme = await setUpAcme(first)
    const orders = await publishPipeline(acme, 'orders', `${upstream.url}/orders`)
    const leads = await publishPipeline(acme, 'leads', `${upstream.url}/leads`)
    await send(first, orders.path, orders.token, 7)
    await send(second, orders.path, orders.token, 5)
    await send(first, `/authz${orders.path}`, orders.token, 3)
    await send(second, leads.path, orders.token, 4)
    await send(first, leads.path, `${leads.token}x`, 2)
    await send(first, '/acme/prod/nothing', orders.token, 6)
    const rolled = await acme.must('POST', `${ORGANIZATION}/keys/${orders.keyId}/roll`)
    await send(second, orders.path, textAt(rolled, 'token'), 8)
    await send(first, orders.path, orders.token, 1)
    const progress = async (): Promise<unknown> =>
      (await acme.must('GET', `${ORGANIZATION}/keys/${orders.keyId}`))['roll']
    const from = (requests: number): unknown => ({
      addresses: [{ value: '127.0.0.1', requests }],
      userAgents: [{ value: 'node', requests }],
    })
    await expect
      .poll(progress)
      .toMatchObject({ safeToFinish: false, reason: 'old_secret_in_use', secrets: [from(1), from(8)] })
    await acme.must('POST', `${ORGANIZATION}/keys/${orders.keyId}/roll/finish`)
    await send(first, orders.path, orders.token, 9)

    const expected: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      'groupBy=pipeline': { leads: '0+6', orders: '24+9' },
      'groupBy=key&interval=hour': { null: '0+2', [orders.keyId]: '24+13' },
      [`groupBy=secret&interval=minute&key=${orders.keyId}`]: {
        [`${orders.keyId}/1`]: '16+13',
        [`${orders.keyId}/2`]: '8+0',
      },
      'groupBy=code': {
        credential_invalid: '0+2',
        key_outdated: '0+9',
        pipeline_not_allowed: '0+4',
        valid: '24+0',
      },
      'groupBy=environment': { prod: '24+15' },
      'pipeline=leads&interval=hour': { null: '0+6' },
    }
    const shown = async (client: ApiClient): Promise<typeof expected> =>
      Object.fromEntries(
        await Promise.all(
          Object.keys(expected).map(async (query) => [query, await sums(client, query)] as const),
        ),
      )
    await expect.poll(() => shown(acme)).toEqual(expected)

    // A refused use of a secret that has ended is no use of the secret.
    const { secrets } = (await acme.must('GET', `${ORGANIZATION}/keys/${orders.keyId}`)) as unknown as {
      secrets: { requests: number }[]
    }
    expect(secrets.map(({ requests }) => requests)).toEqual([20, 8])

    const auditor = { name: 'auditor', type: 'secret', roles: ['auditor'] }
    const token = textAt(await acme.must('POST', `${ORGANIZATION}/keys`, auditor), 'token')
    await Promise.all([first, second].map((server) => server.stop('SIGKILL')))
    const restarted = stack.use(await startServerProcess(settings))
    expect(await shown(new ApiClient(restarted.controlUrl, token))).toEqual(expected)
  })
})
