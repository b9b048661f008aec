import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import {
  accessibilityFaults,
  type Dashboard,
  lookFaults,
  openDashboard,
  PASSWORD,
  signIn,
} from '../support/dashboard.ts'

/*
 * The pages of pipelines, in a real browser, against a real server and its gateway.
 */

const ACME = '/v1/organizations/acme'
let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

interface Made {
  readonly path?: string
  readonly apiKey?: boolean
  readonly project?: string
}

/** Creates a pipeline that answers by itself, with version 1.0. */
async function makePipeline(
  name: string,
  { path = `/${name}`, apiKey = true, project }: Made = {},
): Promise<void> {
  await dashboard.acme.must('POST', `${ACME}/pipelines`, {
    name,
    ...(project !== undefined && { project }),
    spec: {
      trigger: { kind: 'http', path, authentication: { apiKey } },
      steps: [{ respond: { status: 200, body: 'ok' } }],
    },
  })
}

/** Saves the next version, which answers something else. */
async function saveVersion(name: string, body: string): Promise<void> {
  await dashboard.acme.must('POST', `${ACME}/pipelines/${name}/versions`, {
    spec: {
      trigger: { kind: 'http', path: `/${name}`, authentication: { apiKey: true } },
      steps: [{ respond: { status: 200, body } }],
    },
  })
}

async function deploy(pipeline: string, version: string, environment: string): Promise<void> {
  await dashboard.acme.must('POST', `${ACME}/deployments`, { pipeline, version, environment })
}

async function setPolicy(environment: string, mode: string): Promise<void> {
  await dashboard.acme.must('PUT', `${ACME}/environments/${environment}/policies/external-api-access`, {
    mode,
  })
}

/** The versions that are live, such as `1.1 in prod`. */
async function liveOf(pipeline: string): Promise<string[]> {
  const { body } = await dashboard.acme.call('GET', `${ACME}/deployments?pipeline=${pipeline}`)
  const items = body['items'] as unknown as readonly Record<string, string>[]
  return items.map(({ version, environment }) => `${version} in ${environment}`).toSorted()
}

async function statusOf(path: string, token?: string): Promise<number> {
  const { status } = await fetch(`${dashboard.server.gatewayUrl}/acme/${path}`, {
    ...(token !== undefined && { headers: { 'x-api-key': token } }),
  })
  return status
}

async function isFocused(locator: Locator): Promise<boolean> {
  return (await locator.and(locator.page().locator(':focus')).count()) > 0
}

/** Replaces the text of the editor as a person does: the browser's own way of replacing text leaves styles in it. */
async function write(editor: Locator, text: string): Promise<void> {
  await editor.press('Control+a')
  await editor.press('Delete')
  await editor.page().keyboard.insertText(text)
}

/** Names of the members of a schema. */
const FIELDS = Array.from({ length: 14 }, (_, index) => `field${index}`)

/** Whether something is seen without scrolling. */
async function isInView(locator: Locator): Promise<boolean> {
  const box = await locator.boundingBox()
  const { height = 0 } = locator.page().viewportSize() ?? {}
  return box !== null && box.y >= 0 && box.y < height
}

/** The text of the editor. */
async function specText(page: Page): Promise<string> {
  return (await page.locator('.cm-line').allInnerTexts()).join('\n')
}

