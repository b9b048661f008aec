import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, test } from 'vitest'
import { openControlWorld } from '../testing/control-world.ts'
import { RESOURCE_TEXTS } from '../resources.ts'
import { allOperations } from './operations/operation-text.ts'

const OPERATION_TEXTS = allOperations(RESOURCE_TEXTS)

interface Document {
  readonly openapi: string
  readonly info: { readonly description: string }
  readonly servers: readonly { readonly url: string; readonly description: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly components: { readonly responses: Readonly<Record<string, unknown>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}
interface Operation {
  readonly operationId: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly security?: readonly unknown[]
  readonly parameters?: readonly Parameter[]
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Content
  }
  readonly 'x-codeSamples'?: readonly unknown[]
}
type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>
interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly description?: string
  readonly schema: { readonly default?: number; readonly minimum?: number; readonly maximum?: number }
}

/** The paths of all properties within a schema that have no description. */
function undescribed(schema: Schema, path: string): string[] {
  const { properties = {}, anyOf = [], oneOf = [], items, additionalProperties } = schema
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : []
  return [
    ...Object.entries(properties).flatMap(([name, property]) => [
      ...(property.description === undefined ? [`${path}.${name}`] : []),
      ...undescribed(property, `${path}.${name}`),
    ]),
    ...[...anyOf, ...oneOf, ...values, ...(items === undefined ? [] : [items])].flatMap((part) =>
      undescribed(part, path),
    ),
  ]
}

let document: Document
let operations: readonly Operation[]

beforeAll(async () => {
  await using world = await openControlWorld()
  const answer = await world.app.inject('/v1/openapi.json')
  expect(answer.statusCode).toBe(200)
  document = JSON.parse(answer.payload) as Document
  operations = Object.values(document.paths).flatMap((path) => Object.values(path))
})

const posts = (): readonly Operation[] =>
  Object.values(document.paths).flatMap(({ post }) => (post === undefined ? [] : [post]))

function operationOf(id: string): Operation {
  const found = operations.find(({ operationId }) => operationId === id)
  if (found === undefined) throw new Error(`the document has no operation "${id}"`)
  return found
}

