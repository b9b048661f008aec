import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Page, Route } from 'playwright-core'
import { ApiClient, textAt } from '../support/api-client.ts'
import { accessibilityFaults, type Dashboard, openDashboard, PASSWORD, signIn } from '../support/dashboard.ts'
import { eventually } from '../support/eventually.ts'

/*
 * The states that every page has: nothing there yet, being read, not readable, not permitted, and out of date.
 */

const ACME = '/v1/organizations/acme'
const OF_ACME = /\/v1\/organizations\/acme(?:\/|$)/

interface PageCase {
  readonly path: string
  /** What it shows once it is read. */
  readonly content: string | RegExp
  /** What it shows in a new organization, unless something is there from the beginning. */
  readonly empty?: string
}

const OVERVIEW: PageCase = { path: '', content: /^1 allowed/ }

/** The pages that need a permission. */
const PAGES: readonly PageCase[] = [
  { path: 'pipelines', content: 'orders', empty: 'No pipeline yet' },
  { path: 'pipelines/orders', content: '1.0 in prod' },
  { path: 'policies', content: 'What prod demands of every exposed pipeline' },
  { path: 'environments', content: 'prod' },
  { path: 'consumers', content: 'web-shop', empty: 'No consumer yet' },
  { path: 'keys', content: 'Owner' },
  { path: 'keys/external', content: 'ERP of a partner', empty: 'No external key yet' },
  { path: 'keys/imports', content: '1 import', empty: 'No import yet' },
  { path: 'roles', content: 'developer' },
  { path: 'members', content: 'Olivia Owner' },
  { path: 'members/invitations', content: 'mei@example.com', empty: 'No open invitation' },
  { path: 'requests', content: /1 request/, empty: 'No request yet' },
  { path: 'usage', content: /1 allowed/, empty: 'No request in this period' },
  { path: 'audit', content: /^\d+ events/ },
  { path: 'leaks', content: 'No leak reported', empty: 'No leak reported' },
  { path: 'organization', content: 'Name and colour' },
  { path: 'quotas', content: 'Keys' },
  { path: 'webhooks', content: 'https://hooks.example.com/sallyport', empty: 'No webhook yet' },
]

let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
})
// Also after a failure, or every later test would fail.
afterEach(async () => await dashboard.context.setOffline(false))
afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

