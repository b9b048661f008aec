import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { Trigger } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, deployment, OPEN, startWith, type StartedGateway } from '../testing/started-gateway.ts'

const PROD = { organization: 'acme', environment: 'prod' }
const HOSTS = new Map([
  ['api.example', PROD],
  ['site.example', PROD],
  ['*.shops.example', PROD],
])

const pipeline = (name: string, paths: readonly string[], trigger: Partial<Trigger> = {}) =>
  deployment({ paths, methods: ['GET'], authentication: OPEN, ...trigger }, undefined, { pipeline: name })

let started: StartedGateway

beforeAll(async () => {
  started = await startWith(
    [
      ...ACME,
      pipeline('any', ['/a/:id', '/b'], { methods: ['GET', 'POST'] }),
      // At its host, it hides the reading routes of the others.
      pipeline('site', ['/**'], { hosts: ['site.example'] }),
      pipeline('shop', ['/a/:id', '/shop'], { hosts: ['*.shops.example'] }),
      pipeline('one', ['/shop', '/one/**'], { hosts: ['one.shops.example', 'elsewhere.example'] }),
      pipeline('guarded', ['/guarded'], {
        hosts: ['one.shops.example'],
        authentication: { ...OPEN, apiKey: true },
      }),
    ],
    { config: { hosts: HOSTS } },
  )
})
afterAll(() => started[Symbol.asyncDispose]())

interface Listed {
  readonly servers: unknown
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>
}

/** The pipeline of each path and method that a document lists. */
async function listed(host: string, target: string): Promise<Record<string, string | undefined>> {
  const sent = request(`${started.url}${target}/.well-known/openapi.json`, { headers: { host } }).end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  const document = JSON.parse((await response.setEncoding('utf8').toArray()).join('')) as Listed
  expect(document.servers).toEqual([{ url: target === '' ? '/' : target }])
  return Object.fromEntries(
    Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { tags }]) => [`${method} ${path}`, tags[0]]),
    ),
  )
}

const ANY = { 'get /a/{id}': 'any', 'post /a/{id}': 'any', 'get /b': 'any', 'post /b': 'any' }

test.each([
  ['127.0.0.1', '/acme/prod', ANY],
  ['elsewhere.example', '/acme/prod', ANY],
  ['API.example:8081', '', ANY],
  ['site.example', '', { 'get /': 'site', 'get /{rest}': 'site', 'post /a/{id}': 'any', 'post /b': 'any' }],
  ['two.shops.example', '', { ...ANY, 'get /a/{id}': 'shop', 'get /shop': 'shop' }],
  [
    'one.shops.example.',
    '',
    { ...ANY, 'get /a/{id}': 'shop', 'get /shop': 'one', 'get /one': 'one', 'get /one/{rest}': 'one' },
  ],
])('The document at %s%s lists what is reached there', async (host, target, routes) => {
  expect(await listed(host, target)).toEqual(routes)
})
