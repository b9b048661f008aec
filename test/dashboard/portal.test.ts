import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'
import { type Dashboard, lookFaults, openDashboard, signIn } from '../support/dashboard.ts'

/*
 * The page behind a portal link, in a real browser: the owner makes links in one context, a consumer's people use them in
 * another one, without an account.
 */

const ACME = '/v1/organizations/acme'
const OPEN = 'POST /v1/portal/open'
const SCOPES = ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read']
const RETURN_URL = 'https://shop.example.com/account'

/** What a browser keeps for a page: its stores, its history, and what programs may read of its cookies. */
const KEPT = `JSON.stringify([
  { ...localStorage }, { ...sessionStorage }, history.state, document.cookie, navigation.entries().map(({ url }) => url)
])`

let dashboard: Dashboard
/** The tab of the consumer's people. */
let page: Page
let requests: string[] = []

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
  await publishPipeline(dashboard.acme, 'orders')
  await publishPipeline(dashboard.acme, 'invoices')
  page = await (await dashboard.newContext()).newPage()
  page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`))
})

beforeEach(() => {
  requests = []
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

interface Shop {
  readonly id: string
  readonly name: string
}

let shops = 0

/** A consumer that may call `orders`, with one key. */
async function newShop(): Promise<Shop> {
  shops += 1
  const name = `shop-${shops}`
  const consumer = { name, environment: 'prod', pipelines: ['orders'] }
  const made = await dashboard.acme.must('POST', `${ACME}/consumers`, consumer)
  return { id: textAt(made, 'consumer', 'id'), name }
}

async function linkTo(
  shop: Shop,
  more: object = {},
): Promise<{ readonly link: string; readonly id: string }> {
  const path = `${ACME}/consumers/${shop.id}/portal-sessions`
  const made = await dashboard.acme.must('POST', path, { scopes: SCOPES, ...more })
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

async function showsHeading(name: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
}

/** Opens the details of a key. */
async function openKey(name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).click()
  await page.getByRole('complementary', { name }).waitFor()
}

/** Copies the token that is shown once, closes its dialog, and checks that the page has it no more. */
async function takeToken(): Promise<string> {
  const shown = page.getByRole('textbox', { name: 'Token' })
  const token = await shown.inputValue()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await shown.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(token)
  return token
}

async function createKey(name: string): Promise<void> {
  await page.getByRole('button', { name: 'Create key' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByRole('button', { name: 'Create key' }).click()
}

async function roll(): Promise<string> {
  await page.getByRole('button', { name: 'Roll…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Roll key' }).click()
  return await takeToken()
}

async function statusWith(token: string): Promise<number> {
  const headers = { 'x-api-key': token }
  return (await fetch(`${dashboard.server.gatewayUrl}/acme/prod/orders`, { headers })).status
}

/** What a program prints whose text comes from the page. */
async function printed(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (await text(child.stdout)).trim()
}

describe('the portal', () => {
  test('shows how much the plan of the consumer lets it call', async () => {
    const shop = await newShop()
    const { acme } = dashboard
    const rateLimits = [
      { requests: 1_000_000, per: 'month' },
      { requests: 50, per: 'second', scope: 'pipeline' },
    ]
    const gold = { name: 'gold', title: 'Gold', rateLimits }
    await acme.must('POST', `${ACME}/environments/prod/plans`, gold)
    await acme.must('PATCH', `${ACME}/consumers/${shop.id}`, { plan: 'gold' })
    await open((await linkTo(shop)).link)
    const plan = page.getByRole('region', { name: 'Plan Gold' })
    await plan.getByText('1,000,000 requests per month in all').waitFor()
    await plan.getByText('50 requests per second to each API').waitFor()
    expect(await lookFaults(page)).toEqual([])
  })

  test('takes its people from the link of the owner through the life of a key', async () => {
    const shop = await newShop()
    const owner = dashboard.page
    await dashboard.open(`consumers?consumer=${shop.id}`)
    await owner.getByRole('button', { name: 'Make a link…' }).click()
    for (const choice of ['Roll a key', 'Create keys', 'Revoke a key', 'See how much was called'])
      await owner.getByRole('checkbox', { name: choice }).check()
    await owner.getByLabel('Address to go back to').fill(RETURN_URL)
    await owner.getByRole('button', { name: 'Make link' }).click()
    const link = await owner.getByRole('textbox', { name: 'Portal link' }).inputValue()
    const secret = link.slice(link.indexOf('#') + 1)

    await visit(link)
    await showsHeading('Your API keys')
    // Neither the address nor what the browser keeps has the secret, and nothing was asked.
    expect(page.url()).toBe(`${dashboard.server.controlUrl}/portal`)
    expect(requests.filter((request) => request.includes('/v1/'))).toEqual([])
    expect(await page.evaluate(KEPT)).not.toContain(secret)
    await page.getByRole('button', { name: 'Open the portal' }).click()
    await showsHeading(`API keys of ${shop.name}`)
    await page.getByText(/^The portal is open until \d\d:\d\d$/).waitFor()
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([OPEN])
    expect(page.url()).toBe(`${dashboard.server.controlUrl}/portal`)
    expect(await page.getByRole('link', { name: 'Go back' }).getAttribute('href')).toBe(RETURN_URL)
    await page.getByText('Acme', { exact: true }).waitFor()
    const mark = page.locator('header [data-color]')
    expect(await mark.count()).toBe(0)
    await dashboard.acme.must('PATCH', ACME, { color: 'pink' })
    await page.reload()
    expect(await mark.getAttribute('data-color')).toBe('pink')

    // A name is only ever text.
    const name = '<img src=x onerror=alert(1)> web'
    await createKey(name)
    await page.getByText('Waiting for the first call').waitFor()
    const lines = await page.getByLabel('Try it from a shell').innerText()
    expect(await printed('bash', ['-c', `${lines} --silent`], {})).toBe('"ok"')
    await page.getByText(/^First called/).waitFor()
    const token = await takeToken()
    expect(lines).toContain(token)
    expect(textAt(await dashboard.acme.as(token).must('GET', '/v1/whoami'), 'key', 'name')).toBe(name)

    await openKey(name)
    const rolled = await roll()
    const panel = page.getByRole('complementary')
    await panel.getByText('The old secret is still in use').waitFor()
    expect([await statusWith(token), await statusWith(rolled)]).toEqual([200, 200])
    // Both secrets side by side, each with its use.
    await expect.poll(() => panel.getByText('1 request', { exact: true }).count()).toBe(1)
    await panel.getByText('2 requests', { exact: true }).waitFor()
    await panel.getByRole('img', { name: /^Requests every .* with the old and the new secret$/ }).waitFor()
    await panel.getByRole('button', { name: 'Undo roll…' }).click()
    await page.getByRole('button', { name: 'End the new secret' }).click()
    await page.getByText(/The new secret of .* has ended; the old one works on$/).waitFor()
    expect([await statusWith(token), await statusWith(rolled)]).toEqual([200, 401])

    const again = await roll()
    await panel.getByRole('button', { name: 'Finish anyway…' }).click()
    await page.getByRole('button', { name: 'End the old secret' }).click()
    await page.getByText(/The old secret of .* has ended$/).waitFor()
    expect([await statusWith(token), await statusWith(again)]).toEqual([401, 200])

    await panel.getByRole('button', { name: 'Revoke…' }).click()
    const dialog = page.getByRole('dialog')
    const revoke = dialog.getByRole('button', { name: 'Revoke key' })
    expect(await revoke.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
    await revoke.click()
    await dialog.getByText(/^Refused on 1 of 1 gateway after \d+ ms$/).waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('link', { name, exact: true }).waitFor({ state: 'detached' })
    expect(await statusWith(again)).toBe(401)

    // A reload goes on with the session of the cookie. What is kept when a page is left does not have the secret either.
    await page.reload()
    await showsHeading(`API keys of ${shop.name}`)
    expect(await page.evaluate(KEPT)).not.toContain(secret)
    // The link that was used up in this browser leads to the session that it opened.
    await open(link)
    await showsHeading('This link was opened already')
    await page.getByRole('button', { name: 'Go on with the open session' }).click()
    await showsHeading(`API keys of ${shop.name}`)
    await page.getByRole('button', { name: 'End session' }).click()
    await showsHeading('The session has ended')
    await page.reload()
    await showsHeading('No session is open')
    await open(link)
    await showsHeading('This link was opened already')
    await page.getByText(/^It was opened on \d+ \w+ \d{4}, \d\d:\d\d:\d\d\sUTC/).waitFor()
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await lookFaults(page)).toEqual([])
    expect(dashboard.faults).toEqual([])
  })

  test('says how to call what the consumer may call, and how much it did', async () => {
    const shop = await newShop()
    const made = await dashboard.acme.must('POST', `${ACME}/keys`, {
      name: 'caller',
      type: 'secret',
      consumer: shop.id,
    })
    const env = { API_KEY: textAt(made, 'token') }
    await open((await linkTo(shop)).link)
    const lines = (language: string) => page.getByLabel(`A call with ${language}`).innerText()
    const choose = async (language: string): Promise<void> =>
      await page.getByRole('radiogroup', { name: 'Language' }).getByText(language).click()
    expect(await printed('bash', ['-c', `${await lines('curl')} --silent`], env)).toBe('"ok"')
    await choose('JavaScript')
    const script = await lines('JavaScript')
    expect(await printed(process.execPath, ['--input-type=module', '-e', script], env)).toBe('200 "ok"')
    await choose('Python')
    expect(await lines('Python')).toContain(`"${dashboard.server.gatewayUrl}/acme/prod/orders",`)
    await page.getByText('Set API_KEY in the environment of your program').waitFor()
    expect(page.url()).toContain('language=python')
    // What it may not call is not offered.
    await page.locator('input').and(page.getByLabel('What to call')).click()
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['orders/1.0'])
    await page.keyboard.press('Escape')

    await page.getByRole('img', { name: /^Requests each hour\. At most 2 allowed and 0 refused/ }).waitFor()
    await page.getByRole('radiogroup', { name: 'Period' }).getByText('30 days').click()
    await page.getByRole('img', { name: /^Requests each day\. At most 2 allowed and 0 refused/ }).waitFor()

    await dashboard.acme.must('PATCH', `${ACME}/consumers/${shop.id}`, { pipelines: [] })
    await page.reload()
    await page.getByRole('heading', { name: 'Nothing can be called yet' }).waitFor()
  })

  test('shows a new token until it is copied, and makes one key however often the button is pressed', async () => {
    const shop = await newShop()
    const [first, other] = [await linkTo(shop), await linkTo(shop)]
    await open(first.link)
    await page.getByRole('button', { name: 'Create key' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('web')
    requests = []
    // Both presses come before the answer of the first one.
    await page.evaluate(
      "const form = document.querySelector('form'); form.requestSubmit(); form.requestSubmit()",
    )
    const token = page.getByRole('textbox', { name: 'Token' })
    const shown = await token.inputValue()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await dialog.getByText('Close without copying the token?').waitFor()
    await page.keyboard.press('Escape')
    await dialog.getByText('Close without copying the token?').waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await dialog.getByText('Close without copying the token?').waitFor()
    await page.keyboard.press('Escape')
    expect(requests.filter((request) => !request.startsWith('GET'))).toEqual(['POST /v1/portal/keys'])
    // Neither another link nor the end of the session takes it away.
    await page.goto(other.link)
    await page.getByText('Your API keys', { exact: true }).waitFor()
    expect(page.url()).toBe(`${dashboard.server.controlUrl}/portal`)
    expect(await token.inputValue()).toBe(shown)
    expect(await takeToken()).toBe(shown)
    await page.getByRole('button', { name: 'Open the portal' }).click()
    await createKey('later')
    const later = await token.inputValue()
    await dashboard.acme.must('DELETE', `${ACME}/portal-sessions/${other.id}`)
    await page.getByText('The session has ended', { exact: true }).waitFor()
    expect(await takeToken()).toBe(later)
    expect(await statusWith(later)).toBe(200)
  })

  test.each([
    ['keys.read', 'see the keys', { links: 0, buttons: ['Create key', 'End session'] }],
    ['keys.create', 'create keys', { links: 1, buttons: ['End session', 'Roll…', 'Revoke…'] }],
    ['keys.roll', 'roll keys', { links: 1, buttons: ['Create key', 'End session', 'Revoke…'] }],
    ['keys.delete', 'revoke keys', { links: 1, buttons: ['Create key', 'End session', 'Roll…'] }],
    [
      'usage.read',
      'see how much was called',
      { links: 1, buttons: ['Create key', 'End session', 'Roll…', 'Revoke…'] },
    ],
  ] as const)('without %s offers nothing that needs it', async (missing, words, { links, buttons }) => {
    const shop = await newShop()
    const scopes = SCOPES.filter((scope) => scope !== missing)
    await open((await linkTo(shop, { scopes })).link)
    await page.getByText(`This session does not let you ${words}.`).waitFor()
    const keys = page.getByRole('table', { name: 'Keys' }).getByRole('link')
    await expect.poll(() => keys.count()).toBe(links)
    const main = page.getByRole('main')
    expect(await main.getByRole('heading', { name: 'Usage' }).count()).toBe(missing === 'usage.read' ? 0 : 1)
    expect(await main.getByText('This session does not show the keys').count()).toBe(1 - links)
    for (const key of await keys.all()) await key.click()
    await expect
      .poll(async () => (await page.getByRole('button').allInnerTexts()).toSorted())
      .toEqual(expect.arrayContaining([...buttons].toSorted()))
    const all = await page.getByRole('button').allInnerTexts()
    const offered = ['Create key', 'Roll…', 'Revoke…', 'End session'].filter((name) => all.includes(name))
    expect(offered.toSorted()).toEqual([...buttons].toSorted())
    // The others look like the portal with all scopes.
    expect(missing === 'keys.read' ? await lookFaults(page) : []).toEqual([])
  })

  test('does nothing when a question is answered with Cancel', async () => {
    const shop = await newShop()
    await open((await linkTo(shop)).link)
    await openKey(shop.name)
    await page.getByRole('button', { name: 'Revoke…' }).click()
    requests = []
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(requests.filter((request) => !request.startsWith('GET'))).toEqual([])
  })

  test('says so when it is ended from outside, or the connection is lost', async () => {
    const shop = await newShop()
    const { link, id } = await linkTo(shop)
    await open(link)
    await openKey(shop.name)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Revoke…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel(`Type ${shop.name} to confirm`).fill(shop.name)
    await dialog.getByRole('button', { name: 'Revoke key' }).click()
    await dialog.getByText('The server cannot be reached').waitFor()
    await page.getByText(/^The connection was lost at/).waitFor()
    await page.context().setOffline(false)
    await page.getByText(/^The connection was lost at/).waitFor({ state: 'detached' })
    await dashboard.acme.must('DELETE', `${ACME}/portal-sessions/${id}`)
    // Unless the page has heard of it by itself before.
    await Promise.any([
      dialog.getByRole('button', { name: 'Revoke key' }).click(),
      showsHeading('The session has ended'),
    ])
    await showsHeading('The session has ended')
    await page.getByText('Ask the people who sent you the link for a new one.').waitFor()
    expect(await page.content()).not.toContain(shop.name)
    expect(await lookFaults(page)).toEqual([])
  })

  test('says why a link does not open', async () => {
    const shop = await newShop()
    const [withdrawn, off] = [await linkTo(shop), await linkTo(shop)]
    await dashboard.acme.must('DELETE', `${ACME}/portal-sessions/${withdrawn.id}`)
    await open(withdrawn.link)
    await showsHeading('This link was withdrawn')
    await page.getByText(/^It ended on \d+ \w+ \d{4}/).waitFor()
    await visit(off.link.slice(0, -1))
    await showsHeading('This link does not work')
    expect(requests.filter((request) => request.includes('/v1/'))).toEqual([])
    const last = off.link.endsWith('0') ? '1' : '0'
    // Pasted into the same tab, which loads nothing.
    await page.goto(`${off.link.slice(0, -1)}${last}`)
    await page.getByRole('button', { name: 'Open the portal' }).click()
    await showsHeading('This link does not work')
    await dashboard.acme.must('PATCH', `${ACME}/consumers/${shop.id}`, { status: 'inactive' })
    await open(off.link)
    await showsHeading('Your access is switched off')
    expect(await lookFaults(page)).toEqual([])
    await dashboard.acme.must('PATCH', `${ACME}/consumers/${shop.id}`, { status: 'active' })
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Try again' }).click()
    await showsHeading('The server did not answer')
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await showsHeading(`API keys of ${shop.name}`)
    // The consumer is switched off while its people look.
    await dashboard.acme.must('PATCH', `${ACME}/consumers/${shop.id}`, { status: 'inactive' })
    await page.reload()
    await showsHeading('No session is open')
    await page.getByText(/The consumer of this portal session is switched off/).waitFor()
  })

  test('leaves a person who is signed in as they are', async () => {
    const shop = await newShop()
    const { link, id } = await linkTo(shop)
    const tab = await dashboard.context.newPage()
    await tab.goto(link)
    await tab.getByRole('button', { name: 'Open the portal' }).click()
    await tab.getByRole('heading', { level: 1, name: `API keys of ${shop.name}` }).waitFor()
    await dashboard.acme.must('DELETE', `${ACME}/portal-sessions/${id}`)
    await tab.reload()
    await tab.getByRole('heading', { level: 1, name: 'No session is open' }).waitFor()
    await dashboard.open('keys', tab)
    await tab.getByRole('heading', { level: 1, name: 'API keys' }).waitFor()
    await tab.close()
  })

  test('without JavaScript leaves the link unopened', async () => {
    const shop = await newShop()
    const { link } = await linkTo(shop)
    const plain = await dashboard.context.browser()?.newPage({ javaScriptEnabled: false })
    await plain?.goto(link)
    expect(await plain?.getByRole('main').innerText()).toContain('turn JavaScript on and reload the page')
    expect(await plain?.getByRole('button').count()).toBe(0)
    await plain?.close()
    await open(link)
    await showsHeading(`API keys of ${shop.name}`)
  })

  test('says where it does not work, and that too many links were tried', async () => {
    const shop = await newShop()
    const bound = await dashboard.acme.must('POST', `${ACME}/keys`, {
      name: 'elsewhere',
      type: 'secret',
      roles: ['owner'],
    })
    const issuer = dashboard.acme.as(textAt(bound, 'token'))
    const made = await issuer.must('POST', `${ACME}/consumers/${shop.id}/portal-sessions`, { scopes: SCOPES })
    const rules = { addressRules: ['203.0.113.0/24'] }
    await dashboard.acme.must('PATCH', `${ACME}/keys/${textAt(bound, 'key', 'id')}`, rules)
    await open(textAt(made, 'link'))
    await showsHeading('The portal does not work from your network')
    for (let attempt = 0; attempt < 30; attempt += 1)
      await dashboard.acme.call('POST', '/v1/portal/open', { secret: 'a'.repeat(32) })
    await page.getByRole('button', { name: 'Try again' }).click()
    await showsHeading('Too many attempts')
  })

  test('has no error of its own', () => {
    const own = dashboard.faults.filter((fault) => !fault.includes('ERR_INTERNET_DISCONNECTED'))
    expect(own).toEqual([])
  })
})
