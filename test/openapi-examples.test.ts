import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  openHostileProvider,
  type HostileProvider,
} from '../packages/server/src/identity/testing/hostile-provider.ts'
import { variablesOf } from '../packages/server/src/control/documentation/curl-command.ts'
import { virtualAuthenticator } from '../packages/server/src/identity/testing/virtual-authenticator.ts'
import { allOperations } from '../packages/server/src/control/documentation/operations/operation-text.ts'
import { RESOURCE_TEXTS } from '../packages/server/src/control/resources.ts'
import { ApiClient, textAt } from './support/api-client.ts'
import { appCode } from './support/authenticator-app.ts'
import { openingOf } from './support/hand-over-link.ts'
import { openGitHub } from './support/github.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

const OPERATION_TEXTS = allOperations(RESOURCE_TEXTS)

interface Operation {
  readonly operationId: string
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
  readonly 'x-codeSamples': readonly { readonly source: string }[]
}
interface RunnableExample {
  readonly operationId: string
  readonly command: string
  /** The success status that the document promises: the last one, so 201 if the operation creates something. */
  readonly status: number
  /** The JSON Pointer of the answer's schema in the document; undefined for an empty answer. */
  readonly schema: string | undefined
  /** Whether the answer has a JSON text in each line. */
  readonly isExport: boolean
}

const OPENAPI_FILE = join(import.meta.dirname, '..', 'openapi', 'openapi.json')
const DOCUMENT = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The variables that a reader sets before the first example. */
const GIVEN_VARIABLES = [
  'SALLYPORT_URL',
  'SALLYPORT_SETUP_TOKEN',
  'TOTP_CODE',
  'CREDENTIAL_ID',
  'CLIENT_DATA',
  'ATTESTATION_OBJECT',
  'AUTHENTICATOR_DATA',
  'SIGNATURE',
  'HAND_OVER_PROOF',
  'ROTATION_WEBHOOK_ID',
  'PORTAL_SECRET',
]

const ACME = '/v1/organizations/acme'

/** Passkeys need a domain. */
const PUBLIC_URL = 'http://localhost:8080'
const authenticator = virtualAuthenticator(PUBLIC_URL)
const github = openGitHub()

