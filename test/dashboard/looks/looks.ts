import type { Page } from 'playwright-core'
import { type ApiClient, textAt } from '../../support/api-client.ts'
import type { Shown } from './acme.ts'

/** A page, dialog or state of the dashboard, as the tests look at it and `npm run screenshots` photographs it. */
export interface Look {
  /** The name of the file of its picture. */
  readonly name: string
  /** Below the pages of the organization, or from `/` on. */
  readonly path: string | ((shown: Shown) => string)
  /** Brings the page into the state that is shown. May be called more than once. */
  readonly prepare?: (page: Page, acme: ApiClient) => Promise<void>
  /** Whether it needs a page of its own, which is closed afterwards. */
  readonly isApart?: boolean
  /** Whether it waits for an answer that does not come. */
  readonly hasRequestsLeft?: boolean
  /** Whether its picture is one of those in `docs/screenshots`. */
  readonly isInDocs?: boolean
  /** Whether it is shown to visitors who are not signed in. */
  readonly isPublic?: boolean
}

const ACME = '/v1/organizations/acme'

const press =
  (name: string) =>
  async (page: Page): Promise<void> =>
    await page.getByRole('button', { name }).first().click()

/** Answers the list of keys with a failure. */
async function failing(page: Page): Promise<void> {
  await page.route('**/v1/organizations/acme/keys?*', async (route) => {
    await route.fulfill({
      status: 503,
      contentType: 'application/problem+json',
      headers: { 'x-request-id': 'req_8sK2dQm1ZrX9bLk7' },
      body: JSON.stringify({
        type: 'urn:sallyport:problem:store_unavailable',
        title: 'The database cannot be reached',
        status: 503,
        detail: 'The database did not answer. Nothing was changed. Try again.',
        code: 'store_unavailable',
      }),
    })
  })
  await page.reload()
  await page.getByRole('alert').waitFor()
}

async function loading(page: Page): Promise<void> {
  // The answer never comes.
  await page.route('**/v1/organizations/acme/keys?*', () => undefined)
  await page.reload()
  await page.getByRole('status', { name: 'Loading' }).first().waitFor()
}

/** Ends the session as another device would, and asks the server for more. */
async function withoutSession(page: Page): Promise<void> {
  await page.route(/\/v1\/(organizations\/|session)/, async (route) => {
    await route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:sallyport:problem:unauthenticated',
        title: 'The request is not authenticated',
        status: 401,
        detail: 'Sign in.',
        code: 'unauthenticated',
      }),
    })
  })
  await page.getByRole('searchbox').fill('Owner')
  await page.getByText('Your session has ended.').waitFor()
}

async function withoutLeaks(page: Page): Promise<void> {
  await page.route('**/v1/organizations/acme/leaks?*', async (route) => {
    await route.fulfill({ json: { items: [], next: null } })
  })
  await page.reload()
  await page.getByRole('heading', { name: 'No leak reported' }).waitFor()
}

/** Shows the overview of an organization in which no call was allowed yet. */
async function withoutCalls(page: Page): Promise<void> {
  await page.route('**/v1/organizations/acme/usage?*', async (route) => {
    await route.fulfill({ json: { items: [], next: null } })
  })
  await page.reload()
  await page.getByText('Waiting for the first call').waitFor()
}

/** Shows the overview with the gateways of a fleet, of which one is cut off, one is behind, one is too old and one has never been connected. */
async function withFleet(page: Page): Promise<void> {
  const known = {
    role: 'gateway',
    revision: 128,
    version: '0.1.0',
    threads: 1,
    openExchanges: 12,
    clockOffsetMs: 3,
  }
  const seenAt = new Date().toISOString()
  const items = Array.from({ length: 10 }, (_, index) => ({
    ...known,
    id: `gw_00000000000000${10 + index}`,
    name: `edge ${index + 1}`,
    seenAt,
    needsUpgrade: index === 7,
    attached: index !== 1,
    stale: index > 7,
    lease: index === 9 ? 'over' : 'held',
  }))
  await page.route('**/v1/organizations/acme/gateways*', async (route) => {
    await route.fulfill({ json: { items, next: null } })
  })
  await page.reload()
  await page.getByText('Cut off').waitFor()
  await page.getByText('Not started').waitFor()
}

