import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiClient, textAt } from '../support/api-client.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'
import { downloaded, type Dashboard, openDashboard, PASSWORD, signIn } from '../support/dashboard.ts'
import { eventually } from '../support/eventually.ts'

/*
 * Overview, requests, usage and audit log, in a real browser, against a real server and its gateway.
 */

const ACME = '/v1/organizations/acme'
let dashboard: Dashboard
/** A key of the consumer "mobile-app", which may call "orders" and nothing else. */
let key: { readonly id: string; readonly token: string }

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

/** Calls a pipeline of prod, and tells the status and the id of the request. */
async function callPipeline(
  pipeline: string,
  token?: string,
): Promise<{ readonly status: number; readonly requestId: string }> {
  const { status, headers } = await fetch(`${dashboard.server.gatewayUrl}/acme/prod/${pipeline}`, {
    headers: token === undefined ? {} : { 'x-api-key': token },
  })
  return { status, requestId: headers.get('x-request-id') ?? '' }
}

/** Waits until the server has counted so many requests. */
async function areCounted(least: number): Promise<void> {
  await eventually(async () => {
    const { body } = await dashboard.acme.call('GET', `${ACME}/usage`)
    const items = body['items'] as unknown as readonly { readonly requests: number }[]
    const counted = items.reduce((sum, { requests }) => sum + requests, 0)
    expect(counted).toBeGreaterThanOrEqual(least)
  })
}

describe('an organization without requests', () => {
  test('is told on each page how the first one comes about', async () => {
    const { page, open } = dashboard
    await open('')
    await page.getByRole('heading', { name: 'No request in this period' }).waitFor()
    await page.getByText('The first one appears here about a second after it was made.').waitFor()
    await page.getByText('Nothing is deployed in 2 environments').waitFor()
    await page.getByRole('link', { name: 'Requests', exact: true }).click()
    await page.getByRole('heading', { name: 'No request yet' }).waitFor()
    await page.getByRole('link', { name: 'Usage', exact: true }).click()
    await page.getByRole('heading', { name: 'No request in this period' }).waitFor()
    await page.getByText(/usage\?groupBy=key/).waitFor()
    expect(dashboard.faults).toEqual([])
  })
})

