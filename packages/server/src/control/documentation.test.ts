import { expect, test } from 'vitest'
import { openControlWorld } from './testing/control-world.ts'

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, unknown>>
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> }
  readonly security?: readonly unknown[]
}

async function readDocument(): Promise<Document> {
  await using world = await openControlWorld()
  const answer = await world.app.inject('/v1/openapi.json')
  expect(answer.statusCode).toBe(200)
  return JSON.parse(answer.payload) as Document
}

test('the OpenAPI document describes every route', async () => {
  const { openapi, paths } = await readDocument()
  expect(openapi).toBe('3.1.0')
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v1/setup',
      '/v1/whoami',
      '/v1/organizations/{organization}',
      '/v1/organizations/{organization}/environments/{environment}/policies/external-api-access',
      '/v1/organizations/{organization}/keys/{key}',
      '/v1/organizations/{organization}/verify',
    ]),
  )
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  const ids = operations.map(({ operationId }) => operationId)
  expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(operations.every(({ responses }) => '4XX' in responses || '4xx' in responses)).toBe(true)
})

test('the OpenAPI document describes the pipeline spec', async () => {
  const { paths } = await readDocument()
  const body =
    paths['/v1/organizations/{organization}/pipelines']?.['post']?.requestBody?.content['application/json']
  expect(JSON.stringify(body?.schema)).toContain('acceptsPublicKeys')
})

test('the page loads nothing from other origins', async () => {
  await using world = await openControlWorld()
  const page = await world.app.inject('/docs/')
  expect(page.statusCode).toBe(200)
  expect(page.payload).not.toMatch(/(?:src|href)="https?:/)
  expect(page.payload).toContain('/v1/openapi.json')
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toMatch(/script-src 'self' 'sha256-[A-Za-z0-9+/]{43}='/)
  expect(policy).not.toContain('http')
  const source = /<script src="([^"]+)"/.exec(page.payload)?.[1] ?? ''
  const script = await world.app.inject(new URL(source, 'http://localhost/docs/').pathname)
  expect(script.statusCode).toBe(200)
  expect(script.headers['content-type']).toContain('javascript')
})
