import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { EnvironmentVariableRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { ACME, deployment, OPEN, proxyTo, startWith } from './testing/started-gateway.ts'

/** An upstream that answers with its name and the path that it received. */
async function upstream(name: string): Promise<AsyncDisposable & { readonly authority: string }> {
  const server = createServer((request, response) => response.end(`${name} ${request.url ?? ''}`))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    authority: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}

function variable(environment: string, value: string): EnvironmentVariableRecord {
  const owner = { organization: 'acme', environment, id: `var_${environment}` }
  return { kind: 'environment-variable', ...owner, name: 'ORDERS', value }
}

const proxy = proxyTo('http://{vars.ORDERS}/x')
const inBoth = ['test', 'prod'].map((environment) =>
  deployment({ authentication: OPEN }, proxy, { environment, id: `dep_${environment}` }),
)

test('one version calls the host of its environment, and follows a change at once', async () => {
  await using one = await upstream('one')
  await using two = await upstream('two')
  const values = [variable('test', one.authority), variable('prod', two.authority)]
  await using started = await startWith([...ACME, ...inBoth, ...values])
  const answerOf = async (environment: string): Promise<string> =>
    await (await fetch(`${started.url}/acme/${environment}/orders`)).text()
  expect([await answerOf('test'), await answerOf('prod')]).toEqual(['one /x', 'two /x'])
  started.apply([variable('prod', one.authority)])
  expect([await answerOf('test'), await answerOf('prod')]).toEqual(['one /x', 'one /x'])
})

test('an address on a private network is refused at the connection', async () => {
  await using one = await upstream('one')
  const records = [...ACME, ...inBoth, variable('prod', one.authority)]
  await using started = await startWith(records, { config: { upstreamAllow: [] } })
  const answer = await fetch(`${started.url}/acme/prod/orders`)
  expect([answer.status, await answer.json()]).toMatchObject([502, { code: 'upstream_failed' }])
})

test('a missing or unusable variable is an internal problem that only the log explains', async () => {
  await using started = await startWith([...ACME, ...inBoth, variable('prod', 'canary.example.com/x')])
  for (const environment of ['test', 'prod']) {
    const answer = await fetch(`${started.url}/acme/${environment}/orders`)
    const text = await answer.text()
    expect([answer.status, text.includes('ORDERS')]).toEqual([500, false])
  }
  expect(started.log.join()).toContain('ORDERS')
  expect(started.log.join()).not.toContain('canary')
})
