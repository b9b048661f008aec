import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { ConsumerRecord, Trigger } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashPassword } from '../../crypto/password-hash.ts'
import {
  ACME,
  deployment,
  makeKey,
  OPEN,
  startWith,
  type StartedGateway,
} from '../testing/started-gateway.ts'

const PATH = '/.well-known/openapi.json'
const BASIC = { ...OPEN, basic: true }

const consumer: ConsumerRecord = {
  kind: 'consumer',
  organization: 'acme',
  id: 'con_app',
  name: 'app',
  environment: 'prod',
  active: true,
  pipelines: ['mine', 'basic', 'both'],
}
const ofConsumer = makeKey({ consumer: 'con_app', environment: 'prod', roles: [] })
const everything = makeKey()
const elsewhere = makeKey({ addressRules: ['203.0.113.0/24'] })
const off = makeKey({ active: false })

const pipeline = (name: string, trigger: Partial<Trigger>) =>
  deployment({ paths: [`/${name}`], methods: ['GET'], ...trigger }, undefined, { pipeline: name })

let started: StartedGateway
let isLeaseOver = false

beforeAll(async () => {
  started = await startWith(
    [
      ...ACME,
      consumer,
      ...[ofConsumer, everything, elsewhere, off].map(({ record }) => record),
      {
        kind: 'basic-credential',
        organization: 'acme',
        environment: 'prod',
        id: 'bas_app',
        username: 'app',
        consumer: 'con_app',
        passwordHash: await hashPassword('opensesame', randomBytes),
      },
      pipeline('open', {
        authentication: OPEN,
        paths: ['/open/:id', '/{a}-{b}.json', '/files/*', '/users/**', '/rest/:rest/**', '/slash/', '/both'],
        routeMethods: { '/slash/': ['GET', 'POST'] },
        methods: ['GET', 'POST'],
        trailingSlash: 'exact',
      }),
      pipeline('mine', { apiKeyInQuery: true, rateLimits: [{ requests: 1, per: 'month', by: 'consumer' }] }),
      pipeline('other', {}),
      pipeline('basic', { authentication: BASIC }),
      pipeline('both', {
        authentication: { apiKey: true, jwt: true, basic: false },
        trailingSlash: 'optional',
      }),
      pipeline('nightly', { kind: 'schedule', paths: [], methods: [], authentication: OPEN }),
      { ...pipeline('elsewhere', { authentication: OPEN }), environment: 'test' },
    ],
    {
      isLeaseOver: () => isLeaseOver,
      config: { hosts: new Map([['api.example', { organization: 'acme', environment: 'prod' }]]) },
    },
  )
})
afterAll(() => started[Symbol.asyncDispose]())