/** Chooses keys, one of which is being rolled already, and asks to roll them. */
async function rollAsked(page: Page, acme: ApiClient): Promise<void> {
  for (const name of ['Feed of Lyon', 'Feed of Ghent']) {
    await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
  }
  const off = await acme.must('POST', `${ACME}/keys`, { name: 'Feed of Porto', type: 'secret' })
  await acme.must('PATCH', `${ACME}/keys/${textAt(off, 'key', 'id')}`, { status: 'inactive' })
  await page.goto('/organizations/acme/keys?search=feed')
  await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
  const actions = page.getByRole('region', { name: 'Actions for the selected rows' })
  await actions.getByRole('button', { name: 'Roll…' }).click()
  await page.getByRole('dialog').waitFor()
}

async function rolledTogether(page: Page, acme: ApiClient): Promise<void> {
  await rollAsked(page, acme)
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Roll \d/ })
    .click()
  await page.getByRole('button', { name: 'Save as CSV' }).waitFor()
}

/** Waits until an import has ended. */
async function ended(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'What now' }).waitFor()
}

/** Shows an import as it is while its keys are made. */
async function running(page: Page): Promise<void> {
  await page.route('**/v1/organizations/acme/imports/*', async (route) => {
    const answer = await route.fetch()
    const json = { ...(await answer.json()), state: 'running', endedAt: null }
    await route.fulfill({ json: { ...json, lines: 250_000, read: 81_000, made: 80_997 } })
  })
  await page.reload()
  await page.getByText('81,000 of 250,000 lines').waitFor()
}