/** Requests before an example, for a state that no other example leaves behind. */
const PREPARATIONS: Readonly<Record<string, (api: ApiClient) => Promise<void>>> = {
  // The rollback needs a version that was live before 1.1.
  async deploy(api) {
    const older = { pipeline: 'orders', version: '1.0', environment: 'test' }
    await api.must('POST', `${ACME}/deployments`, older)
  },
  // The promotion left a deployment in prod.
  async removePipeline(api) {
    const { items } = await api.must('GET', `${ACME}/deployments?pipeline=orders`)
    for (const deployment of Object.values(items ?? {})) {
      await api.must('DELETE', `${ACME}/deployments/${textAt(deployment, 'id')}`)
    }
  },
  // Another session of the person who is signed in.
  async listOtherSessions(api) {
    const { body } = OPERATION_TEXTS['signIn']?.example ?? {}
    await api.must('POST', '/v1/auth/sign-in', body)
  },
  // What the browser does at the provider.
  async listLinkedProviders() {
    const query = provider.authorize(variables['PROVIDER_URL'] ?? '')
    await pasted(`curl -b ~/.sallyport-cookies "$SALLYPORT_URL/v1/auth/providers/acme-id/callback${query}"`)
  },
  // The invitation of the examples before was accepted.
  async withdrawInvitation(api) {
    const invitation = { email: 'other@example.com', roles: ['auditor'] }
    variables['INVITATION_ID'] = textAt(await api.must('POST', `${ACME}/invitations`, invitation), 'id')
  },
  // What an authenticator app shows.
  async confirmSecondFactor() {
    variables['TOTP_CODE'] = appCode(variables['TOTP_SECRET'] ?? '')
    await Promise.resolve()
  },
  // What a browser makes of the options.
  async addPasskey() {
    const made = authenticator.create({
      rp: { id: 'localhost' },
      user: { id: variables['USER_HANDLE'] ?? '' },
      challenge: variables['CHALLENGE'] ?? '',
      pubKeyCredParams: [{ alg: -7 }],
    })
    variables['CREDENTIAL_ID'] = made.id
    variables['CLIENT_DATA'] = made.response.clientDataJSON
    variables['ATTESTATION_OBJECT'] = made.response.attestationObject
    await Promise.resolve()
  },
  async signInWithPasskey() {
    const { response } = authenticator.get({ challenge: variables['CHALLENGE'] ?? '' })
    variables['CLIENT_DATA'] = response.clientDataJSON
    variables['AUTHENTICATOR_DATA'] = response.authenticatorData
    variables['SIGNATURE'] = response.signature
    await Promise.resolve()
  },
  // A key whose token is in a link, and what the page of the link makes of it.
  async listHandOvers(api) {
    const key = { name: 'handed over', type: 'secret', handOver: { expiresInHours: 24 } }
    const link = textAt(await api.must('POST', `${ACME}/keys`, key), 'handOver', 'link')
    variables['HAND_OVER_PROOF'] = (await openingOf(link)).proof
  },
  // The part of the link that its page sends.
  async openPortalSession() {
    variables['PORTAL_SECRET'] = (variables['PORTAL_LINK'] ?? '').split('#')[1] ?? ''
    await Promise.resolve()
  },
  // The roll of the example before was undone.
  async finishPortalRoll(api) {
    await api.must('POST', `${ACME}/keys/${variables['PORTAL_KEY_ID'] ?? ''}/roll`)
  },
  // A request of the consumer to a pipeline.
  async readPortalUsage(api) {
    const spec = {
      trigger: { kind: 'http', path: '/counted-in-portal', authentication: { apiKey: true } },
      steps: [{ respond: { body: {} } }],
    }
    await api.must('POST', `${ACME}/pipelines`, { name: 'counted-in-portal', spec })
    const version = { pipeline: 'counted-in-portal', version: '1.0', environment: 'prod' }
    const { url } = await api.must('POST', `${ACME}/deployments`, version)
    const consumer = variables['CONSUMER_ID'] ?? ''
    const key = await api.must('POST', `${ACME}/keys`, { name: 'counted', type: 'secret', consumer })
    await fetch(textAt({ url }, 'url'), { headers: { 'x-api-key': textAt(key, 'token') } })
    const usage = async (): Promise<unknown> =>
      (await api.must('GET', `${ACME}/usage?consumer=${consumer}`))['items']
    await expect.poll(usage).not.toEqual([])
  },
  // A key whose token was found.
  async listLeaks(api) {
    const { token } = await api.must('POST', `${ACME}/keys`, { name: 'found', type: 'secret' })
    await github.tell(variables['SALLYPORT_URL'] ?? '', textAt({ token }, 'token'))
  },
  // A key that another organization has added.
  async listAcceptances(api) {
    const partner = { slug: 'accepting', name: 'Accepting' }
    const made = await api.must('POST', '/v1/organizations', partner)
    const key = await api.must('POST', `${ACME}/keys`, { name: 'accepted', type: 'secret' })
    const accepted = { keyId: textAt(key, 'key', 'id'), roles: ['invoker'] }
    await api.as(textAt(made, 'token')).must('POST', '/v1/organizations/accepting/external-keys', accepted)
  },
  // The hand-over of the examples before was opened.
  async withdrawHandOver(api) {
    const key = { name: 'handed over', type: 'secret', handOver: { expiresInHours: 24 } }
    variables['HAND_OVER_ID'] = textAt(await api.must('POST', `${ACME}/keys`, key), 'handOver', 'id')
  },
  // A request to a pipeline.
  async readUsage(api) {
    const spec = { trigger: { kind: 'http', path: '/counted' }, steps: [{ respond: { body: {} } }] }
    await api.must('POST', `${ACME}/pipelines`, { name: 'counted', spec })
    const version = { pipeline: 'counted', version: '1.0', environment: 'test' }
    const { url } = await api.must('POST', `${ACME}/deployments`, version)
    await fetch(textAt({ url }, 'url'))
    const usage = async (): Promise<unknown> => (await api.must('GET', `${ACME}/usage`))['items']
    await expect.poll(usage).not.toEqual([])
  },
  // The request of the example before.
  async listRequests(api) {
    const list = `${ACME}/requests?code=valid`
    await expect.poll(async () => (await api.must('GET', list))['items']).not.toEqual([])
  },
  // An event.
  async listDeliveries(api) {
    await api.must('POST', `${ACME}/keys`, { name: 'told', type: 'secret' })
    const list = `${ACME}/webhooks/${variables['WEBHOOK_ID'] ?? ''}/deliveries`
    await expect.poll(async () => (await api.must('GET', list))['items']).not.toEqual([])
  },
  // A key that nothing else needs.
  async deleteOwnKey(api) {
    const key = { name: 'leaked', type: 'secret', roles: ['owner'] }
    variables['SALLYPORT_TOKEN'] = textAt(await api.must('POST', `${ACME}/keys`, key), 'token')
  },
  // A webhook that is set up for new tokens.
  async setRotation(api) {
    const webhook = { url: 'https://hooks.example.com/tokens', events: ['key.rotated'] }
    variables['ROTATION_WEBHOOK_ID'] = textAt(await api.must('POST', `${ACME}/webhooks`, webhook), 'id')
  },
  // The roll of the example before is finished.
  async undoRoll(api) {
    await api.must('POST', `${ACME}/keys/${variables['KEY_ID'] ?? ''}/roll`)
  },
}

/** No content, and a redirect. */
const BODILESS: readonly number[] = [204, 303]

/** Lists that stay empty here: nothing waits a minute for a schedule. */
const EMPTY_LISTS: readonly string[] = ['listScheduleRuns']

