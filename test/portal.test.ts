import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { startBrowser } from './support/browser.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/*
 * The page of portal links, in a real browser.
 */

const ACME = '/v1/organizations/acme'
const OPEN = 'POST /v1/portal/open'
const SCOPES = ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read']

const resources = new AsyncDisposableStack()
let server: ServerProcess
let acme: ApiClient
let browser: Browser
let page: Page
let requests: string[] = []
const faults: string[] = []

beforeAll(async () => {
  const { path } = resources.use(await temporaryFolder())
  server = resources.use(await startServerProcess({ SALLYPORT_DATA: path }))
  acme = await setUpAcme(server)
  browser = resources.adopt(await startBrowser(), async (started) => await started.close())
  page = await (await browser.newContext()).newPage()
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`))
  page.on('pageerror', ({ message }) => faults.push(message))
  page.on('console', (message) => {
    const isExpected = /^(?:Failed to load resource|The Cross-Origin-Opener-Policy header has been ignored)/
    if (message.type() === 'error' && !isExpected.test(message.text())) faults.push(message.text())
  })
})

afterAll(async () => {
  await resources.disposeAsync()
})

let consumers = 0

async function newConsumer(): Promise<string> {
  consumers += 1
  const made = await acme.must('POST', `${ACME}/consumers`, {
    name: `shop-${consumers}`,
    environment: 'prod',
  })
  return textAt(made, 'consumer', 'id')
}

async function linkTo(consumer: string, more: object = {}): Promise<{ link: string; id: string }> {
  const body = { scopes: SCOPES, ...more }
  const made = await acme.must('POST', `${ACME}/consumers/${consumer}/portal-sessions`, body)
  return { link: textAt(made, 'link'), id: textAt(made, 'id') }
}

async function visit(link: string): Promise<void> {
  // Another fragment of the same page would not load the page.
  await page.goto('about:blank')
  requests = []
  await page.goto(link)
}

async function open(link: string): Promise<void> {
  await visit(link)
  await page.getByRole('button', { name: 'Open the portal' }).click()
}

async function showsHeading(text: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name: text }).waitFor()
}

/** Presses a button of a key, and confirms it. */
async function press(name: string | RegExp, confirmation: string): Promise<void> {
  // Without `exact`, "Roll: …" is found in "Finish the roll: …", which the page shows until it has read the keys anew.
  await page.getByRole('button', { name, exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: confirmation }).click()
}

async function said(text: RegExp): Promise<void> {
  await page.getByRole('status').filter({ hasText: text }).waitFor()
}

describe('the portal', () => {
  test('opens after a click and not before, and takes a key through its life', async () => {
    const consumer = await newConsumer()
    const { link } = await linkTo(consumer, { returnUrl: 'https://shop.example.com/account' })
    await visit(link)
    await showsHeading('Your API keys')
    expect(requests.filter((request) => request.includes('/v1/'))).toEqual([])
    await page.getByRole('button', { name: 'Open the portal' }).click()
    await showsHeading('API keys of shop-1')
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([OPEN])
    expect(page.url()).toBe(`${server.controlUrl}/portal`)
    expect(await page.getByRole('link', { name: 'Go back' }).getAttribute('href')).toBe(
      'https://shop.example.com/account',
    )

    // A name is only ever text.
    const name = '<img src=x onerror=alert(1)> web'
    await page.getByLabel('Name, such as').fill(name)
    await page.getByRole('button', { name: 'Create the key' }).click()
    const token = page.getByRole('textbox', { name: 'The token' })
    await token.waitFor()
    const shown = await token.innerText()
    const whoami = await acme.as(shown).must('GET', '/v1/whoami')
    expect(textAt(whoami, 'key', 'name')).toBe(name)
    await page.getByRole('button', { name: 'I have stored it' }).click()
    expect(await page.content()).not.toContain(shown)

    await press(`Roll: ${name}`, 'Roll the key')
    await said(/has a new token/)
    await page.getByRole('button', { name: 'I have stored it' }).click()
    await press(`Undo the roll: ${name}`, 'End the new token')
    await said(/new token .* has ended/)
    await press(`Roll: ${name}`, 'Roll the key')
    await said(/has a new token/)
    await page.getByRole('button', { name: 'I have stored it' }).click()
    await press(`Finish the roll: ${name}`, 'End the old token')
    await said(/old token .* has ended/)
    await press(`Revoke: ${name}`, 'Revoke the key')
    await said(/was revoked/)
    await page.getByRole('heading', { level: 2, name }).waitFor({ state: 'detached' })

    // A reload goes on with the session of the cookie.
    await page.reload()
    await showsHeading('API keys of shop-1')
    await page.getByRole('button', { name: 'End this session' }).click()
    await showsHeading('The session has ended')
    await page.reload()
    await showsHeading('The session has ended')
    await open(link)
    await showsHeading('This link was opened already')
  })

  test('shows a new token until it is stored, and makes one key however often the button is pressed', async () => {
    const consumer = await newConsumer()
    await open((await linkTo(consumer)).link)
    await page.getByLabel('Name, such as').fill('web')
    requests = []
    // Both presses come before the answer of the first one.
    await page.evaluate(
      "const form = document.getElementById('create'); form.requestSubmit(); form.requestSubmit()",
    )
    const token = page.getByRole('textbox', { name: 'The token' })
    await token.waitFor()
    const shown = await token.innerText()
    await page.getByRole('button', { name: 'Revoke: web' }).waitFor()
    await page.getByLabel('Name, such as').fill('other')
    for (const name of [/^Roll: web/, /^Revoke: web/, 'Create the key', 'End this session']) {
      await page.getByRole('button', { name }).click()
      await said(/Store the new token first/)
    }
    expect(requests.filter((request) => !request.startsWith('GET'))).toEqual(['POST /v1/portal/keys'])
    expect(await token.innerText()).toBe(shown)
    await page.getByRole('button', { name: 'I have stored it' }).click()
    await page.getByRole('button', { name: 'End this session' }).click()
    await showsHeading('The session has ended')
  })

  test('offers nothing that the session does not allow', async () => {
    const { link } = await linkTo(await newConsumer(), { scopes: ['keys.read'] })
    await open(link)
    await showsHeading(/API keys of/)
    await page.getByRole('list', { name: 'Keys' }).getByRole('listitem').waitFor()
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['End this session'])
  })

  test('does nothing when a question is answered with Cancel', async () => {
    const { link } = await linkTo(await newConsumer())
    await open(link)
    await page.getByRole('button', { name: /^Revoke/ }).click()
    requests = []
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    expect(requests).toEqual([])
  })

  test('says so when it is ended from outside', async () => {
    const { link, id } = await linkTo(await newConsumer())
    await open(link)
    await page.getByRole('button', { name: /^Revoke/ }).waitFor()
    await acme.must('DELETE', `${ACME}/portal-sessions/${id}`)
    await press(/^Revoke: /, 'Revoke the key')
    await showsHeading('The session has ended')
  })

  test('says why a link does not open', async () => {
    const consumer = await newConsumer()
    const [withdrawn, off] = [await linkTo(consumer), await linkTo(consumer)]
    await acme.must('DELETE', `${ACME}/portal-sessions/${withdrawn.id}`)
    await open(withdrawn.link)
    await showsHeading('This link was withdrawn')
    await visit(off.link.slice(0, -1))
    await showsHeading('This link does not work')
    await acme.must('PATCH', `${ACME}/consumers/${consumer}`, { status: 'inactive' })
    await open(off.link)
    await showsHeading('Your access is switched off')
    await acme.must('PATCH', `${ACME}/consumers/${consumer}`, { status: 'active' })
    await page.getByRole('button', { name: 'Try again' }).click()
    await showsHeading(/API keys of/)
  })

  test('without JavaScript leaves the link unopened', async () => {
    const { link } = await linkTo(await newConsumer())
    const plain = await browser.newPage({ javaScriptEnabled: false })
    await plain.goto(link)
    expect(await plain.getByRole('main').innerText()).toContain('turn JavaScript on and reload the page')
    expect(await plain.getByRole('button').count()).toBe(0)
    await plain.close()
    await open(link)
    await showsHeading(/API keys of/)
  })

  test('fits a narrow screen, in light and dark', async () => {
    const { link } = await linkTo(await newConsumer())
    await page.setViewportSize({ width: 360, height: 740 })
    await open(link)
    await page.getByRole('button', { name: /^Revoke/ }).waitFor()
    const backgrounds = new Set<unknown>()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      backgrounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
    }
    expect(backgrounds.size).toBe(2)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  test('has no error of its own', () => {
    expect(faults).toEqual([])
  })
})