const chosen =
  (text: string) =>
  async (page: Page): Promise<void> => {
    const file = { name: 'keys.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
    await page.getByLabel('Drop a file here').setInputFiles(file)
    await page.getByRole('status').getByText('The').first().waitFor()
  }

async function sending(page: Page): Promise<void> {
  // The answer never comes.
  await page.route('**/v1/organizations/acme/imports', () => undefined)
  await chosen(FILE)(page)
  await page.getByRole('button', { name: 'Import keys' }).last().click()
  await page.getByRole('progressbar').waitFor()
}

/** Sends a file whose third line has an open quotation mark. */
async function refused(page: Page): Promise<void> {
  await chosen(`${FILE}"Price feed,pf-93b1f0a27d6e4c58ab12,prod\n`)(page)
  await page.getByRole('button', { name: 'Import keys' }).last().click()
  await page.getByRole('alert').waitFor()
}

const FILE = 'name,token,environment\nParcel tracking,pt-4fT0Qm2ZrX9bLk7A81c3,prod\n'

/** A spec that uses most of the form. */
const FORMED = `trigger:
  kind: http
  path: /orders/:id
  authentication: { apiKey: true }
  cors: { origins: [https://shop.example.com], maxAge: 3600 }
  rateLimits:
    - { requests: 100, per: minute }
  routes:
    - /orders/:id/lines
    - path: /orders
      methods: [POST]
      request: { body: { $ref: "#/$defs/Order" } }
  schemas: { Order: { type: object, required: [customer], properties: { customer: { type: string } } } }
steps:
  - proxy:
      url: http://orders.example.com:9000/orders/{id}
      headers:
        x-tenant: acme
        cookie: null
        x-tier: { by: consumer, values: { mobile-app: gold } }
      targets:
        - { origin: http://orders.example.com:9000, weight: 9 }
        - { origin: nowhere, weight: 1 }`

/** Opens parts of the form of a spec. */
const opened =
  (...names: readonly string[]) =>
  async (page: Page): Promise<void> => {
    await written(FORMED)(page)
    for (const name of names) await page.getByRole('button', { name }).first().click()
  }

/** An imported document with so many schemas that its text is long. */
const LONG = `trigger:
  kind: rest
  path: /orders
  schemas:
${Array.from({ length: 2_000 }, (_, index) => `    Order${index}:\n      type: object`).join('\n')}
steps:
  - proxy: { url: "https://orders.example.com/{path}" }`

/** A run of a schedule. @param outcome null while it goes on */
function pastRun(daysAgo: number, outcome: string | null, missedBefore = 0) {
  const dueAt = new Date(Date.now() - daysAgo * 24 * 3_600_000).toISOString()
  return { major: 1, dueAt, startedAt: dueAt, finishedAt: outcome && dueAt, outcome, missedBefore }
}

/** Shows a schedule that has run. */
async function scheduled(page: Page, acme: ApiClient): Promise<void> {
  if ((await acme.call('GET', `${ACME}/pipelines/cleanup`)).status === 404) {
    const trigger = { kind: 'schedule', schedule: '0 3 * * *', timeZone: 'Europe/Sofia' }
    const spec = { trigger, steps: [{ call: { url: 'https://jobs.example.com/cleanup' } }] }
    await acme.must('POST', `${ACME}/pipelines`, { name: 'cleanup', spec })
    await acme.must('POST', `${ACME}/deployments`, {
      pipeline: 'cleanup',
      version: '1.0',
      environment: 'prod',
    })
  }
  await page.route('**/pipelines/cleanup/runs?*', async (route) => {
    const items = [
      pastRun(0, null),
      pastRun(1, 'upstream_failed'),
      pastRun(2, 'succeeded', 3),
      pastRun(6, 'skipped'),
    ]
    await route.fulfill({ json: { items, next: null } })
  })
  await page.goto('/organizations/acme/pipelines/cleanup?tab=deployments')
  await page.getByText('Failed: upstream_failed').waitFor()
}

/** Shows a consumer that may call a pipeline by its project, and another one by itself. */
async function byProject(page: Page, acme: ApiClient): Promise<void> {
  const { items } = await acme.must('GET', `${ACME}/consumers`)
  const there = Object.values(items ?? {}).find(({ name }) => textAt(name) === 'marketplace')
  let id = there === undefined ? '' : textAt(there, 'id')
  if (id === '') {
    await acme.must('POST', `${ACME}/projects`, { name: 'billing' })
    const steps = [{ respond: { status: 200 } }]
    for (const name of ['credit-notes', 'receipts']) {
      const trigger = { kind: 'http', path: `/${name}/:id`, authentication: { apiKey: true } }
      await acme.must('POST', `${ACME}/pipelines`, { name, project: 'billing', spec: { trigger, steps } })
    }
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name: 'marketplace',
      environment: 'prod',
      pipelines: ['orders', 'receipts'],
      projects: ['billing'],
    })
    id = textAt(made, 'consumer', 'id')
  }
  await page.goto(`/organizations/acme/consumers?consumer=${id}`)
  await page.getByText('by the project billing', { exact: true }).waitFor()
}

