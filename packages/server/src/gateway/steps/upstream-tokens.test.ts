import { afterAll, expect, test } from 'vitest'
import { startUpstream } from '../../../../../test/support/upstream.ts'
import { AddressSet } from '../../address/address-set.ts'
import { ConnectionPool } from '../../egress/connection-pool.ts'
import type { TokenRequest } from './token-request.ts'
import { UpstreamTokens } from './upstream-tokens.ts'

let asked = 0
const authority = await startUpstream((request, response) => {
  asked += 1
  request.resume()
  const body = { access_token: `token-${asked}`, token_type: 'Bearer', expires_in: 3600 }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})
const connections = new ConnectionPool(new AddressSet(['127.0.0.0/8']))
afterAll(async () => {
  await connections.destroy()
  await authority[Symbol.asyncDispose]()
})

function requestOf(environment: string, audience: string): TokenRequest {
  const client = { clientId: 'a', clientSecret: 'b', scopes: [], audience, authentication: 'basic' } as const
  return { environment, origin: authority.url, target: '/', ...client }
}

test('an organization with many tokens loses its own, and environments share none', async () => {
  const tokens = new UpstreamTokens({ connections, monotonicMs: () => 0, tokensMax: 64 })
  const { signal } = new AbortController()
  const get = async (organization: string, audience: string): Promise<string> => {
    const tenant = { organization, pipeline: 'a' }
    return (await tokens.tokenFor(requestOf(`${organization} prod`, audience), tenant, signal)).value
  }
  const other = await get('other', '0')
  const first = await get('acme', '0')
  expect(first).not.toBe(other)
  for (let index = 1; index < 100; index += 1) await get('acme', String(index))
  const last = await get('acme', '99')
  expect([await get('other', '0'), await get('acme', '99')]).toEqual([other, last])
  expect(await get('acme', '0')).not.toBe(first)
})
