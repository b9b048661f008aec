import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Browser, Page } from 'playwright-core'
import { ApiClient, textAt } from '../support/api-client.ts'
import { startBrowser } from '../support/browser.ts'
import {
  accessibilityFaults,
  type Dashboard,
  lookFaults,
  OWNER_EMAIL,
  openDashboard,
  PASSWORD,
  signIn,
} from '../support/dashboard.ts'
import { runPasted } from '../support/pasted-commands.ts'
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts'

/*
 * How people come in and out: set-up and the steps that follow it, sign-in, the end of a session, a connection that is lost,
 * and what a first visit loads.
 */

/** The most JavaScript that the first page loads, compressed, in bytes. */
const FIRST_LOAD_BYTES_MAX = 220 * 1024

/** Notes in a page whether the steps of a new organization were ever on it. */
const NOTE_STEPS = `
  window.hasShownSteps = false
  new MutationObserver(() => {
    if (document.body?.innerText.includes('To the first protected call')) window.hasShownSteps = true
  }).observe(document, { subtree: true, childList: true })
`

let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

async function submitSignIn(password = PASSWORD): Promise<void> {
  const { page } = dashboard
  await page.getByLabel('E-mail address').fill(OWNER_EMAIL)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

describe('a visitor', () => {
  test('is led to the sign-in and back to the page, filters included', async () => {
    const { page, open, context } = dashboard
    await context.clearCookies()
    await open('keys?state=active&sort=name')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await submitSignIn('wrong password')
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor()
    await submitSignIn()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    expect(new URL(page.url()).search).toBe('?state=active&sort=name')
    await page.getByRole('link', { name: 'Owner' }).waitFor()
  })

  test('is not sent to another host', async () => {
    const { page, context, server } = dashboard
    await context.clearCookies()
    for (const hostile of ['https://evil.example/', '//evil.example/', '/\\evil.example']) {
      await page.goto(`/sign-in?returnTo=${encodeURIComponent(hostile)}`)
      await submitSignIn()
      await page.waitForURL(/\/organizations\/acme/)
      expect(new URL(page.url()).origin).toBe(server.controlUrl)
      await context.clearCookies()
    }
  })

  test('loads at most 220 KiB of JavaScript, and nothing from elsewhere', async () => {
    const { newContext, server } = dashboard
    const context = await newContext()
    const page = await context.newPage()
    const sizes: number[] = []
    const origins = new Set<string>()
    page.on('response', (response) => {
      origins.add(new URL(response.url()).origin)
      if (!response.url().endsWith('.js')) return
      expect(response.headers()['content-encoding']).toBe('br')
      sizes.push(Number(response.headers()['content-length']))
    })
    await page.goto('/sign-in')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.waitForLoadState('networkidle')
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(50 * 1024)
    expect(bytes).toBeLessThan(FIRST_LOAD_BYTES_MAX)
    expect([...origins]).toEqual([server.controlUrl])
    expect(await accessibilityFaults(page)).toEqual([])
    await context.close()
  })
})

describe('a person', () => {
  test('whose session ends signs in again and is where they were', async () => {
    const { page, open, context } = dashboard
    await signIn(context)
    await open('keys?search=Default')
    await page.getByRole('link', { name: 'Default API Key' }).waitFor()
    // The session ends on the server: by another device, or by its age.
    await context.clearCookies()
    await page.getByRole('searchbox').fill('Owner')
    await page.getByText('Your session has ended.').waitFor()
    await submitSignIn()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
    await page.getByRole('link', { name: 'Owner' }).waitFor()
    expect(new URL(page.url()).search).toBe('?search=Owner')
  })

  test('who signs out leaves nothing behind', async () => {
    const { page, open, context } = dashboard
    await signIn(context)
    await open('keys')
    await page.getByRole('link', { name: 'Owner' }).waitFor()
    await page.getByRole('button', { name: /account of Olivia Owner/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await page.content()).not.toContain('Default API Key')
    await page.goBack()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('whose connection is lost keeps what was read, is told, and goes on', async () => {
    const { newContext } = dashboard
    const context = await newContext()
    await signIn(context)
    const page = await context.newPage()
    await dashboard.open('keys', page)
    await page.getByRole('link', { name: 'Owner' }).waitFor()
    await context.setOffline(true)
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await page.getByText(/The connection was lost at/).waitFor()
    await page.getByRole('alert').getByText('The server cannot be reached').waitFor()
    await context.setOffline(false)
    await page.getByText(/The connection was lost at/).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Owner' }).waitFor()
    await context.close()
  })

  test('who asks for an organization that is not theirs is at their own', async () => {
    const { page, context } = dashboard
    await signIn(context)
    await page.goto('/organizations/rival/keys')
    await page.waitForURL(/\/organizations\/acme/)
  })
})

describe('a new server', () => {
  let resources: AsyncDisposableStack
  let server: ServerProcess
  let browser: Browser
  let page: Page
  let owner: ApiClient

  beforeAll(async () => {
    resources = new AsyncDisposableStack()
    const { path } = resources.use(await temporaryFolder())
    server = resources.use(await startServerProcess({ SALLYPORT_DATA: path }))
    browser = resources.adopt(await startBrowser(), async (started) => await started.close())
    const context = await browser.newContext({
      baseURL: server.controlUrl,
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    page = await context.newPage()
  })
  afterAll(async () => await resources.disposeAsync())

  /** The overview as a new member sees it, and notes whether it ever had the steps. */
  async function overviewAs(role: string): Promise<Page> {
    const invitation = { email: `${role}@example.com`, roles: [role] }
    const invited = await owner.must('POST', '/v1/organizations/globex/invitations', invitation)
    const context = await browser.newContext({ baseURL: server.controlUrl })
    const accepted = await context.request.post('/v1/invitations/accept', {
      data: { token: textAt(invited, 'token'), name: role, password: PASSWORD },
    })
    expect(accepted.ok()).toBe(true)
    const overview = await context.newPage()
    await overview.addInitScript(NOTE_STEPS)
    await overview.goto('/organizations/globex')
    await overview.getByRole('heading', { name: 'No request in this period' }).waitFor()
    return overview
  }

  test('is set up on its first page, and its owner is signed in', async () => {
    await page.goto('/')
    await page.getByRole('heading', { name: 'Set up Sallyport' }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.getByLabel('Set-up token').fill('wrong')
    await page.getByLabel('Name', { exact: true }).fill('Globex')
    expect(await page.getByLabel('Short name').inputValue()).toBe('globex')
    await page.getByLabel('Your name').fill('Homer')
    await page.getByLabel('E-mail address').fill('homer@springfield')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    const submit = page.getByRole('button', { name: 'Create the organization' })
    await submit.click()
    await page.getByRole('alert').getByText('E-mail address: An e-mail address looks like').waitFor()
    await page.getByLabel('E-mail address').fill('homer@example.com')
    await submit.click()
    await page.getByRole('alert').getByText('The set-up token is wrong.').waitFor()
    await page.getByLabel('Set-up token').fill(server.setupToken)
    await submit.click()
    await page.getByRole('heading', { name: 'Globex is ready' }).waitFor()
    const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
    owner = new ApiClient(server.controlUrl).as(token)
    expect((await owner.call('GET', '/v1/whoami')).status).toBe(200)
    // The only key of the organization is not left behind unasked.
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByText('Close without copying the token?').waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe(token)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await page.waitForURL(/\/organizations\/globex/)
    expect(await page.content()).not.toContain(token)
    await page.goto('/set-up')
    await page.waitForURL(/\/organizations\/globex/)
  })

  test('leads to its first protected call, step by step, and then never again', async () => {
    const steps = page.getByRole('region', { name: 'To the first protected call' })
    const next = steps.locator('[aria-current="step"]')
    const toOverview = page.getByRole('link', { name: 'Overview' })
    await steps.getByText('1 of 5 steps done').waitFor()
    await steps.getByText('No credential demanded in test and prod.').waitFor()
    expect(await lookFaults(page)).toEqual([])

    await next.getByRole('link', { name: 'Create pipeline' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('orders')
    await dialog.getByText('Answer itself').click()
    await dialog.getByRole('button', { name: 'Create pipeline' }).click()
    await page.waitForURL(/\/pipelines\/orders$/)
    await toOverview.click()
    await steps.getByText('2 of 5 steps done').waitFor()
    await next.getByRole('link', { name: 'Deploy orders in test' }).click()
    await page.getByRole('button', { name: 'Deploy 1.0 to test' }).click()
    await page.getByText('1.0 in test').first().waitFor()
    await toOverview.click()
    await steps.getByText('orders 1.0 is live in test.').waitFor()

    const developer = await overviewAs('developer')
    const step = developer.locator('[aria-current="step"]')
    await step.getByText('Owners, admins and key managers can create one.').waitFor()
    expect(await step.getByRole('link').count()).toBe(0)
    const auditor = await overviewAs('auditor')
    await auditor.getByText('As soon as a pipeline is deployed, call it with a key.').waitFor()
    await auditor.waitForLoadState('networkidle')
    expect(await auditor.evaluate('window.hasShownSteps')).toBe(false)

    await next.getByRole('link', { name: 'Create consumer with key' }).click()
    await dialog.getByLabel('Name', { exact: true }).fill('web-shop')
    await dialog.getByRole('button', { name: 'Create consumer' }).click()
    const token = await dialog.getByRole('textbox', { name: 'Token' }).inputValue()
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await page.waitForURL(/\/consumers\?consumer=/)
    await toOverview.click()
    await steps.getByText('web-shop may call orders in test.').waitFor()
    await steps.getByText('Waiting for the first call').waitFor()
    const line = (await steps.getByLabel('The first call').innerText()).replace('curl ', 'curl --silent ')
    expect(line).toContain(`${server.gatewayUrl}/globex/test/v1/orders`)

    // A key that was switched off or deleted cannot be rolled.
    const { items: made } = await owner.must('GET', '/v1/organizations/globex/keys?search=web-shop')
    const key = `/v1/organizations/globex/keys/${textAt(made, '0', 'id')}`
    await owner.must('PATCH', key, { status: 'inactive' })
    await steps.getByText('web-shop has no key that works.').waitFor()
    expect(await steps.getByText('roll the key').count()).toBe(0)
    await owner.must('PATCH', key, { status: 'active' })
    await steps.getByText('roll the key').waitFor()

    // Pasted as it is, the line is refused.
    await runPasted([line])
    await steps.getByText('1 call was refused so far.').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await runPasted([line.replace('PASTE-THE-TOKEN-HERE', token)])
    await page.getByText('The first call was allowed').waitFor()
    await steps.waitFor({ state: 'detached' })
    await page.getByText('1 allowed').first().waitFor()

    // Neither a deletion nor an environment without calls brings the list back, not even for a moment.
    const { items } = await owner.must('GET', '/v1/organizations/globex/consumers')
    await owner.must('DELETE', `/v1/organizations/globex/consumers/${textAt(items, '0', 'id')}`)
    await page.addInitScript(NOTE_STEPS)
    await page.goto('/organizations/globex?environment=prod')
    await page.getByRole('heading', { name: 'No request in this period' }).waitFor()
    await page.waitForLoadState('networkidle')
    expect(await page.evaluate('document.querySelector("h1").innerText')).toBe('Overview')
    expect(await page.evaluate('window.hasShownSteps')).toBe(false)
  })
})