/** Begins a pipeline with a schedule. */
async function scheduleChosen(page: Page): Promise<void> {
  await page.getByText('A schedule', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Schedule' }).fill('0 3 * * *')
  await page.getByLabel('Time zone').fill('Europe/Sofia')
  await page.getByRole('columnheader', { name: 'In Europe/Sofia' }).waitFor()
}

/** Puts a pipeline into maintenance in an environment. */
async function paused(page: Page, acme: ApiClient): Promise<void> {
  const versions = `${ACME}/pipelines/stock-levels/versions`
  if ((await acme.call('GET', `${versions}/1.1`)).status === 404) {
    const trigger = { kind: 'http', path: '/stock-levels/:id', authentication: { apiKey: true } }
    const spec = { trigger: { ...trigger, maintenance: {} }, steps: [{ respond: { status: 200 } }] }
    await acme.must('POST', versions, { spec })
    const deployment = { pipeline: 'stock-levels', version: '1.1', environment: 'test' }
    await acme.must('POST', `${ACME}/deployments`, deployment)
    await page.reload()
  }
  await page.getByRole('button', { name: 'End maintenance…' }).waitFor()
}

/** Chooses an OpenAPI document for a new pipeline. */
async function documentChosen(page: Page): Promise<void> {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Vet Clinic' },
    servers: [{ url: 'https://clinic.example.com/v2' }],
    paths: { '/vets': { get: {}, post: {} }, '/vets/{vet-id}': { get: {}, trace: {} } },
  }
  await page.getByText('An OpenAPI document').click()
  const buffer = Buffer.from(JSON.stringify(document))
  await page.locator('input[type=file]').setInputFiles({ name: 'clinic.json', mimeType: '', buffer })
  await page.getByText('2 paths with 3 operations').waitFor()
}

/** Creates a key on its page, whose token is shown then. */
async function created(page: Page): Promise<void> {
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Price feed')
  await page.getByRole('button', { name: 'Create key' }).last().click()
  await page.getByRole('button', { name: 'Copy', exact: true }).waitFor()
}

async function portalToken(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Press kit')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  await page.getByRole('textbox', { name: 'Token' }).waitFor()
}

/** Deletes a key on its page, and shows the receipt. */
async function deleted(page: Page, acme: ApiClient): Promise<void> {
  const made = await acme.must('POST', `${ACME}/keys`, { name: 'Old price feed', type: 'secret' })
  await page.goto(`/organizations/acme/keys?key=${textAt(made, 'key', 'id')}`)
  await press('Delete…')(page)
  await page.getByLabel(/^Type .* to confirm/).fill('Old price feed')
  await page.getByRole('dialog').getByRole('button', { name: 'Delete key' }).click()
  await page.getByText(/Refused on 1 of 1 gateway/).waitFor()
}

/** Changes a role while another person does. */
async function roleOvertaken(page: Page, acme: ApiClient): Promise<void> {
  const path = `${ACME}/roles/orders-caller`
  await page.getByRole('checkbox', { name: 'usage.read, Everywhere' }).check()
  const { permissions } = await acme.must('GET', path)
  const before = Object.values(permissions ?? {})
  const theirs = { permission: 'audit.read' }
  const isThere = JSON.stringify(before).includes(theirs.permission)
  const after = isThere
    ? before.filter(({ permission }) => textAt(permission) !== 'audit.read')
    : [...before, theirs]
  await acme.must('PATCH', path, { permissions: after })
  await page.getByRole('button', { name: 'Save role' }).click()
  await page.getByRole('alert').waitFor()
}

/** Changes a key while another person does. */
async function keyOvertaken(page: Page, acme: ApiClient): Promise<void> {
  const made = await acme.must('POST', `${ACME}/keys`, { name: 'Price feed', type: 'secret' })
  const id = textAt(made, 'key', 'id')
  await page.goto(`/organizations/acme/keys?key=${id}`)
  await press('Edit…')(page)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name', { exact: true }).fill('Price feed of the shop')
  await dialog.getByRole('checkbox', { name: /^auditor/ }).check()
  await acme.must('PATCH', `${ACME}/keys/${id}`, {
    name: 'Prices',
    roles: ['invoker'],
    addressRules: ['203.0.113.0/24', '2001:db8:4f2a::/48'],
  })
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await dialog.getByRole('alert').scrollIntoViewIfNeeded()
}