test('the document describes every call', () => {
  const { openapi, paths } = document
  expect(openapi).toBe('3.1.0')
  const templates = Object.keys(paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'))
  expect(templates).toEqual(
    expect.arrayContaining([
      '/v1/setup',
      '/v1/whoami',
      '/v1/organizations/{}',
      '/v1/organizations/{}/environments/{}/policies/external-api-access',
      '/v1/organizations/{}/keys/{}',
      '/v1/organizations/{}/verify',
    ]),
  )
  const ids = operations.map(({ operationId }) => operationId)
  expect(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})

test('every operation answers errors with a problem', () => {
  for (const { operationId, responses } of operations) {
    expect([operationId, responses['4XX'], responses['5XX']]).toEqual([
      operationId,
      { $ref: '#/components/responses/Refused' },
      { $ref: '#/components/responses/Failed' },
    ])
  }
  for (const name of ['Refused', 'Failed']) {
    expect(document.components.responses[name]).toHaveProperty(['content', 'application/problem+json'])
  }
})

test('the document contains the schema of a spec', () => {
  const { requestBody } = operationOf('createPipeline')
  expect(JSON.stringify(requestBody?.content['application/json']?.schema)).toContain('acceptsPublicKeys')
})

test('a body that can be left out is optional', () => {
  const optional = operations.filter(({ requestBody }) => requestBody?.required === false)
  const ids = optional.map(({ operationId }) => operationId)
  expect(ids.toSorted()).toEqual([
    'beginPasskey',
    'beginPasskeySignIn',
    'beginPasskeyStepUp',
    'beginSecondFactor',
    'finishPortalRoll',
    'redeploy',
    'replaceRecoveryCodes',
    'rollKey',
    'rollOwnKey',
    'rollPortalKey',
    'rollback',
    'rotateSigningKey',
    'rotateWebhook',
    'undoPortalRoll',
  ])
})

test('the first server is the one that serves the document', () => {
  expect(document.servers.map(({ url }) => url)).toEqual(['/', 'http://127.0.0.1:8080'])
})

test('every tag of an operation has a description, and every described tag an operation', () => {
  const described = document.tags.map(({ name }) => name)
  const used = new Set(operations.flatMap(({ tags }) => tags))
  expect(described.toSorted()).toEqual([...used].toSorted())
})

test('the introduction has the limits of the parameters', () => {
  const { description } = document.info
  const parameterOf = (id: string, name: string) => {
    const found = operationOf(id).parameters?.find((parameter) => parameter.name === name)
    if (found === undefined) throw new Error(`${id} has no parameter "${name}"`)
    return found.schema
  }
  const limit = parameterOf('listKeys', 'limit')
  expect(description).toContain(`${limit.minimum} to ${limit.maximum}, and ${limit.default} by default`)
  const wait = parameterOf('deleteKey', 'wait')
  expect(description).toContain(`${wait.minimum} to ${wait.maximum}, and ${wait.default} by default`)
})

describe('the table of texts', () => {
  test('has an entry for every operation, and no other entry', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(Object.keys(OPERATION_TEXTS).toSorted()).toEqual(ids.toSorted())
  })

  test('has each operation once', () => {
    const ids = RESOURCE_TEXTS.flatMap((resource) => Object.keys(resource.operations))
    expect(ids).toEqual([...new Set(ids)])
  })

  test('gives every operation a description and a curl command', () => {
    const incomplete = operations.filter(
      (operation) => operation.description === undefined || operation['x-codeSamples'] === undefined,
    )
    expect(incomplete.map(({ operationId }) => operationId)).toEqual([])
  })

  test('describes every parameter', () => {
    const bare = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter((parameter) => parameter.description === undefined)
        .map(({ name }) => `${operationId} ${name}`),
    )
    expect(bare).toEqual([])
  })

  test.each(['responses', 'requests'] as const)('describes every field of the %s', (part) => {
    const bare = operations.flatMap(({ operationId, responses, requestBody }) => {
      const bodies = part === 'responses' ? Object.values(responses) : [requestBody ?? {}]
      return bodies.flatMap(({ content = {} }) =>
        Object.values(content).flatMap(({ schema }) => undescribed(schema, operationId)),
      )
    })
    expect([...new Set(bare)]).toEqual([])
  })

  test('describes each operation in one to four sentences', () => {
    for (const [id, { description }] of Object.entries(OPERATION_TEXTS)) {
      const sentences = description.split(/(?<=\.) (?=[A-Z`])/)
      expect(sentences.length, id).toBeLessThanOrEqual(4)
      expect(description, id).toMatch(/^[A-Z].*\.$/)
    }
  })

  test('says of each POST without an Idempotency-Key that it takes none, which needs a visitor or a session', () => {
    for (const { operationId, description = '', parameters = [], security } of posts()) {
      const takesKey = parameters.some(({ name }) => name === 'idempotency-key')
      expect([operationId, description.includes('It takes no `Idempotency-Key`')]).toEqual([
        operationId,
        !takesKey,
      ])
      // Whoever acts for an organization can repeat every POST.
      if (security === undefined) expect([operationId, takesKey]).toEqual([operationId, true])
    }
  })

  test('orders examples after operations that exist', () => {
    const named = Object.values(OPERATION_TEXTS).flatMap(({ example }) => example.after ?? [])
    expect(named.filter((id) => OPERATION_TEXTS[id] === undefined)).toEqual([])
  })

  test('has an example for every body, which matches its schema', () => {
    const ajv = new Ajv2020({ strict: false, formats: { cidrv4: true, cidrv6: true } })
    addFormats.default(ajv)
    for (const { operationId, requestBody } of operations) {
      const { schema, example } = requestBody?.content['application/json'] ?? {}
      if (schema === undefined) continue
      const matches = ajv.validate(schema, example)
      expect([operationId, matches, ajv.errorsText()]).toEqual([operationId, true, 'No errors'])
    }
  })
})