describe('with requests', () => {
  beforeAll(async () => {
    const { acme } = dashboard
    await publishPipeline(acme, 'orders')
    await publishPipeline(acme, 'quotes')
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name: 'mobile-app',
      environment: 'prod',
      pipelines: ['orders'],
    })
    const created = await acme.must('POST', `${ACME}/keys`, {
      name: 'orders-mobile',
      type: 'secret',
      consumer: textAt(made, 'consumer', 'id'),
      expiresAt: new Date(Date.now() + 9 * 86_400_000).toISOString(),
    })
    key = { id: textAt(created, 'key', 'id'), token: textAt(created, 'token') }
    const calls = [
      ...Array.from({ length: 5 }, () => callPipeline('orders', key.token)),
      ...Array.from({ length: 2 }, () => callPipeline('quotes', key.token)),
      callPipeline('orders'),
    ]
    const statuses = (await Promise.all(calls))
      .map(({ status }) => status)
      .toSorted((one, other) => one - other)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 401, 403, 403])
    await areCounted(8)
  })

  describe('the overview', () => {
    test('is where the start leads, and shows what was allowed and refused', async () => {
      const { page } = dashboard
      await page.goto('/')
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor()
      await page.getByText('5 allowed').waitFor()
      await page.getByText('3 refused, 38%').waitFor()
      await page.getByRole('img', { name: /At most 5 allowed and 3 refused in one/ }).waitFor()
      await page.getByRole('row', { name: 'pipeline_not_allowed 2' }).waitFor()
      await page.getByRole('link', { name: 'pipeline_not_allowed', exact: true }).click()
      await page.waitForURL(/reason=pipeline_not_allowed/)
      await page.getByRole('link', { name: 'See requests refused with pipeline_not_allowed' }).click()
      await page.waitForURL(/requests\?.*code=pipeline_not_allowed/)
      await page.getByText('2 requests of').waitFor()
    })

    test('leads from the keys that need attention to the same list of keys', async () => {
      const { page, open } = dashboard
      await open('')
      await page.getByRole('link', { name: '1 key expires within 30 days' }).click()
      await page.waitForURL(/keys\?.*ends=/)
      await page.getByText('1 of 1 loaded').waitFor()
      await page.getByRole('link', { name: 'orders-mobile' }).waitFor()
    })

    test('shows conformity, changes and gateways', async () => {
      const { page, open } = dashboard
      await open('?environment=prod')
      await page.getByText('No credential demanded in prod').waitFor()
      await page.getByRole('img', { name: '2 conform, 0 do not' }).waitFor()
      await page.getByRole('row', { name: /gw_\w+ Current/ }).waitFor()
      await page.getByRole('row', { name: /orders-mobile key created Owner/ }).waitFor()
      expect(dashboard.faults).toEqual([])
    })
  })

  describe('the overview of a fleet', () => {
    test('names its gateways, those first that are cut off, behind or too old, and counts the rest', async () => {
      const { page, open } = dashboard
      const seenAt = new Date().toISOString()
      const items = Array.from({ length: 10 }, (_, index) => ({
        id: `gw_${index}`,
        role: index === 0 ? 'relay' : 'gateway',
        name: `edge ${index}`,
        revision: 7,
        seenAt,
        stale: index > 7,
        lease: index === 9 ? 'over' : 'held',
        needsUpgrade: index === 7,
        attached: index !== 1,
        version: '0.1.0',
        threads: 1,
        openExchanges: 4,
        clockOffsetMs: null,
      }))
      const gateways = '**/v1/organizations/acme/gateways*'
      await page.route(gateways, async (route) => await route.fulfill({ json: { items, next: null } }))
      await open('')
      await page.getByRole('row', { name: /edge 9 Cut off/ }).waitFor()
      const rows = page.getByRole('table', { name: 'Gateways' }).getByRole('row')
      const names = (await rows.allInnerTexts()).map(
        (text) => /edge \d \S+|edge \d\s+\S+/.exec(text)?.[0] ?? '',
      )
      expect(names.map((name) => name.replaceAll(/\s+/g, ' ')).slice(1, 6)).toEqual([
        'edge 9 Cut',
        'edge 7 Upgrade',
        'edge 8 Behind',
        'edge 0 Relay',
        'edge 1 Not',
      ])
      // One serves no callers, and one was never connected.
      await page.getByText('5 of 8 gateways current').waitFor()
      await page.getByTitle('gw_9, version 0.1.0, 4 open').waitFor()
      await page.getByTitle('gw_7, gets no changes until it is upgraded, version 0.1.0').waitFor()
      await page.getByTitle('gw_1, never connected, so it decides nothing').waitFor()
      await page.getByText('2 more gateways. GET /gateways lists all.').waitFor()
      await page.unroute(gateways)
      expect(dashboard.faults).toEqual([])
    })
  })

  describe('the page of requests', () => {
    test('says why a caller got a 403, and leads to where it is corrected', async () => {
      const { page, open } = dashboard
      const { requestId } = await callPipeline('quotes', key.token)
      await open('requests')
      await page.getByRole('searchbox', { name: 'Find a request by its id' }).fill(requestId)
      await page.getByText('1 request of').waitFor()
      await page.getByRole('link', { name: '403 pipeline_not_allowed' }).click()
      const panel = page.getByRole('complementary')
      await panel.getByText('Why: the caller may not call this pipeline').waitFor()
      await panel.getByText(/orders-mobile is active now/).waitFor()
      const steps = panel.getByRole('listitem')
      const trace = async (name: string) => await steps.filter({ hasText: name }).last().innerText()
      await panel.getByText('Not demanded by this version').first().waitFor({ state: 'detached' })
      expect(await trace('Key and secret')).toContain('The key and its secret are live')
      expect(await trace('Association')).toContain('403')
      expect(await trace('Limits')).toContain('Not reached')

      await panel.getByRole('button', { name: 'Copy answer for the caller' }).click()
      const answer = await page.evaluate<string>('navigator.clipboard.readText()')
      expect(answer).toContain(`Your request ${requestId} ended with 403 pipeline_not_allowed.`)
      await panel.getByRole('link', { name: 'Open orders-mobile' }).click()
      await page.waitForURL(new RegExp(`keys\\?.*key=${key.id}`))
      await page.getByRole('heading', { name: 'orders-mobile' }).waitFor()
      expect(dashboard.faults).toEqual([])
    })

    test('shows what a served request passed, and what its version does not demand', async () => {
      const { page, open } = dashboard
      await open('requests?outcome=allowed')
      await page.getByRole('link', { name: '200' }).first().click()
      const panel = page.getByRole('complementary')
      const jwt = panel.getByRole('listitem').filter({ hasText: 'JWT' })
      await jwt.getByText('Not demanded by this version').waitFor()
      await panel.getByText('Served', { exact: true }).waitFor()
      expect(await panel.getByText('What to do').count()).toBe(0)
    })

    test('is filtered in the URL, and refreshes until it is paused', async () => {
      const { page, open } = dashboard
      await open('requests?outcome=refused')
      await page.getByRole('link', { name: '401 credential_missing' }).waitFor()
      expect(await page.getByRole('link', { name: '200' }).count()).toBe(0)
      await page.getByText('Live', { exact: true }).waitFor()
      await callPipeline('orders', 'sp_sk_wrong')
      await page.getByRole('link', { name: '401 credential_invalid' }).waitFor()
      await page.getByRole('button', { name: 'Pause' }).click()
      await page.getByText(/^Paused at/).waitFor()
      await page.getByRole('button', { name: 'Resume' }).click()
      await page.getByText('Live', { exact: true }).waitFor()
      await page.getByRole('button', { name: /^Outcome/ }).click()
      await page.getByRole('menuitem', { name: 'Failed' }).click()
      await page.getByRole('heading', { name: 'No request fits' }).waitFor()
      await page.getByRole('link', { name: 'Clear all filters' }).click()
      await page.getByRole('link', { name: '200' }).first().waitFor()
    })

    test('saves what it shows, and says when a request is no longer kept', async () => {
      const { page, open } = dashboard
      await open('requests?outcome=refused&environment=prod')
      await page.getByRole('link', { name: '401 credential_missing' }).waitFor()
      const text = await downloaded(page, () => page.getByRole('button', { name: 'Export' }).click())
      const [head, ...lines] = text.trimEnd().split('\r\n')
      expect(head).toMatch(/^at,requestId,status,code/)
      expect(lines.every((line) => /,40[13],/.test(line))).toBe(true)
      await open('requests?open=2026-01-01T00:00:00.000Z~gone')
      await page.getByRole('heading', { name: 'This request is no longer kept' }).waitFor()
    })
  })

  describe('the page of usage', () => {
    test('goes from the sum to a key and what was refused of it', async () => {
      const { page, open } = dashboard
      await areCounted(10)
      await open('usage?by=key')
      await page.getByRole('row', { name: /No key/ }).waitFor()
      await page.getByRole('link', { name: 'orders-mobile' }).click()
      await page.waitForURL(new RegExp(`key=${key.id}`))
      await page.getByRole('row', { name: 'pipeline_not_allowed 3 0 3' }).waitFor()
      await page.getByText('5 allowed').waitFor()
      await page.getByRole('button', { name: 'The chart as a table' }).click()
      const table = page.getByRole('table', { name: 'Requests over time' })
      await table.getByRole('row').nth(1).waitFor()
      await page.getByRole('button', { name: 'Clear the filter Key' }).click()
      await page.getByRole('row', { name: /credential_missing/ }).waitFor()
    })

    test('takes days of one’s own, other intervals, and saves the sums', async () => {
      const { page, open } = dashboard
      await open('usage?by=pipeline')
      await page.getByText('Days', { exact: true }).click()
      await page.waitForURL(/interval=day/)
      await page.getByText('Allowed each day').waitFor()
      await page.getByText('Own', { exact: true }).click()
      await page.getByLabel('First day (UTC)').fill('2026-01-01')
      await page.getByLabel('Last day (UTC)').fill('2026-01-02')
      await page.getByRole('heading', { name: 'No request in this period' }).waitFor()
      await page.reload()
      expect(await page.getByLabel('First day (UTC)').inputValue()).toBe('2026-01-01')
      await page.getByText('24 h', { exact: true }).click()
      await page.getByRole('link', { name: 'quotes' }).waitFor()
      const text = await downloaded(page, () => page.getByRole('button', { name: 'Export' }).click())
      expect(text).toMatch(/^at,pipeline,requests,allowed,refused\r\n/)
      expect(text).toMatch(/,orders,\d+,5,\d+\r\n/)
      await page.getByText(/sums saved/).waitFor()
      expect(dashboard.faults).toEqual([])
    })
  })

  describe('the audit log', () => {
    test('shows who did what, and what it changed', async () => {
      const { page, acme, open } = dashboard
      await acme.must('PATCH', `${ACME}/keys/${key.id}`, { labels: { team: 'apps' } })
      await acme.must('PATCH', `${ACME}/keys/${key.id}`, { name: 'orders-mobile-2' })
      await open('audit')
      await page.getByText(/follow each other by their hashes/).waitFor()
      await page.getByRole('link', { name: 'orders-mobile-2' }).first().click()
      const panel = page.getByRole('complementary')
      await panel.getByText('key changed').waitFor()
      const changes = panel.getByRole('region', { name: 'What changed' })
      expect(await changes.getByRole('deletion').allInnerTexts()).toContain('orders-mobile')
      expect(await changes.getByRole('insertion').allInnerTexts()).toContain('orders-mobile-2')
      await panel.getByRole('link', { name: 'Its history' }).click()
      await page.getByText(/^\d events$/).waitFor()
      const words = await page.getByRole('cell', { name: /^Key (?:created|changed)$/ }).allInnerTexts()
      expect(words).toEqual(['Key changed', 'Key changed', 'Key created'])
    })

    test('is filtered by actor, change and time in the URL', async () => {
      const { page, open } = dashboard
      await open('audit')
      await page.getByRole('button', { name: 'By' }).click()
      await page.getByRole('menuitem', { name: 'Set-up' }).click()
      await page.waitForURL(/actor=setup/)
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Every environment change' }).click()
      await page.getByText('2 events').waitFor()
      await page.getByRole('button', { name: 'Time' }).click()
      await page.getByRole('menuitem', { name: 'Last 24 hours' }).click()
      await page.waitForURL(/since=24h/)
      await page.getByText('2 events').waitFor()
      await page.getByRole('button', { name: 'Clear the filter Change' }).click()
      await page.getByRole('link', { name: 'Olivia Owner' }).waitFor()
      await page.getByRole('searchbox').fill('key/none')
      await page.getByRole('heading', { name: 'No event fits' }).waitFor()
    })

    test('is exported whole for the verifier, and as CSV', async () => {
      const { page, open } = dashboard
      await open('audit')
      const save = async (format: string) =>
        await downloaded(page, async () => {
          await page.getByRole('button', { name: 'Export' }).click()
          await page.getByRole('menuitem', { name: format }).click()
        })
      const lines = (await save('NDJSON, for the verifier')).trimEnd().split('\n')
      const last = JSON.parse(lines.at(-1) ?? '') as { readonly export: { readonly events: number } }
      expect(last.export.events).toBeGreaterThan(10)
      await page.getByText('audit-acme.ndjson is saved').waitFor()
      expect(await save('CSV, for a spreadsheet')).toMatch(/keys\.create/)
      expect(dashboard.faults).toEqual([])
    })
  })

  test('a person sees only what the roles allow', async () => {
    const { acme, server, newContext } = dashboard
    await acme.must('POST', `${ACME}/roles`, {
      name: 'reader-of-logs',
      permissions: [{ permission: 'audit.read' }],
    })
    const email = 'aud@example.com'
    const invitation = await acme.must('POST', `${ACME}/invitations`, { email, roles: ['reader-of-logs'] })
    await new ApiClient(server.controlUrl).must('POST', '/v1/invitations/accept', {
      token: textAt(invitation, 'token'),
      name: 'Aud Itor',
      password: PASSWORD,
    })
    const context = await newContext()
    await signIn(context, email)
    const page = await context.newPage()
    await page.goto('/')
    await page.getByRole('heading', { name: 'Recent changes' }).waitFor()
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Observe',
      'Recent changes',
    ])
    expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
      'Overview',
      'Audit log',
    ])
    await dashboard.open('usage', page)
    await page.getByRole('alert').getByText('You may not do this').first().waitFor()
    await context.close()
  })
})