interface Listed {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

interface Operation {
  readonly tags: readonly string[]
  readonly security: unknown
  readonly parameters?: readonly { readonly name: string }[]
}

async function listed(headers: Record<string, string> = {}, query = ''): Promise<Listed> {
  const response = await fetch(`${started.url}/acme/prod${PATH}${query}`, { headers })
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  return (await response.json()) as Listed
}

const pipelinesIn = ({ paths }: Listed): string[] => [
  ...new Set(Object.values(paths).flatMap((item) => Object.values(item).flatMap(({ tags }) => tags))),
]

describe('The document lists what the credentials of the request open', () => {
  test.each([
    ['nothing', {}, ['open']],
    ['the key of a consumer', { 'x-api-key': ofConsumer.token }, ['mine', 'open']],
    ['a key for everything', { 'x-api-key': everything.token }, ['mine', 'open', 'other']],
    ['a key of another address', { 'x-api-key': elsewhere.token }, ['open']],
    ['a key that is off', { 'x-api-key': off.token }, ['open']],
    [
      'an unknown key',
      { 'x-api-key': everything.token.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
      ['open'],
    ],
    ['Basic credentials', { authorization: `Basic ${btoa('app:opensesame')}` }, ['basic', 'open']],
    ['a wrong password', { authorization: `Basic ${btoa('app:sesame')}` }, ['open']],
  ])('with %s', async (_, headers, pipelines) => {
    expect(pipelinesIn(await listed(headers))).toEqual(pipelines)
  })

  test('with a key in the query, for pipelines that take it there', async () => {
    expect(pipelinesIn(await listed({}, `?apikey=${everything.token}`))).toEqual(['mine', 'open'])
  })

  test('and uses up no limit', async () => {
    for (let time = 0; time < 3; time += 1) await listed({ 'x-api-key': ofConsumer.token })
    const call = () => fetch(`${started.url}/acme/prod/mine`, { headers: { 'x-api-key': ofConsumer.token } })
    expect((await call()).status).toBe(200)
    expect((await call()).status).toBe(429)
    expect(pipelinesIn(await listed({ 'x-api-key': ofConsumer.token }))).toEqual(['mine', 'open'])
  })

  test('at once after a change', async () => {
    const fresh = makeKey()
    started.apply([fresh.record])
    const headers = { 'x-api-key': fresh.token }
    expect(pipelinesIn(await listed(headers))).toEqual(['mine', 'open', 'other'])
    started.apply([{ ...fresh.record, active: false }])
    expect(pipelinesIn(await listed(headers))).toEqual(['open'])
  })
})

test('paths are templates of OpenAPI with their methods and parameters', async () => {
  const { openapi, servers, paths } = await listed({ 'x-api-key': everything.token })
  expect(openapi).toBe('3.1.0')
  expect(servers).toEqual([{ url: '/acme/prod' }])
  const facts = Object.entries(paths).map(
    ([path, item]) =>
      `${path} ${Object.keys(item).join()} ${
        Object.values(item)[0]
          ?.parameters?.map(({ name }) => name)
          .join() ?? ''
      }`,
  )
  expect(facts).toEqual([
    '/mine get ',
    '/open/{id} get,post id',
    '/{a}-{b}.json get,post a,b',
    '/files/{rest} get,post rest',
    '/users get,post ',
    '/users/{rest} get,post rest',
    '/rest/{rest} get,post rest',
    '/rest/{rest}/{rest_} get,post rest,rest_',
    '/slash/ get,post ',
    '/both get,post ',
    '/other get ',
  ])
  expect(paths['/mine']?.['get']?.security).toEqual([{ apiKey: [] }, { apiKeyInQuery: [] }])
  expect(paths['/other']?.['get']?.security).toEqual([{ apiKey: [] }])
  expect(paths['/files/{rest}']?.['get']?.security).toEqual([])
})

test('on a host of its own, the server is the root', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  request({ port: started.gateway.port, path: PATH, headers: { host: 'api.example' } }, (response) => {
    let text = ''
    response
      .setEncoding('utf8')
      .on('data', (chunk: string) => (text += chunk))
      .on('end', () => resolve(text))
  })
    .on('error', reject)
    .end()
  expect((JSON.parse(await promise) as Listed).servers).toEqual([{ url: '/' }])
})

test('other methods, environments and outages are answered like everywhere', async () => {
  const url = `${started.url}/acme/prod${PATH}`
  const post = await fetch(url, { method: 'POST' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  expect((await fetch(`${started.url}/acme/nowhere${PATH}`)).status).toBe(404)
  expect((await fetch(`${started.url}/acme/prod/x${PATH}`)).status).toBe(404)
  isLeaseOver = true
  expect((await fetch(url)).status).toBe(503)
  isLeaseOver = false
})

test('many requests at once get the document or are told to come again', async () => {
  const url = `${started.url}/acme/prod${PATH}`
  const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await fetch(url)).status))
  expect(statuses).toContain(200)
  expect(statuses.every((status) => status === 200 || status === 503)).toBe(true)
  expect((await fetch(url)).status).toBe(200)
})
