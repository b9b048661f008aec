import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allOperations } from './documentation/operations/operation-text.ts'
import { RESOURCE_TEXTS } from './resources.ts'
import { bearer, openAcme, textOf, type AcmeWorld } from './testing/control-world.ts'

interface DocumentedOperation {
  readonly method: string
  readonly path: string
  readonly id: string
}

const HTTP_METHODS = new Set(['get', 'post', 'put', 'patch', 'delete'])
const texts = allOperations(RESOURCE_TEXTS)

let world: AcmeWorld
let outsider: { readonly authorization: string }

beforeAll(async () => {
  world = await openAcme()
  const created = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  outsider = bearer(created.body['token'])
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** Every operation below an organization, as the API document lists them. */
async function operationsOfOrganizations(): Promise<readonly DocumentedOperation[]> {
  const { body } = await world.call('GET', '/v1/openapi.json')
  return Object.entries(body['paths'] ?? {}).flatMap(([path, methods]) =>
    path.startsWith('/v1/organizations/{')
      ? Object.entries(methods)
          .filter(([method]) => HTTP_METHODS.has(method))
          .map(([method, operation]) => ({
            method: method.toUpperCase(),
            path: path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => PATH_VALUES[name] ?? 'some-name'),
            id: textOf(operation['operationId']),
          }))
      : [],
  )
}

const PATH_VALUES: Readonly<Record<string, string>> = {
  organization: 'acme',
  environment: 'prod',
  project: 'default',
  key: 'key_0000000000000000',
  name: 'SOME_NAME',
}

describe('an owner of another organization', () => {
  test('gets 404 from every operation, as if the organization did not exist', async () => {
    const operations = await operationsOfOrganizations()
    expect(operations.length).toBeGreaterThan(50)
    for (const { method, path, id } of operations) {
      const { body, query = {} } = texts[id]?.example ?? {}
      const target = `${path}?${new URLSearchParams(query).toString()}`
      const response = await world.call(method as 'GET', target, body, outsider)
      expect([id, response.status, response.body['code']]).toEqual([id, 404, 'not_found'])
      expect([id, response.body['detail']]).toEqual([id, expect.stringContaining('organization "acme"')])
    }
  })
})