/** Asks to delete a webhook while another person changes it. */
async function webhookAskedAgain(page: Page, acme: ApiClient): Promise<void> {
  const made = await acme.must('POST', `${ACME}/webhooks`, {
    url: 'https://hooks.example.com/old',
    events: ['key.leaked'],
  })
  const id = textAt(made, 'id')
  await page.goto(`/organizations/acme/webhooks?webhook=${id}`)
  await press('Delete…')(page)
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(/^Type .* to confirm/).fill('hooks.example.com')
  await acme.must('PATCH', `${ACME}/webhooks/${id}`, { events: ['key.leaked', 'key.expiring'] })
  await dialog.getByRole('button', { name: 'Delete webhook' }).click()
  await dialog.getByRole('alert').waitFor()
  await acme.must('DELETE', `${ACME}/webhooks/${id}`)
}

/** Replaces the text of the editor. */
const written =
  (text: string) =>
  async (page: Page): Promise<void> => {
    const editor = page.getByRole('textbox', { name: /^Spec of/ })
    await editor.press('Control+a')
    await editor.press('Delete')
    await page.keyboard.insertText(text)
    await page
      .getByText('Not saved')
      .or(page.getByText(/^\d problems?$/))
      .first()
      .waitFor()
  }

/** Replaces the text of the editor by a long one, which browsers insert in no time only if it is pasted. */
async function pasted(page: Page): Promise<void> {
  const editor = page.getByRole('textbox', { name: /^Spec of/ })
  await editor.press('Control+a')
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(LONG)})`)
  await editor.press('Control+v')
  await page.getByText('This spec is too long for the form').waitFor()
}

async function suggested(page: Page): Promise<void> {
  await written('trigger:\n  kind: http\nsteps:\n  - ')(page)
  await page.keyboard.press('Control+Space')
  await page.getByRole('option', { name: 'respond' }).waitFor()
}

/** Everything that the dashboard shows, in the order of its navigation, except what a button asks: see `questionsOn`. */
export const LOOKS: readonly Look[] = [
  { name: 'sign-in', path: '/sign-in', isPublic: true },
  { name: 'sign-in-refused', path: '/sign-in?error=account_not_linked', isPublic: true },
  { name: 'forgot-password', path: '/forgot-password', isPublic: true },
  { name: 'reset-password', path: '/reset-password#token', isPublic: true },
  { name: 'reset-password-incomplete', path: '/reset-password', isPublic: true },
  { name: 'invitation-unknown', path: '/invitation#unknown', isPublic: true },
  { name: 'portal-link', path: `/portal#${'a'.repeat(32)}`, isPublic: true },
  { name: 'portal-link-cut', path: '/portal#cut', isPublic: true },
  { name: 'portal', path: '/portal', isPublic: true },
  { name: 'portal-key-rolling', path: ({ rolling }) => `/portal?key=${rolling}`, isPublic: true },
  { name: 'portal-create', path: '/portal?dialog=create', isPublic: true },
  {
    name: 'portal-token',
    path: '/portal?dialog=create',
    prepare: portalToken,
    isPublic: true,
    isApart: true,
  },
  { name: 'session-ended', path: 'keys', prepare: withoutSession, isApart: true },
  { name: 'overview', path: '', isInDocs: true },
  { name: 'overview-reason', path: '?reason=credential_missing' },
  { name: 'overview-fleet', path: '', prepare: withFleet, isApart: true },
  { name: 'overview-first-steps', path: '', prepare: withoutCalls, isApart: true },
  { name: 'pipelines', path: 'pipelines', isInDocs: true },
  { name: 'pipelines-none-fits', path: 'pipelines?search=nothing' },
  { name: 'pipeline', path: 'pipelines/orders' },
  {
    name: 'pipeline-faults',
    path: 'pipelines/orders',
    prepare: written('trigger:\n  kind: http\n  login: yes\nsteps:\n  - prox: {}\n  - call: { ulr: a }'),
    isApart: true,
  },
  { name: 'pipeline-suggestions', path: 'pipelines/orders', prepare: suggested, isApart: true },
  {
    name: 'pipeline-settings',
    path: 'pipelines/orders',
    prepare: opened('Addresses and details', 'CORS', 'Rate limits'),
    isApart: true,
  },
  {
    name: 'pipeline-step-fields',
    path: 'pipelines/orders',
    prepare: opened('Fields of step 1', 'Headers 3 set', 'Targets', 'Balance'),
    isApart: true,
  },
  {
    name: 'pipeline-routes',
    path: 'pipelines/orders',
    prepare: opened('Further routes 2 entries', 'Request 1 set', 'Shared schemas'),
    isApart: true,
  },
  { name: 'pipeline-long', path: 'pipelines/orders', prepare: pasted, isApart: true },
  { name: 'pipeline-schedule', path: 'pipelines', prepare: scheduled, isApart: true },
  { name: 'pipeline-add-step', path: 'pipelines/orders', prepare: press('Add step') },
  { name: 'pipeline-step-menu', path: 'pipelines/orders', prepare: press('More for step 1') },
  { name: 'pipeline-deployments', path: 'pipelines/orders?tab=deployments' },
  {
    name: 'pipeline-in-maintenance',
    path: 'pipelines/stock-levels?tab=deployments',
    prepare: paused,
    isApart: true,
  },
  { name: 'pipeline-versions', path: 'pipelines/orders?tab=versions' },
  { name: 'pipeline-try', path: 'pipelines/orders?panel=try' },
  { name: 'pipeline-expression', path: 'pipelines/orders?panel=expression', prepare: press('Evaluate') },
  { name: 'pipeline-create', path: 'pipelines?dialog=create' },
  { name: 'pipeline-create-schedule', path: 'pipelines?dialog=create', prepare: scheduleChosen },
  { name: 'pipeline-from-document', path: 'pipelines?dialog=create', prepare: documentChosen },
  { name: 'gate-passes', path: 'pipelines/orders?panel=deploy&to=prod' },
  { name: 'gate-refuses', path: 'pipelines/reports?panel=deploy&to=prod', isInDocs: true },
  { name: 'policies', path: 'policies', isInDocs: true },
  { name: 'policy-effect', path: 'policies?mode=jwt', isInDocs: true },
  { name: 'policy-conformity', path: 'policies?conformity=prod' },
  { name: 'key-ages', path: 'policies?tab=age' },
  { name: 'environments', path: 'environments' },
  { name: 'environment', path: 'environments?open=prod' },
  { name: 'environment-create', path: 'environments?dialog=create' },
  { name: 'plan', path: 'environments?open=prod', prepare: press('Change the plan gold') },
  { name: 'plan-create', path: 'environments?open=prod', prepare: press('Create a plan in prod') },
  { name: 'consumers', path: 'consumers' },
  { name: 'consumer', path: ({ consumer }) => `consumers?consumer=${consumer}` },
  { name: 'consumer-by-project', path: 'consumers', prepare: byProject },
  { name: 'consumer-create', path: 'consumers?dialog=create' },
  { name: 'keys', path: 'keys', isInDocs: true },
  { name: 'key-rolling', path: ({ rolling }) => `keys?key=${rolling}`, isInDocs: true },
  { name: 'key', path: ({ leaving }) => `keys?key=${leaving}` },
  { name: 'key-create', path: 'keys?dialog=create', isInDocs: true },
  { name: 'key-created', path: 'keys?dialog=create', prepare: created, isApart: true },
  { name: 'key-deleted', path: 'keys', prepare: deleted },
  { name: 'key-overtaken', path: 'keys', prepare: keyOvertaken, isApart: true },
  { name: 'key-look-up', path: 'keys?dialog=look-up' },
  { name: 'key-unknown', path: 'keys?key=key_0000000000000000' },
  { name: 'keys-roll', path: 'keys', prepare: rollAsked, isApart: true },
  { name: 'keys-rolled', path: 'keys', prepare: rolledTogether, isApart: true },
  { name: 'keys-none-fits', path: 'keys?search=nothing' },
  { name: 'keys-loading', path: 'keys', prepare: loading, isApart: true, hasRequestsLeft: true },
  { name: 'keys-failed', path: 'keys', prepare: failing, isApart: true },
  { name: 'external-keys', path: 'keys/external' },
  {
    name: 'external-keys-forbid-all',
    path: 'keys/external',
    prepare: async (page) => await page.getByRole('switch').click(),
  },
  { name: 'external-key', path: ({ externalKey }) => `keys/external?external=${externalKey}` },
  { name: 'external-key-add', path: 'keys/external?form=add' },
  { name: 'external-key-edit', path: ({ externalKey }) => `keys/external?external=${externalKey}&form=edit` },
  { name: 'imports', path: 'keys/imports' },
  { name: 'import', path: ({ import: id }) => `keys/imports?import=${id}`, prepare: ended },
  {
    name: 'import-running',
    path: ({ import: id }) => `keys/imports?import=${id}`,
    prepare: running,
    isApart: true,
  },
  { name: 'import-unknown', path: 'keys/imports?import=imp_0000000000000000' },
  { name: 'import-new', path: 'keys/imports?form=new' },
  { name: 'import-chosen', path: 'keys/imports?form=new', prepare: chosen(FILE) },
  {
    name: 'import-header-unknown',
    path: 'keys/imports?form=new',
    prepare: chosen('name,api_key,stage,colour\nParcel tracking,pt-4fT0Qm2ZrX9bLk7A81c3,prod,red\n'),
  },
  {
    name: 'import-sending',
    path: 'keys/imports?form=new',
    prepare: sending,
    isApart: true,
    hasRequestsLeft: true,
  },
  { name: 'import-refused', path: 'keys/imports?form=new', prepare: refused, isApart: true },
  { name: 'roles', path: 'roles' },
  { name: 'role', path: 'roles?role=developer' },
  { name: 'role-own', path: 'roles?role=orders-caller' },
  { name: 'role-edit', path: 'roles/edit', isInDocs: true },
  { name: 'role-overtaken', path: 'roles/edit?role=orders-caller', prepare: roleOvertaken, isApart: true },
  { name: 'members', path: 'members' },
  { name: 'member', path: ({ member }) => `members?member=${member}` },
  { name: 'invite', path: 'members?dialog=invite' },
  { name: 'invitations', path: 'members/invitations' },
  { name: 'requests', path: 'requests' },
  { name: 'requests-none-fits', path: 'requests?code=nothing' },
  {
    name: 'request-refused',
    path: 'requests?outcome=refused',
    prepare: async (page) => await page.getByRole('row').getByRole('link').first().click(),
    isInDocs: true,
  },
  { name: 'usage', path: 'usage?by=consumer', isInDocs: true },
  { name: 'usage-none', path: 'usage?from=2026-01-01&to=2026-01-02&code=key_expired' },
  { name: 'audit', path: 'audit', isInDocs: true },
  { name: 'audit-event', path: 'audit?event=12' },
  { name: 'audit-none-fits', path: 'audit?target=key/none' },
  { name: 'leaks', path: 'leaks' },
  { name: 'leaks-none', path: 'leaks', prepare: withoutLeaks, isApart: true },
  { name: 'leak', path: ({ leak }) => `leaks?leak=${leak}` },
  { name: 'leak-reaction', path: 'leaks?dialog=reaction' },
  { name: 'organization', path: 'organization' },
  { name: 'webhooks', path: 'webhooks' },
  { name: 'webhook', path: ({ webhook }) => `webhooks?webhook=${webhook}` },
  { name: 'webhook-asked-again', path: 'webhooks', prepare: webhookAskedAgain, isApart: true },
  { name: 'webhook-create', path: 'webhooks?dialog=create' },
  { name: 'quotas', path: 'quotas' },
  { name: 'profile', path: '/profile' },
  { name: 'palette', path: '', prepare: async (page) => await page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: 'keys', prepare: async (page) => await page.keyboard.press('?') },
  { name: 'not-found', path: 'no-such-page' },
]