describe('a new organization is told how the first one comes about', () => {
  const emptied = PAGES.flatMap(({ path, empty }) => (empty === undefined ? [] : [{ path, empty }]))

  test.each(emptied)('/$path', async ({ path, empty }) => {
    const { page, open } = dashboard
    await open(path)
    await page.getByRole('heading', { name: empty }).waitFor()
    expect(await page.getByRole('main').getByRole('button', { name: 'Copy' }).count()).toBeGreaterThan(0)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  test('/, step by step', async () => {
    const { page, open } = dashboard
    await open('')
    await page.getByRole('region', { name: 'To the first protected call' }).waitFor()
    await page.getByRole('heading', { name: 'No request in this period' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })
})

describe('with something to show', () => {
  beforeAll(async () => await fill(dashboard))

  test.each([OVERVIEW, ...PAGES])(
    'the page shows that it is being read, cannot be read, is read, and cannot be read again: /$path',
    async (shown) => {
      const page = await dashboard.context.newPage()
      const waiting: Route[] = []
      const hold = (route: Route): void => void waiting.push(route)
      await page.route(OF_ACME, hold)
      await dashboard.open(shown.path, page)
      const main = page.getByRole('main')
      await main.getByRole('status', { name: 'Loading' }).first().waitFor()
      expect(await accessibilityFaults(page)).toEqual([])

      await page.route(OF_ACME, fail)
      await page.unroute(OF_ACME, hold)
      await Promise.all(waiting.map(fail))
      const alert = main.getByRole('alert').first()
      await alert.getByText('The database is away.').waitFor()
      await alert.getByText('req_of_the_test').waitFor()
      expect(await accessibilityFaults(page)).toEqual([])

      await page.unroute(OF_ACME, fail)
      await alert.getByRole('button', { name: 'Try again' }).click()
      const content = main.getByText(shown.content).first()
      await content.waitFor()

      await dashboard.context.setOffline(true)
      const lost = page.getByRole('alert').getByText(/The connection was lost at/)
      await lost.waitFor()
      expect(await content.isVisible()).toBe(true)
      expect(await accessibilityFaults(page)).toEqual([])
      await dashboard.context.setOffline(false)
      await lost.waitFor({ state: 'detached' })
      await page.close()
    },
  )
})

describe('a person without any permission', () => {
  let page: Page

  beforeAll(async () => {
    const { acme, server, newContext } = dashboard
    const permissions = [{ permission: 'pipelines.invoke' }]
    await acme.must('POST', `${ACME}/roles`, { name: 'only-calls', permissions })
    const email = 'carl@example.com'
    const invited = await acme.must('POST', `${ACME}/invitations`, { email, roles: ['only-calls'] })
    await new ApiClient(server.controlUrl).must('POST', '/v1/invitations/accept', {
      token: textAt(invited, 'token'),
      name: 'Carl Caller',
      password: PASSWORD,
    })
    const context = await newContext()
    await signIn(context, email)
    page = await context.newPage()
  })

  test.each(PAGES)('is told so: /$path', async ({ path }) => {
    await dashboard.open(path, page)
    // What is hidden looks like what does not exist.
    const words =
      path === 'pipelines/orders' ? 'This does not exist, or you may not see it' : 'You may not do this'
    await page.getByRole('main').getByText(words).first().waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  })

  test('finds no such page in the navigation', async () => {
    await dashboard.open('', page)
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual(['Overview'])
  })
})

async function fail(route: Route): Promise<void> {
  await route.fulfill({
    status: 503,
    contentType: 'application/problem+json',
    headers: { 'x-request-id': 'req_of_the_test' },
    body: JSON.stringify({
      type: 'urn:sallyport:problem:store_unavailable',
      title: 'The database cannot be reached',
      status: 503,
      detail: 'The database is away.',
      code: 'store_unavailable',
    }),
  })
}

/** Puts one of everything into the organization, and sends a request. */
async function fill({ acme, server }: Dashboard): Promise<void> {
  await acme.must('POST', `${ACME}/pipelines`, {
    name: 'orders',
    spec: {
      trigger: { kind: 'http', path: '/orders', authentication: { apiKey: true } },
      steps: [{ respond: {} }],
    },
  })
  const deployment = { pipeline: 'orders', version: '1.0', environment: 'prod' }
  await acme.must('POST', `${ACME}/deployments`, deployment)
  const consumer = { name: 'web-shop', environment: 'prod', pipelines: ['orders'] }
  const token = textAt(await acme.must('POST', `${ACME}/consumers`, consumer), 'token')
  await acme.must('POST', `${ACME}/invitations`, { email: 'mei@example.com', roles: ['auditor'] })
  const url = 'https://hooks.example.com/sallyport'
  await acme.must('POST', `${ACME}/webhooks`, { url, events: ['key.leaked'] })
  const partner = textAt(
    await acme.must('POST', '/v1/organizations', { slug: 'erp', name: 'A partner' }),
    'token',
  )
  const made = await acme
    .as(partner)
    .must('POST', '/v1/organizations/erp/keys', { name: 'ERP', type: 'secret' })
  await acme.must('POST', `${ACME}/external-keys`, {
    keyId: textAt(made, 'key', 'id'),
    label: 'ERP of a partner',
    roles: ['invoker'],
  })
  const line = new Blob(['{"name":"Moved","token":"moved-4fT0Qm2ZrX9b"}']).stream()
  await acme.send('POST', `${ACME}/imports`, line, 'application/x-ndjson')
  const call = async () =>
    await fetch(`${server.gatewayUrl}/acme/prod/orders`, { headers: { 'x-api-key': token } })
  await eventually(async () => expect((await call()).status).toBe(200))
}
