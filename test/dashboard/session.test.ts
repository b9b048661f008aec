import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser } from '../support/browser.ts'
import {
  accessibilityFaults,
  type Dashboard,
  OWNER_EMAIL,
  openDashboard,
  PASSWORD,
  signIn,
} from '../support/dashboard.ts'
import { startServerProcess, temporaryFolder } from '../support/server-process.ts'

/*
 * How people come in and out: set-up, sign-in, the end of a session, a connection that is lost, and what a first visit loads.
 */

/** The most JavaScript that the first page loads, compressed, in bytes. */
const FIRST_LOAD_BYTES_MAX = 220 * 1024

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

test('a new server is set up on its first page, and its owner is signed in', async () => {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await temporaryFolder())
  const server = stack.use(await startServerProcess({ SALLYPORT_DATA: path }))
  const browser = stack.adopt(await startBrowser(), async (started) => await started.close())
  const page = await browser.newPage()
  await page.goto(server.controlUrl)
  await page.getByRole('heading', { name: 'Set up Sallyport' }).waitFor()
  expect(await accessibilityFaults(page)).toEqual([])
  await page.getByLabel('Set-up token').fill('wrong')
  await page.getByLabel('Name', { exact: true }).fill('Globex')
  await page.getByLabel('Short name').fill('globex')
  await page.getByLabel('Your name').fill('Homer')
  await page.getByLabel('E-mail address').fill('homer@example.com')
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  const submit = page.getByRole('button', { name: 'Create the organization' })
  await submit.click()
  await page.getByRole('alert').getByText('The set-up token is wrong.').waitFor()
  await page.getByLabel('Set-up token').fill(server.setupToken)
  await submit.click()
  await page.getByRole('heading', { name: 'Globex is ready' }).waitFor()
  const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
  const whoami = await fetch(`${server.controlUrl}/v1/whoami`, {
    headers: { authorization: `Bearer ${token}` },
  })
  expect(whoami.status).toBe(200)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.waitForURL(/\/organizations\/globex/)
  expect(await page.content()).not.toContain(token)
  await page.goto(`${server.controlUrl}/set-up`)
  await page.waitForURL(/\/organizations\/globex/)
})