describe('the first protected call', () => {
  test('a pipeline is created, refused by the gate, fixed by the button, deployed and tried', async () => {
    const { page } = dashboard
    await setPolicy('prod', 'api-key')
    await dashboard.open('pipelines')
    await page.getByText('No pipeline yet').waitFor()
    await page.getByRole('button', { name: 'Create pipeline' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('parcels')
    await dialog.getByLabel('Path').fill('/parcels/:id')
    await dialog.getByRole('switch', { name: 'API key' }).uncheck()
    await dialog.getByText('Nothing is required').waitFor()
    await dialog.getByText('Answer itself').click()
    await dialog.getByLabel('Answer', { exact: true }).fill('{"ok": true}')
    await dialog.getByRole('button', { name: 'Create pipeline' }).click()

    await page.getByRole('heading', { name: 'Pipelines / parcels' }).waitFor()
    await page.getByText('Nothing is live').waitFor()
    await page.getByRole('button', { name: 'Deploy to…' }).click()
    const panel = page.getByRole('complementary')
    await panel.getByText('1.0 conforms').waitFor()
    await panel.getByText('Open to everyone', { exact: true }).waitFor()
    await panel.getByRole('combobox', { name: 'Environment' }).click()
    await page.getByRole('option', { name: 'prod' }).click()

    // The gate of prod refuses, at the line of the spec too.
    await panel.getByText('Refused: 1 violation').waitFor()
    await panel.getByText('API key must be on').waitFor()
    await page
      .getByRole('status')
      .getByText(/Line \d+: prod demands it/)
      .waitFor()
    expect(await liveOf('parcels')).toEqual([])
    await panel.getByRole('button', { name: 'Fix it and save 1.1' }).click()

    await panel.getByText('1.1 conforms').waitFor()
    await page.getByRole('switch', { name: 'API key', checked: true }).waitFor()
    expect(await statusOf('prod/parcels/7')).toBe(404)
    await panel.getByRole('button', { name: 'Deploy 1.1 to prod' }).click()
    await panel.getByText('1.1 is live in prod').waitFor()
    await panel.getByText(/In force on 1 of 1 gateway after \d+ ms/).waitFor()
    expect(await liveOf('parcels')).toEqual(['1.1 in prod'])
    const line = await panel.getByLabel('Call it from a shell').innerText()
    expect(line).toContain(`curl '${dashboard.server.gatewayUrl}/acme/prod/parcels/:id'`)
    expect(line).toContain('-H "x-api-key: $TOKEN"')

    // The form begins with the environment and the pipeline.
    await panel.getByRole('link', { name: 'Create a consumer that may call it' }).click()
    await dialog.getByLabel('Name').fill('shop')
    await dialog.getByRole('button', { name: 'Create consumer' }).click()
    const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    expect([await statusOf('prod/parcels/7'), await statusOf('prod/parcels/7', token)]).toEqual([401, 200])

    await dashboard.open('pipelines/parcels')
    await page.getByRole('button', { name: 'Try it' }).click()
    await panel.getByRole('textbox', { name: 'Path' }).fill('/parcels/7')
    await panel.getByRole('button', { name: 'Ask the gateway' }).click()
    await panel.getByText('credential_missing').waitFor()
    await panel.getByRole('listitem').filter({ hasText: 'API key' }).getByText('Refused').waitFor()
    await panel.getByRole('listitem').filter({ hasText: 'Route' }).getByText('Passed').waitFor()
    await panel.getByLabel('Token of an API key').fill(token)
    await panel.getByRole('button', { name: 'Ask the gateway' }).click()
    await panel.getByText('Allowed', { exact: true }).waitFor()
    await panel.getByRole('textbox', { name: 'Path' }).fill('/nowhere')
    await panel.getByRole('button', { name: 'Ask the gateway' }).click()
    await panel.getByText('route_not_found').waitFor()

    // What was pasted is gone with the panel.
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Try it' }).click()
    expect(await panel.getByLabel('Token of an API key').inputValue()).toBe('')
    expect(await page.content()).not.toContain(token)
    expect(page.url()).not.toContain(token)
    expect(dashboard.faults).toEqual([])
  })

  test('a pipeline begins with an OpenAPI document', async () => {
    const { page } = dashboard
    await dashboard.open('pipelines?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('An OpenAPI document').click()
    const choose = async (name: string, text: string): Promise<void> =>
      await dialog
        .locator('input[type=file]')
        .setInputFiles({ name, mimeType: '', buffer: Buffer.from(text) })
    await choose('old.json', '{"swagger": "2.0"}')
    await dialog.getByRole('alert').getByText('The document is Swagger 2.0').waitFor()
    await choose('broken.yaml', 'paths: [')
    await dialog.getByText('The file cannot be read as JSON or as one YAML document').waitFor()
    await choose('other.yaml', 'openapi: 3.0.0\ninfo: { title: Other }\npaths: { /a: { get: {} } }')
    const name = dialog.getByLabel('Name', { exact: true })
    await expect.poll(async () => await name.inputValue()).toBe('other')

    const operations = 'get: {}, trace: {}'
    await choose(
      'clinic.yaml',
      `openapi: 3.1.0\ninfo: { title: Vet Clinic }\npaths:\n  /vets: { get: {} }\n  /vets/{vet-id}: { ${operations} }`,
    )
    await dialog.getByText('The document names no server. Enter where requests go.').waitFor()
    await dialog.getByLabel('URL of the upstream').fill('clinic.example.com')
    await dialog.getByText('Start with http:// or https://.').waitFor()
    await dialog.getByLabel('URL of the upstream').fill('https://clinic.example.com/v2')
    await dialog.getByText('2 paths with 2 operations. Callers send: API key.').waitFor()
    await dialog.getByText('The parameter "vet-id" is named "vet_id"').waitFor()
    await dialog.getByText('Pipelines do not have this method').waitFor()
    expect(await name.inputValue()).toBe('vet-clinic')
    await dialog.getByRole('button', { name: 'Create pipeline' }).click()
    await page.getByRole('heading', { name: 'Pipelines / vet-clinic' }).waitFor()
    const text = await specText(page)
    expect(text).toContain('/vets/{vet_id}')
    expect(text).toContain('https://clinic.example.com/v2/{path}')
    expect(dashboard.faults).toEqual([])
  })

  test('a form that the server refuses keeps what was typed', async () => {
    const { page } = dashboard
    await makePipeline('taken')
    await dashboard.open('pipelines?dialog=create')
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Create pipeline' })
    await dialog.getByLabel('Name', { exact: true }).fill('Not a name')
    await dialog.getByText('Use lower-case letters').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill('taken')
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('URL of the upstream').fill('https://a.example.com')
    await submit.click()
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByLabel('URL of the upstream').inputValue()).toBe('https://a.example.com')
  })
})

describe('the spec', () => {
  test('form and text are the same, and either can be changed', async () => {
    const { page } = dashboard
    await makePipeline('twofold')
    await dashboard.open('pipelines/twofold')
    await page.getByRole('switch', { name: 'API key', checked: true }).waitFor()
    await page.getByRole('switch', { name: 'JWT' }).check()
    expect(await specText(page)).toContain('jwt: true')
    await page.getByRole('textbox', { name: 'Path' }).fill('/double/:id')
    expect(await specText(page)).toContain('path: /double/:id')
    for (const name of ['Kind', 'Methods']) {
      await page.getByRole('combobox', { name }).click()
      await page.getByRole('option').first().click({ trial: true })
      expect(await accessibilityFaults(page), name).toEqual([])
      await page.keyboard.press('Escape')
    }

    const editor = page.getByRole('textbox', { name: 'Spec of twofold in YAML' })
    await write(
      editor,
      'trigger:\n  kind: rest # comment\n  path: /typed\nsteps:\n  - respond: { status: 204 }\n',
    )
    await page.getByRole('switch', { name: 'API key', checked: false }).waitFor()
    expect(await page.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/typed')
    await page.getByRole('switch', { name: 'Basic' }).check()
    expect(await specText(page)).toContain('kind: rest # comment')

    // While the text cannot be read, the form waits.
    await write(editor, 'trigger: [')
    await page.getByText('Not YAML', { exact: true }).waitFor()
    expect(await page.getByRole('switch', { name: 'Basic' }).isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Discard changes' }).click()
    expect(await specText(page)).toContain('path: /twofold')
  })

  test('the form has every field of the schema, tells faults at them, and loses nothing', async () => {
    const { page } = dashboard
    await makePipeline('formed')
    await dashboard.open('pipelines/formed')
    const editor = page.getByRole('textbox', { name: 'Spec of formed in YAML' })
    await write(
      editor,
      [
        'trigger:',
        '  kind: http # comment',
        '  path: /formed',
        '  routes: [{ path: /b, methods: [GET] }]',
        'steps:',
        '  - proxy:',
        '      url: http://a.example.com',
        '      headers: { x-a: { by: consumer, values: { shop: s } }, x-b: b } # kept',
        '',
      ].join('\n'),
    )
    const more = page.getByRole('region', { name: 'More settings' })
    await more.getByRole('button', { name: 'CORS' }).click()
    await more.getByRole('switch', { name: 'Use CORS' }).check()
    await more.getByText('List at least 1 entry.').waitFor()
    await more.getByRole('button', { name: 'CORS 1 problem' }).waitFor()
    await more.getByRole('combobox', { name: 'Origins' }).fill('https://a.example.com')
    await more.getByRole('combobox', { name: 'Origins' }).press('Enter')
    await more.getByLabel('Preflights are cached for, in seconds').fill('60')
    expect(await specText(page)).toContain('origins: [ https://a.example.com ]')
    await more.getByText('List at least 1 entry.').waitFor({ state: 'detached' })
    await more.getByRole('button', { name: 'Further routes 1 entry' }).click()
    const route = more.getByRole('group', { name: 'Further routes: 1' })
    const isObject = route.getByRole('radio', { name: 'With methods of its own', checked: true })
    await isObject.waitFor({ state: 'attached' })
    await route.getByRole('button', { name: 'Request' }).click()
    await route.getByRole('switch', { name: 'Use Request' }).check()
    const body = route.getByRole('textbox', { name: 'Schema of the body' })
    await body.fill('{ "type": "object", "required": ["na')
    await route.getByText(/^This is not JSON yet/).waitFor()
    await body.fill('{ "type": "object", "required": ["name"] }')
    await route.getByText(/^This is not JSON yet/).waitFor({ state: 'detached' })
    await more.getByRole('button', { name: 'Add to Further routes' }).click()
    const other = more.getByRole('group', { name: 'Further routes: 2' })
    await other.getByRole('textbox', { name: 'Path' }).fill('/c')
    await other.getByText('With methods of its own', { exact: true }).click()
    await other.getByText('List at least 1 entry.').waitFor()
    expect(await other.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/c')
    await other.getByText('Path only', { exact: true }).click()
    await more.getByRole('button', { name: 'Shared schemas' }).click()
    await more.getByRole('textbox', { name: 'Name of a schema' }).fill('Order')
    await more.getByRole('textbox', { name: 'Name of a schema' }).press('Enter')
    const order = more.getByRole('textbox', { name: 'Value of Order' })
    await order.fill('')
    await more.getByText('Write true or false or fields of its own.').waitFor()
    await order.fill('{"type": "object"}')
    await more.getByRole('button', { name: 'Deprecation' }).click()
    await more.getByRole('switch', { name: 'Use Deprecation' }).check()
    await more.getByLabel('Since').fill('soon')
    await more.getByRole('button', { name: 'Rate limits' }).click()
    await more.getByRole('button', { name: 'Add to Rate limits' }).click()
    await more.getByRole('group', { name: 'Rate limits: 1' }).getByLabel('Requests').fill('10')

    await page.getByRole('button', { name: 'Fields of step 1, proxy' }).click()
    const step = page.getByRole('region', { name: 'Fields of step 1, proxy' })
    await step.getByRole('button', { name: 'Targets' }).click()
    const targets = ['http://a.example.com', 'http://b.example.com']
    for (const [index, origin] of targets.entries()) {
      await step.getByRole('button', { name: 'Add to Targets' }).click()
      await step
        .getByRole('group', { name: `Targets: ${index + 1}` })
        .getByLabel('Origin')
        .fill(origin)
    }
    await step.getByLabel('Weight').first().fill('3')
    await step.getByRole('switch', { name: 'Backup' }).last().check()
    await step.getByRole('button', { name: 'Headers 2 set' }).click()
    const tier = step.getByRole('group', { name: /^Values of x-a/ })
    await tier.getByRole('textbox', { name: 'Consumer or id of a key' }).fill('mobile-app')
    await tier.getByRole('textbox', { name: 'Consumer or id of a key' }).press('Enter')
    await tier.getByRole('textbox', { name: 'Value of mobile-app' }).fill('gold')
    await step.getByLabel('Value of x-a for all others').fill('none')
    await step.getByRole('combobox', { name: 'What happens to x-b' }).click()
    await page.getByRole('option', { name: 'Append' }).click()
    await step.getByRole('textbox', { name: 'Name of a header' }).fill('x-b')
    await step.getByText('This name is there already.').waitFor()
    await step.getByRole('textbox', { name: 'Name of a header' }).fill('x-c')
    await step.getByRole('button', { name: 'Add: Name of a header' }).click()
    await step.getByRole('textbox', { name: 'Value of x-c' }).fill('c')
    // Elsewhere, the bar at the top covers a part of the field that happens to be there.
    await page.evaluate('scrollTo(0, 0)')
    expect(await lookFaults(page)).toEqual([])

    // The server judges what the schema does not say, and its answer stands at the field.
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText(/Line \d+: Use an RFC 3339 timestamp/).waitFor()
    const since = more.getByLabel('Since')
    expect(await since.getAttribute('aria-invalid')).toBe('true')
    await since.fill('2027-01-31T00:00:00Z')
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('formed 1.1 is saved').waitFor()
    const { spec } = await dashboard.acme.must('GET', `${ACME}/pipelines/formed/versions/1.1`)
    expect(spec).toEqual({
      trigger: {
        kind: 'http',
        path: '/formed',
        routes: [
          {
            path: '/b',
            methods: ['GET'],
            request: { body: { type: 'object', required: ['name'] } },
          },
          '/c',
        ],
        schemas: { Order: { type: 'object' } },
        cors: { origins: ['https://a.example.com'], maxAge: 60 },
        deprecation: { since: '2027-01-31T00:00:00Z' },
        rateLimits: [{ requests: 10, per: 'second' }],
      },
      steps: [
        {
          proxy: {
            url: 'http://a.example.com',
            headers: {
              'x-a': {
                by: 'consumer',
                values: { shop: 's', 'mobile-app': 'gold' },
                otherwise: 'none',
              },
              'x-b': { append: ['b'] },
              'x-c': 'c',
            },
            targets: [
              { origin: 'http://a.example.com', weight: 3 },
              { origin: 'http://b.example.com', backup: true },
            ],
          },
        },
      ],
    })
  })

  test('each form that a value can have is a field, and a value that fits none is shown as JSON', async () => {
    const { page } = dashboard
    await makePipeline('varied')
    await dashboard.open('pipelines/varied')
    const editor = page.getByRole('textbox', { name: 'Spec of varied in YAML' })
    await write(
      editor,
      [
        'trigger: { kind: http, path: /varied, cors: true }',
        'steps:',
        '  - transform: { body: body }',
        '  - jwt.generate: { subject: auth.consumer, expiresIn: 15m }',
        '  - respond: { status: 200 }',
      ].join('\n'),
    )
    const more = page.getByRole('region', { name: 'More settings' })
    await more.getByRole('button', { name: 'CORS 1 problem' }).click()
    const cors = more.getByRole('textbox', { name: 'CORS' })
    expect(await cors.inputValue()).toBe('true')
    await more.getByText('Write fields of its own or null.').waitFor()
    await cors.fill('{"origins": ["https://a.example.com"]}')
    await more.getByRole('switch', { name: 'Use CORS', checked: true }).waitFor()

    await page.getByRole('button', { name: 'Fields of step 1, transform' }).click()
    const transform = page.getByRole('region', { name: 'Fields of step 1, transform' })
    await transform.getByRole('textbox', { name: 'Status' }).fill('201')
    await transform.getByText('Expression', { exact: true }).click()
    await transform.getByRole('textbox', { name: 'Status' }).fill('status')
    await page.getByRole('button', { name: 'Fields of step 2, jwt.generate' }).click()
    const login = page.getByRole('region', { name: 'Fields of step 2, jwt.generate' })
    const duration = login.getByRole('radio', { name: 'Such as 15m or 30d', checked: true })
    await duration.waitFor({ state: 'attached' })
    await login.getByText('List', { exact: true }).click()
    await login.getByRole('combobox', { name: 'Scopes' }).fill('orders:read')
    await login.getByRole('combobox', { name: 'Scopes' }).press('Enter')
    await page.getByRole('button', { name: 'Fields of step 3, respond' }).click()
    const respond = page.getByRole('region', { name: 'Fields of step 3, respond' })
    const answer = respond.getByRole('textbox', { name: 'Body' })
    await answer.fill('{"id": 9007199254740993}')
    await respond.getByText(/^A number here cannot be kept exactly/).waitFor()
    await answer.fill('{"id": 7}')
    await page.evaluate('scrollTo(0, 0)')
    expect(await lookFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('varied 1.1 is saved').waitFor()
    const { spec } = await dashboard.acme.must('GET', `${ACME}/pipelines/varied/versions/1.1`)
    expect(spec).toEqual({
      trigger: { kind: 'http', path: '/varied', cors: { origins: ['https://a.example.com'] } },
      steps: [
        { transform: { body: 'body', status: 'status' } },
        { 'jwt.generate': { subject: 'auth.consumer', expiresIn: '15m', scopes: ['orders:read'] } },
        { respond: { status: 200, body: { id: 7 } } },
      ],
    })
  })

  test('the text stays beside a long form, and a long text is edited without the form', async () => {
    const { page, acme } = dashboard
    const shape = {
      type: 'object',
      properties: Object.fromEntries(FIELDS.map((name) => [name, { type: 'string' }])),
    }
    const route = (index: number) => ({ path: `/long/${index}`, methods: ['GET'], request: { query: shape } })
    const routes = Array.from({ length: 150 }, (_, index) => route(index))
    const steps = [{ respond: { status: 200 } }]
    const trigger = { kind: 'http', path: '/long', authentication: { apiKey: true } }
    await acme.must('POST', `${ACME}/pipelines`, {
      name: 'long',
      spec: { trigger: { ...trigger, routes: routes.slice(0, 60) }, steps },
    })
    await dashboard.open('pipelines/long')
    const editor = page.getByRole('textbox', { name: 'Spec of long in YAML' })
    const more = page.getByRole('region', { name: 'More settings' })
    await more.getByRole('button', { name: 'Further routes 60 entries' }).click()
    // Each is closed until it is needed; a new one is open.
    expect(await more.getByRole('textbox', { name: 'Path' }).count()).toBe(0)
    await more.getByRole('button', { name: '/long/59 GET' }).click()
    await more.getByRole('button', { name: 'Add to Further routes' }).scrollIntoViewIfNeeded()
    await expect.poll(async () => await isInView(editor)).toBe(true)
    await more.getByRole('button', { name: 'Add to Further routes' }).click()
    await more
      .getByRole('group', { name: 'Further routes: 61' })
      .getByRole('textbox', { name: 'Path' })
      .fill('/new')
    expect(await specText(page)).toBeTruthy()
    await page.getByRole('button', { name: 'Discard changes' }).click()

    await acme.must('POST', `${ACME}/pipelines/long/versions`, {
      spec: { trigger: { ...trigger, routes }, steps },
    })
    await dashboard.open('pipelines/long')
    await page.getByText('This spec is too long for the form').waitFor()
    expect(await page.getByRole('region', { name: 'More settings' }).count()).toBe(0)
    expect(await lookFaults(page)).toEqual([])
    await editor.press('Control+Home')
    await page.keyboard.insertText('tigger: 1\n')
    await page.getByText('Line 1: There is no field “tigger” here. Did you mean trigger?').waitFor()
    await editor.press('Control+z')
    await editor.press('Control+End')
    await page.keyboard.insertText('\n  - respond: { status: 204 }')
    await page.getByRole('button', { name: 'Save 1.2' }).click()
    await page.getByText('long 1.2 is saved').waitFor()
    const { spec } = await acme.must('GET', `${ACME}/pipelines/long/versions/1.2`)
    expect(spec).toMatchObject({ steps: [...steps, { respond: { status: 204 } }] })
  })

  test('an expression is tried on a message, beside the spec', async () => {
    const { page, acme } = dashboard
    await acme.must('POST', `${ACME}/pipelines`, {
      name: 'tried',
      spec: {
        trigger: { kind: 'http', path: '/tried', authentication: { apiKey: true } },
        steps: [{ transform: { body: '$sum(body.items.price)' } }, { respond: { status: 200 } }],
      },
    })
    await dashboard.open('pipelines/tried')
    await page.getByRole('button', { name: 'Try an expression' }).click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('combobox', { name: 'An expression of the spec' }).click()
    await page.getByRole('option', { name: '/steps/0/transform/body' }).click()
    const expression = panel.getByRole('textbox', { name: 'Expression' })
    expect(await expression.inputValue()).toBe('$sum(body.items.price)')
    const evaluate = panel.getByRole('button', { name: 'Evaluate' })
    await evaluate.click()
    await panel.getByLabel('Value', { exact: true }).getByText('20').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await panel.getByRole('textbox', { name: 'Message' }).fill('{ "body": ')
    await panel.getByText(/^This is not JSON/).waitFor()
    expect(await evaluate.getAttribute('aria-disabled')).toBe('true')
    await panel.getByRole('textbox', { name: 'Message' }).fill('{ "body": { "total": 7 } }')
    await expression.fill('body.total / 0')
    await evaluate.click()
    await panel.getByText('Failed: number').waitFor()
    await expression.fill('body.missing')
    await evaluate.click()
    await panel.getByText('The expression has no value.').waitFor()
    await expression.fill('body[')
    await evaluate.click()
    await expect.poll(async () => await expression.getAttribute('aria-invalid')).toBe('true')
    expect(await lookFaults(page)).toEqual([])
  })

  test('a schedule shows when it is due next, in its time zone', async () => {
    const { page, acme } = dashboard
    await dashboard.open('pipelines?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('A schedule', { exact: true }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('nightly')
    await dialog.getByRole('textbox', { name: 'Schedule' }).fill('every night')
    await dialog.getByLabel('URL to call').fill('https://a.example.com')
    await dialog.getByText('Still needed: Schedule.').waitFor()
    await dialog.getByRole('textbox', { name: 'Schedule' }).fill('0 3 * * *')
    await dialog.getByLabel('Time zone').fill('Europe/Sofia')
    await dialog.getByRole('columnheader', { name: 'In Europe/Sofia' }).waitFor()
    expect(await lookFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Create pipeline' }).click()
    await page.getByRole('heading', { name: 'Pipelines / nightly' }).waitFor()
    const made = await acme.must('GET', `${ACME}/pipelines/nightly`)
    expect(made['spec']).toEqual({
      trigger: { kind: 'schedule', schedule: '0 3 * * *', timeZone: 'Europe/Sofia' },
      steps: [{ call: { url: 'https://a.example.com' } }],
    })
    const runs = page.getByRole('region', { name: 'Next runs' })
    await runs.getByRole('columnheader', { name: 'In Europe/Sofia' }).waitFor()
    const rows = runs.getByRole('row')
    expect(await rows.count()).toBe(6)
    expect(await rows.nth(1).innerText()).toContain('03:00')
    expect(await lookFaults(page)).toEqual([])
    await page.getByLabel('Schedule').fill('0 3 30 2 *')
    await runs.getByText(/^A schedule and a time zone that can be read/).waitFor()
  })

  test('a schedule shows whether it has run, and how that went', async () => {
    const { page } = dashboard
    await deploy('nightly', '1.0', 'test')
    await dashboard.open('pipelines/nightly?tab=deployments')
    const runs = page.getByRole('region', { name: 'Runs in test' })
    await runs.getByText(/^No run yet/).waitFor()
    expect(await page.getByRole('region', { name: 'Runs in prod' }).count()).toBe(0)
    // Without callers, there is no call to try, and no maintenance.
    expect(await page.getByRole('button', { name: 'Try it' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Start maintenance…' }).count()).toBe(0)

    // The real ones would take until the night.
    const [dueAt, later] = ['2026-11-01T01:00:00.000Z', '2026-11-01T01:00:02.000Z']
    const run = (outcome: string | null, day: number, missedBefore = 0) => ({
      major: 1,
      dueAt: dueAt.replace('-01T', `-0${day}T`),
      startedAt: dueAt,
      finishedAt: outcome && later,
      outcome,
      missedBefore,
    })
    await page.route('**/pipelines/nightly/runs?*', async (route) => {
      const items = [run(null, 4), run('upstream_failed', 3), run('succeeded', 2, 2), run('skipped', 1)]
      await route.fulfill({ json: { items, next: null } })
    })
    await page.reload()
    const rows = runs.getByRole('row')
    await rows.nth(1).getByText('Running').waitFor()
    await rows.nth(2).getByText('Failed: upstream_failed').waitFor()
    await rows.nth(3).getByText('Succeeded').waitFor()
    await rows.nth(3).getByText('2 due times before it missed').waitFor()
    await rows.nth(3).getByText('2 s', { exact: true }).waitFor()
    await rows.nth(4).getByText('Skipped').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await page.unroute('**/pipelines/nightly/runs?*')
  })

  test('a key is required or optional, by switches of which one is on', async () => {
    const { page } = dashboard
    await makePipeline('lenient')
    await dashboard.open('pipelines/lenient')
    await page.getByRole('switch', { name: 'Key is optional' }).check()
    await page.getByRole('switch', { name: 'API key', checked: false }).waitFor()
    expect(await specText(page)).toContain('apiKey: optional')
    await page.getByRole('switch', { name: 'API key' }).check()
    await page.getByRole('switch', { name: 'Key is optional', checked: false }).waitFor()
    expect(await specText(page)).toContain('apiKey: true')
  })

  test('what the server refuses stands at its line, and a good spec is saved as the next version', async () => {
    const { page } = dashboard
    await makePipeline('faulty')
    await dashboard.open('pipelines/faulty')
    const editor = page.getByRole('textbox', { name: 'Spec of faulty in YAML' })
    await write(editor, 'trigger:\n  kind: http\n  path: faulty\nsteps:\n  - proxy: {}\n')
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('2 problems').waitFor()
    await page.getByText('Line 3: Start the path with "/".').waitFor()
    expect(await page.locator('.cm-line.cm-marked').allInnerTexts()).toEqual([
      expect.stringContaining('path: faulty'),
      expect.stringContaining('proxy: {}'),
    ])

    // What was refused is gone with the text that was.
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    expect(await page.locator('.cm-line.cm-marked').count()).toBe(0)
    await write(editor, 'trigger:\n  kind: http\n  path: faulty\nsteps:\n  - proxy: { url: a.example }\n')
    await page.getByText('Line 5: Start with http:// or https://.').waitFor()

    // Leaving would lose it.
    await page.getByRole('link', { name: 'Pipelines /' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()

    await write(editor, 'trigger:\n  kind: http\n  path: /faulty\nsteps:\n  - respond: { status: 204 }\n')
    // A comment is refused at its field, and then saved with the version.
    const comment = page.getByLabel('What has changed')
    await comment.fill(`Calls with sp_sk_4fT0Qm2ZrX9bLk7A_${'0'.repeat(38)}`)
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText(/Do not put a token here/).waitFor()
    expect(await lookFaults(page)).toEqual([])
    await comment.fill(' Answers without a body. ')
    await page.getByRole('link', { name: /^Versions/ }).click()
    await page.getByRole('link', { name: 'Spec', exact: true }).click()
    expect(await comment.inputValue()).toBe(' Answers without a body. ')
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('faulty 1.1 is saved').waitFor()
    const saved = await dashboard.acme.must('GET', `${ACME}/pipelines/faulty/versions/1.1`)
    expect(saved['comment']).toBe('Answers without a body.')
    await page.getByRole('status').getByText('Saved', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Add step' }).click()
    await page.getByRole('menuitem', { name: /^transform/ }).click()
    expect(await comment.inputValue()).toBe('')
    await page.getByRole('button', { name: 'Save 2.0' }).click()
    await page.getByText('faulty 2.0 is saved').waitFor()
    const major = await dashboard.acme.must('GET', `${ACME}/pipelines/faulty/versions/2.0`)
    expect(major['comment']).toBeNull()
    await page.getByRole('link', { name: /^Versions/ }).click()
    await page.getByText('Answers without a body.').waitFor()
    const { body } = await dashboard.acme.call('GET', `${ACME}/pipelines/faulty`)
    expect(body['version']).toBe('2.0')
    expect(JSON.stringify(body['spec'])).toContain(
      '"steps":[{"transform":{"body":"body"}},{"respond":{"status":204}}]',
    )
  })

  test('a version that another person saves meanwhile is kept, and so is the text', async () => {
    const { page, acme, open } = dashboard
    await makePipeline('shared')
    await open('pipelines/shared')
    const path = page.getByLabel('Path')
    await path.fill('/shared-by-me')
    await saveVersion('shared', 'theirs')
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('Version 1.1 was saved meanwhile').waitFor()
    expect(await path.inputValue()).toBe('/shared-by-me')
    expect(await lookFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'See what has changed' }).click()
    await page.waitForURL(/tab=versions.*before=.*1\.0.*after=.*1\.1/)
    await page.getByText('body: theirs').first().waitFor()
    await page.getByRole('link', { name: 'Spec', exact: true }).click()
    await page.getByRole('button', { name: 'Go on from 1.1' }).click()
    await page.getByRole('button', { name: 'Save 1.2' }).click()
    await page.getByText('shared 1.2 is saved').waitFor()
    const { items } = await acme.must('GET', `${ACME}/pipelines/shared/versions`)
    expect(
      Object.values(items ?? {})
        .map(({ version }) => textAt(version))
        .toSorted(),
    ).toEqual(['1.0', '1.1', '1.2'])
  })

  test('the editor marks faults, suggests what fits, and explains it while one types', async () => {
    const { page } = dashboard
    await makePipeline('guided')
    await dashboard.open('pipelines/guided')
    const editor = page.getByRole('textbox', { name: 'Spec of guided in YAML' })
    const state = page.getByRole('status')
    await write(
      editor,
      'trigger:\n  kind: http\n  login: yes\nsteps:\n  - cal: { url: a }\n  - call: { ulr: b }\n',
    )
    await page.getByText('4 problems').waitFor()
    await state.getByText('Line 3: Write true or false.').waitFor()
    await state.getByText('Line 5: There is no step “cal”. Did you mean call?').waitFor()
    await state.getByText('Line 6: Add the field url.').waitFor()
    await state.getByText('Line 6: There is no field “ulr” here. Did you mean url?').waitFor()
    const steps = page.getByRole('region', { name: 'Steps' })
    await steps.getByRole('listitem').nth(1).getByText('2 problems').waitFor()
    expect(await page.locator('.cm-line.cm-marked').count()).toBe(3)
    expect(await lookFaults(page)).toEqual([])

    // What is found while one types is not the end of it: the server judges what is saved.
    await write(editor, 'trigger:\n  kind: http\n  path: guided\nsteps:\n  - respond: { status: 204 }\n')
    await page.getByText('Not saved').waitFor()
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await state.getByText('Line 3: Start the path with "/".').waitFor()

    // Suggestions, by the keyboard.
    const options = page.getByRole('listbox', { name: 'What fits here' }).getByRole('option')
    await write(editor, 'trigger:\n  kind: http\n  authentication:\n    apiKey: true\nsteps:\n  - ')
    await editor.press('Control+End')
    await editor.press('Control+Space')
    await options.filter({ hasText: 'credentials.verify' }).waitFor()
    expect(await options.count()).toBe(9)
    expect(await lookFaults(page)).toEqual([])
    await editor.press('ArrowUp')
    await options.and(page.locator('[aria-selected]')).filter({ hasText: 'respond' }).waitFor()
    await page
      .locator('.cm-completionInfo')
      .getByText('Responds to the caller and ends the pipeline.')
      .waitFor()
    await editor.press('Enter')
    expect(await specText(page)).toMatch(/- respond:\n +status: 200$/)
    await page.getByText('Not saved').waitFor()

    await editor.press('Control+Home')
    await editor.press('ArrowDown')
    await editor.press('End')
    await editor.press('Enter')
    await editor.pressSequentially('met')
    await options.filter({ hasText: 'methods' }).click()
    await editor.pressSequentially('GE')
    await expect.poll(async () => await options.allInnerTexts()).toEqual(['GET'])
    await options.click()
    expect(await specText(page)).toContain('  kind: http\n  methods:\n    - GET\n  authentication:')

    // What a field means, at the cursor and below the pointer.
    const meaning = 'The HTTP methods that callers may use. GET also answers HEAD.'
    await page.getByRole('paragraph').filter({ hasText: meaning }).waitFor()
    expect(await editor.getAttribute('aria-describedby')).toBeTruthy()
    await page.locator('.cm-line').getByText('apiKey', { exact: true }).hover()
    await page.locator('.cm-help').getByText('Callers must send an API key').waitFor()
    expect(await lookFaults(page)).toEqual([])
    expect(dashboard.faults).toEqual([])
  })

  test('steps are added, moved and removed beside the text, whose comments stay with them', async () => {
    const { page } = dashboard
    await makePipeline('ordered')
    await dashboard.open('pipelines/ordered')
    const editor = page.getByRole('textbox', { name: 'Spec of ordered in YAML' })
    await write(
      editor,
      [
        'trigger: { kind: http } # any body',
        'steps:',
        '  # Asks the shop.',
        '  - call: { url: "https://shop.example.com" } # slow',
        '  - respond: {}',
      ].join('\n'),
    )
    const steps = page.getByRole('region', { name: 'Steps' })
    const kinds = async (): Promise<readonly string[]> =>
      await steps.getByRole('listitem').locator('code').allInnerTexts()
    await expect.poll(kinds).toEqual(['call', 'respond'])
    await steps.getByText('https://shop.example.com').waitFor()

    await steps.getByRole('button', { name: 'Add step' }).click()
    await page.getByRole('menuitem', { name: /^assert.*unless a condition holds/ }).click()
    await expect.poll(kinds).toEqual(['call', 'assert', 'respond'])
    await expect.poll(async () => await isFocused(editor)).toBe(true)
    await page.getByText('Not saved').waitFor()

    await steps.getByRole('button', { name: 'More for step 2, assert' }).click()
    await page.getByRole('menuitem', { name: 'Move up' }).click()
    await expect.poll(kinds).toEqual(['assert', 'call', 'respond'])
    await steps.getByText('assert is now step 1 of 3').waitFor()
    // By keys too, and the focus goes with the step.
    const first = steps.getByRole('button', { name: 'Edit step 1, assert' })
    await expect.poll(async () => await isFocused(first)).toBe(true)
    await first.press('Alt+ArrowUp')
    await first.press('Alt+ArrowDown')
    await expect.poll(kinds).toEqual(['call', 'assert', 'respond'])
    const second = steps.getByRole('button', { name: 'Edit step 2, assert' })
    await expect.poll(async () => await isFocused(second)).toBe(true)
    expect(await specText(page)).toContain(
      '  # Asks the shop.\n  - call: { url: "https://shop.example.com" } # slow\n  - assert:',
    )
    await second.press('Delete')
    await expect.poll(kinds).toEqual(['call', 'respond'])
    await page.getByText('assert is removed').waitFor()
    await expect
      .poll(async () => await isFocused(steps.getByRole('button', { name: 'Edit step 2, respond' })))
      .toBe(true)
    await editor.press('Control+z')
    await expect.poll(kinds).toEqual(['call', 'assert', 'respond'])

    await steps.getByRole('button', { name: 'More for step 1, call' }).click()
    expect(await page.getByRole('menuitem', { name: 'Move up' }).isDisabled()).toBe(true)
    expect(await lookFaults(page)).toEqual([])
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await expect.poll(kinds).toEqual(['assert', 'respond'])
    expect(await specText(page)).not.toContain('shop')
    expect(await specText(page)).toContain('# any body')
    await page.getByRole('button', { name: 'Save 1.1' }).click()
    await page.getByText('ordered 1.1 is saved').waitFor()
    expect(dashboard.faults).toEqual([])
  })

  test('every violation of a login is fixed at once', async () => {
    const { page, acme } = dashboard
    await acme.must('POST', `${ACME}/pipelines`, {
      name: 'partner-login',
      spec: {
        trigger: { kind: 'rest', path: '/login', login: true, authentication: { jwt: true } },
        steps: [{ transform: { body: '{}' } }],
      },
    })
    await dashboard.open('pipelines/partner-login?panel=deploy&to=prod')
    const panel = page.getByRole('complementary')
    await panel.getByText('Refused: 3 violations').waitFor()
    await panel
      .getByRole('listitem')
      .filter({ hasText: 'A login cannot demand a JWT' })
      .getByRole('button')
      .click()
    await panel.getByText('Refused: 2 violations').waitFor()
    await panel.getByRole('button', { name: 'Fix all 2 and save 1.2' }).click()
    await panel.getByText('1.2 conforms').waitFor()
    expect(await specText(page)).toMatch(/jwt\.generate/)
  })
})

describe('deployments and versions', () => {
  test('a version is promoted, rolled back and undeployed, and the history says so', async () => {
    const { page } = dashboard
    await makePipeline('orders')
    await saveVersion('orders', 'newer')
    await deploy('orders', '1.0', 'test')
    await deploy('orders', '1.0', 'prod')
    await deploy('orders', '1.1', 'test')
    await dashboard.open('pipelines/orders?tab=deployments')
    const panel = page.getByRole('complementary')
    await page.getByRole('button', { name: 'Promote to prod…' }).click()
    await panel.getByText('1.0, live since').waitFor()
    await panel.getByText('1 line added, 1 removed').waitFor()
    await panel.getByRole('button', { name: 'Promote 1.1 to prod' }).click()
    await panel.getByText('1.1 is live in prod').waitFor()
    expect(await liveOf('orders')).toEqual(['1.1 in prod', '1.1 in test'])
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('cell', { name: 'Promoted from test' }).waitFor()

    const prod = page.getByRole('region', { name: 'Live' }).getByText('Promoted').locator('xpath=../..')
    await prod.getByRole('button', { name: 'Roll back to 1.0…' }).click()
    await panel.getByRole('button', { name: 'Roll back to 1.0 in prod' }).click()
    await panel.getByText('1.0 is live in prod').waitFor()
    expect(await liveOf('orders')).toEqual(['1.0 in prod', '1.1 in test'])
    await panel.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('cell', { name: 'Rolled back' }).waitFor()

    await page.getByRole('button', { name: 'Undeploy…' }).first().click()
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Undeploy', exact: true })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('Type orders to confirm').fill('orders')
    await submit.click()
    await dialog.getByText(/In force on 1 of 1 gateway after \d+ ms/).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    expect(await liveOf('orders')).toEqual(['1.0 in prod'])
    const remove = page.getByRole('button', { name: 'Delete pipeline…' })
    expect(await remove.getAttribute('aria-disabled')).toBe('true')
    await page.getByText('Undeploy what is live first.').waitFor()
  })

  test('maintenance begins and ends where it is live, with no JSON to write', async () => {
    const { page, acme } = dashboard
    await makePipeline('paused', { apiKey: false })
    await setPolicy('prod', 'any')
    await deploy('paused', '1.0', 'prod')
    expect(await statusOf('prod/paused')).toBe(200)
    await dashboard.open('pipelines/paused?tab=deployments')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Start maintenance…' }).click()
    await dialog.getByText('This saves version 1.1, which is 1.0 with this change only').waitFor()
    await dialog.getByLabel('What callers are told').fill('Back at eight.')
    await dialog.getByLabel('Try again after, in seconds').fill('60')
    const addresses = dialog.getByLabel('Addresses that are served all the same')
    await addresses.fill('203.0.113')
    await dialog.getByRole('button', { name: 'Start maintenance' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await liveOf('paused')).toEqual(['1.0 in prod'])
    expect(await lookFaults(page)).toEqual([])
    await addresses.press('Backspace')
    await addresses.fill('203.0.113.7')
    await dialog.getByRole('button', { name: 'Start maintenance' }).click()
    await dialog.getByText('1.1 is live in prod.').waitFor()
    await dialog.getByText(/In force on 1 of 1 gateway after \d+ ms/).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    const refused = await fetch(`${dashboard.server.gatewayUrl}/acme/prod/paused`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '60'])
    expect(await refused.json()).toMatchObject({ code: 'maintenance', detail: 'Back at eight.' })
    const { spec, comment } = await acme.must('GET', `${ACME}/pipelines/paused/versions/1.1`)
    expect(comment).toBe('1.0 in maintenance.')
    expect(spec).toMatchObject({ trigger: { maintenance: { exceptAddresses: ['203.0.113.7'] } } })

    // Everywhere it is listed.
    await page.getByRole('region', { name: 'Live' }).getByText('In maintenance').waitFor()
    await page.getByRole('cell', { name: 'In maintenance' }).waitFor()
    await dashboard.open('pipelines')
    await page.getByRole('row').filter({ hasText: 'paused' }).getByText('In maintenance').waitFor()
    await dashboard.open('pipelines/paused')
    await page.getByText('1.1 in prod').locator('xpath=..').getByText('In maintenance').waitFor()

    // The version before says the same without it, so no other is made.
    await page.getByRole('link', { name: /^Deployments/ }).click()
    await page.getByRole('button', { name: 'End maintenance…' }).click()
    await dialog.getByText('This deploys version 1.0 to prod').waitFor()
    await dialog.getByRole('button', { name: 'End maintenance' }).click()
    await dialog.getByText('1.0 is live in prod.').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    expect(await statusOf('prod/paused')).toBe(200)
    const { items } = await acme.must('GET', `${ACME}/deployments?pipeline=paused`)
    const [last] = items as unknown as readonly Record<string, string>[]
    await acme.must('DELETE', `${ACME}/deployments/${last?.['id']}`)
    await setPolicy('prod', 'api-key')
    expect(dashboard.faults.filter((fault) => !/status of 400/.test(fault))).toEqual([])
  })

  test('maintenance that the gate refuses is saved, and leads to the gate; an older major has no new version', async () => {
    const { page, acme } = dashboard
    await makePipeline('held')
    await deploy('held', '1.0', 'prod')
    await acme.must('PATCH', `${ACME}/environments/prod`, { requiresPrevious: true })
    await dashboard.open('pipelines/held?tab=deployments')
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Start maintenance…' }).click()
    await dialog.getByRole('button', { name: 'Start maintenance' }).click()
    await dialog.getByText('Version 1.1 is saved, but the gate of prod refuses it').waitFor()
    await dialog.getByText('It must be live in the environment before').waitFor()
    await dialog.getByText('This deploys version 1.1 to prod').waitFor()
    await dialog.getByRole('button', { name: 'See why' }).click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('button', { name: 'Deploy to test first' }).waitFor()
    expect(await liveOf('held')).toEqual(['1.0 in prod'])
    await acme.must('PATCH', `${ACME}/environments/prod`, { requiresPrevious: false })

    await makePipeline('aged')
    await deploy('aged', '1.0', 'prod')
    const { spec } = await acme.must('GET', `${ACME}/pipelines/aged/versions/1.0`)
    await acme.must('POST', `${ACME}/pipelines/aged/versions`, { spec, bump: 'major' })
    await dashboard.open('pipelines/aged?tab=deployments')
    await page.getByRole('button', { name: 'Start maintenance…' }).click()
    await dialog.getByText('1.0 cannot be changed here').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  test('an environment that requires the one before leads there first', async () => {
    const { page, acme } = dashboard
    await makePipeline('staged')
    await acme.must('PATCH', `${ACME}/environments/prod`, { requiresPrevious: true })
    await dashboard.open('pipelines/staged?panel=deploy&to=prod')
    const panel = page.getByRole('complementary')
    await panel.getByText('It must be live in the environment before').waitFor()
    await panel.getByRole('button', { name: 'Deploy to test first' }).click()
    await panel.getByRole('button', { name: 'Deploy 1.0 to test' }).click()
    await panel.getByText('1.0 is live in test').waitFor()
    await acme.must('PATCH', `${ACME}/environments/prod`, { requiresPrevious: false })
  })

  test('two versions are compared by the URL', async () => {
    const { page } = dashboard
    await makePipeline('compared')
    await saveVersion('compared', 'second')
    await saveVersion('compared', 'third')
    await dashboard.open('pipelines/compared?tab=versions')
    const diff = page.getByRole('figure', { name: 'What changed from 1.1 to 1.2' })
    await diff.getByText('body: second').waitFor()
    await diff.getByText('body: third').waitFor()
    await page.getByRole('combobox', { name: 'Compare from' }).click()
    await page.getByRole('option', { name: '1.0' }).click()
    await page.getByRole('figure', { name: 'What changed from 1.0 to 1.2' }).getByText('body: ok').waitFor()
    await page.waitForURL(/before=/)
    await page.reload()
    await page.getByRole('figure', { name: 'What changed from 1.0 to 1.2' }).waitFor()
  })

  test('a pipeline is deleted after its name is typed', async () => {
    const { page, acme } = dashboard
    await makePipeline('short-lived')
    await dashboard.open('pipelines/short-lived?tab=deployments')
    await page.getByRole('button', { name: 'Delete pipeline…' }).click()
    await page.getByLabel('Type short-lived to confirm').fill('short-lived')
    await saveVersion('short-lived', 'theirs')
    await page.getByRole('button', { name: 'Delete pipeline', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Another person changed this pipeline after you were asked.').waitFor()
    expect(await page.getByLabel('Type short-lived to confirm').inputValue()).toBe('')
    expect((await acme.call('GET', `${ACME}/pipelines/short-lived`)).status).toBe(200)
    expect(await lookFaults(page)).toEqual([])
    await page.getByLabel('Type short-lived to confirm').fill('short-lived')
    await page.getByRole('button', { name: 'Delete pipeline', exact: true }).click()
    await page.getByText('short-lived is deleted').waitFor()
    await page.waitForURL(/\/pipelines$/)
    expect((await acme.call('GET', `${ACME}/pipelines/short-lived`)).status).toBe(404)
  })
})

describe('the list', () => {
  test('has a column for each environment, and is searched and filtered in the URL', async () => {
    const { page, acme } = dashboard
    await acme.must('POST', `${ACME}/projects`, { name: 'billing' })
    await makePipeline('invoices', { project: 'billing' })
    await deploy('invoices', '1.0', 'prod')
    await makePipeline('open-data', { apiKey: false })
    await setPolicy('prod', 'any')
    await deploy('open-data', '1.0', 'prod')
    await setPolicy('prod', 'api-key')
    await dashboard.open('pipelines')
    const row = page.getByRole('row').filter({ hasText: 'open-data' })
    await row.getByText('Does not conform', { exact: true }).waitFor()
    await row.getByText('Not live').waitFor()
    await page.getByText(/API key required in prod/).waitFor()

    await page.getByRole('button', { name: 'Conforms' }).click()
    await page.getByRole('menuitem', { name: 'No' }).click()
    await page.waitForURL(/conforming=no/)
    await page.reload()
    await row.waitFor()
    expect(await page.getByRole('row').getByRole('link').allInnerTexts()).toEqual(['open-data'])
    await page.getByRole('button', { name: 'Clear the filter Conforms' }).click()
    await page.getByRole('button', { name: 'Project', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'billing' }).click()
    await page.getByText('1 of 1 pipeline').waitFor()
    await page.getByRole('searchbox', { name: 'Search pipelines' }).fill('nothing')
    await page.getByText('No pipeline fits').waitFor()
    await page.getByRole('link', { name: 'Clear all filters' }).click()
    await page.getByRole('link', { name: 'invoices' }).click()
    await page.getByRole('heading', { name: 'Pipelines / invoices' }).waitFor()
  })

  test('shows only the environment of the top bar', async () => {
    const { page } = dashboard
    await dashboard.open('pipelines?environment=test')
    await page.getByRole('columnheader', { name: 'test' }).waitFor()
    expect(await page.getByRole('columnheader', { name: 'prod' }).count()).toBe(0)
  })

  test('says what failed, and works again', async () => {
    const { page } = dashboard
    await page.route('**/acme/pipelines?**', async (route) => {
      await route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        headers: { 'x-request-id': 'req_of_the_test' },
        body: JSON.stringify({ status: 500, code: 'internal', detail: 'Something broke.' }),
      })
    })
    await dashboard.open('pipelines')
    await page.getByRole('alert').getByText('Something broke.').waitFor()
    await page.getByText('req_of_the_test').waitFor()
    await page.unroute('**/acme/pipelines?**')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('link', { name: 'invoices' }).waitFor()
  })

  test('a person who may only read can change nothing', async () => {
    const { acme } = dashboard
    const made = await acme.must('POST', `${ACME}/invitations`, {
      email: 'ann@example.com',
      roles: ['auditor'],
    })
    const context = await dashboard.newContext()
    const joined = await context.request.post('/v1/invitations/accept', {
      data: { token: textAt(made, 'token'), name: 'Ann', password: PASSWORD },
    })
    expect(joined.ok()).toBe(true)
    const page = await context.newPage()
    await dashboard.open('pipelines', page)
    await page.getByRole('link', { name: 'invoices' }).waitFor()
    expect(await page.getByRole('button', { name: 'Create pipeline' }).count()).toBe(0)
    await dashboard.open('pipelines/invoices', page)
    const editor = page.getByRole('textbox', { name: 'Spec of invoices in YAML' })
    await editor.press('x')
    expect(await specText(page)).not.toContain('x')
    expect(await page.getByRole('switch', { name: 'API key' }).isDisabled()).toBe(true)
    expect(await page.getByRole('button', { name: 'Deploy to…' }).count()).toBe(0)
    await dashboard.open('pipelines/invoices?tab=deployments', page)
    await page.getByRole('heading', { name: 'History' }).waitFor()
    expect(await page.getByRole('button', { name: 'Undeploy…' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Redeploy…' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Delete pipeline…' }).count()).toBe(0)

    // What the server refuses is said where it was asked for.
    await dashboard.open('pipelines/invoices?panel=deploy&to=prod', page)
    await page.getByRole('complementary').getByText('You may not do this').waitFor()
    await context.close()
  })

  test('a pipeline that does not exist says so', async () => {
    const { page } = dashboard
    await dashboard.open('pipelines/no-such-one')
    await page.getByText('This does not exist, or you may not see it').waitFor()
    await page.getByRole('link', { name: 'Pipelines /' }).click()
    await page.getByRole('link', { name: 'invoices' }).waitFor()
  })
})