/** Every example of the document, each after the ones that it needs. */
const EXAMPLES = inRunningOrder(documentedExamples())

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(DOCUMENT, 'openapi.json')

const variables: Record<string, string> = {}
const resources = new AsyncDisposableStack()
let home = ''
let provider: HostileProvider

beforeAll(async () => {
  const folder = resources.use(await temporaryFolder())
  provider = resources.use(await openHostileProvider('acme-id'))
  const server = resources.use(
    await startServerProcess({
      SALLYPORT_DATA: join(folder.path, 'data'),
      SALLYPORT_PUBLIC_URL: PUBLIC_URL,
      ...github.settings,
      SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify([provider.settings]),
    }),
  )
  variables['SALLYPORT_URL'] = server.controlUrl
  variables['SALLYPORT_SETUP_TOKEN'] = server.setupToken
  home = folder.path
  // The commands stay as they are in the document, and curl still prints the status on a line of its own.
  await writeFile(join(home, '.curlrc'), 'silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
})

afterAll(async () => {
  await resources.disposeAsync()
})

test.each(EXAMPLES)('the example of $operationId works when pasted', async (example) => {
  const { operationId, command, schema } = example
  const api = new ApiClient(variables['SALLYPORT_URL'] ?? '', variables['SALLYPORT_TOKEN'])
  await PREPARATIONS[operationId]?.(api)

  const { status, body, text } = await pasted(command, example.isExport)
  expect(status, `${command}\n${JSON.stringify(body, null, 2)}`).toBe(example.status)
  if (example.isExport) {
    const [last, ...others] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .toReversed()
    expect(last).toMatchObject({ export: { keys: others.length } })
    expect(others).not.toEqual([])
    return
  }
  if (schema === undefined) {
    expect(body).toEqual({})
    return
  }
  const isDocumented = ajv.validate({ $ref: `openapi.json#${schema}` }, body)
  expect(isDocumented, `${ajv.errorsText()}\n${JSON.stringify(body, null, 2)}`).toBe(true)
  // The items of an empty list would match any schema.
  if ('items' in body && !EMPTY_LISTS.includes(operationId)) expect(body['items']).not.toEqual([])

  for (const [variable, path] of Object.entries(OPERATION_TEXTS[operationId]?.example.saves ?? {})) {
    variables[variable] = textAt(body, ...(path.match(/\w+/g) ?? []))
  }
})

/** Runs a command in bash as a reader would, with the variables that were saved so far. */
async function pasted(
  command: string,
  isExport = false,
): Promise<{ status: number; body: Record<string, unknown>; text: string }> {
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-euc', command], {
    env: { PATH: process.env['PATH'], HOME: home, ...variables },
  })
  const [, text = '', status = ''] = /^(.*)\n(\d{3})$/s.exec(stdout) ?? []
  const body = text === '' || isExport ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: Number(status), body, text }
}

function documentedExamples(): RunnableExample[] {
  return Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, responses, 'x-codeSamples': samples }]) => {
      const status = Math.max(
        ...Object.keys(responses)
          .map(Number)
          .filter((each) => each < 400),
      )
      const content = responses[String(status)]?.content ?? {}
      const steps = [
        'paths',
        path,
        method,
        'responses',
        String(status),
        'content',
        'application/json',
        'schema',
      ]
      return {
        operationId,
        command: samples[0]?.source ?? '',
        status,
        isExport: 'application/x-ndjson' in content && !('application/json' in content),
        schema: BODILESS.includes(status) ? undefined : steps.map((step) => `/${pointerStep(step)}`).join(''),
      }
    }),
  )
}

/** A member of a JSON Pointer in a URI fragment (RFC 6901 sections 3 and 6). */
function pointerStep(member: string): string {
  return encodeURIComponent(member.replaceAll('~', '~0').replaceAll('/', '~1'))
}

/** Sorts examples by the order of the tables, and behind everything that they need. */
function inRunningOrder(examples: readonly RunnableExample[]): RunnableExample[] {
  const order = Object.keys(OPERATION_TEXTS)
  const waiting = examples.toSorted(
    (left, right) => order.indexOf(left.operationId) - order.indexOf(right.operationId),
  )
  const sorted: RunnableExample[] = []
  const known = new Set(GIVEN_VARIABLES)
  const done = new Set<string>()
  while (waiting.length > 0) {
    const index = waiting.findIndex(
      ({ operationId, command }) =>
        variablesOf(command).every((variable) => known.has(variable)) &&
        (OPERATION_TEXTS[operationId]?.example.after ?? []).every((id) => done.has(id)),
    )
    const [next] = index === -1 ? [] : waiting.splice(index, 1)
    if (next === undefined) {
      const stuck = waiting.map(({ operationId }) => operationId).join(', ')
      throw new Error(`No example gives these what they need: ${stuck}`)
    }
    sorted.push(next)
    done.add(next.operationId)
    for (const variable of Object.keys(OPERATION_TEXTS[next.operationId]?.example.saves ?? {})) {
      known.add(variable)
    }
  }
  return sorted
}
