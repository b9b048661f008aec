import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { PLAIN_HOST, startBrowser } from './support/browser.ts'
import { openingOf, secretOf, tokenIn } from './support/hand-over-link.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/*
 * Hand-over links: what a real browser shows for each of them, and what of their tokens can be found anywhere.
 */

const ACME = '/v1/organizations/acme'
const OPEN = '/v1/hand-overs/open'

const resources = new AsyncDisposableStack()
let folder = ''
let server: ServerProcess
let acme: ApiClient

beforeAll(async () => {
  folder = resources.use(await temporaryFolder()).path
  server = resources.use(
    await startServerProcess({ SALLYPORT_DATA: folder, SALLYPORT_CONTROL_HOSTS: PLAIN_HOST }),
  )
  acme = await setUpAcme(server)
})

afterAll(async () => {
  await resources.disposeAsync()
})

interface Handed {
  readonly key: string
  readonly id: string
  readonly link: string
}

async function create(): Promise<Handed> {
  const key = { name: 'Courier', type: 'secret', environment: 'prod', handOver: { expiresInHours: 24 } }
  const made = await acme.must('POST', `${ACME}/keys`, key)
  const { handOver } = made
  return { key: textAt(made, 'key', 'id'), id: textAt(handOver, 'id'), link: textAt(handOver, 'link') }
}

/** The encrypted token of a hand-over in the database. */
function sealedOf(id: string): string {
  using database = new DatabaseSync(join(folder, 'sallyport.db'), { readOnly: true })
  const row = database.prepare('select sealed from hand_overs where id = ?').get(id)
  return textAt(row, 'sealed')
}

/** The files of the database. */
async function databaseFiles(): Promise<Buffer> {
  const names = (await readdir(folder)).filter((name) => name.startsWith('sallyport.db'))
  return Buffer.concat(await Promise.all(names.map(async (name) => await readFile(join(folder, name)))))
}

/** What the server says to its operator and to the owner of the organization. */
async function saidByServer(): Promise<Buffer> {
  const audit = await acme.must('GET', `${ACME}/audit-events?limit=200`)
  const list = await acme.must('GET', `${ACME}/hand-overs`)
  const metrics = await fetch(`${server.controlUrl}/metrics`)
  const { stdout, stderr } = server.output
  return Buffer.from([JSON.stringify([audit, list]), await metrics.text(), stdout, stderr].join('\n'))
}

/** A text as it could stand in a file: raw, in URLs, and within Base64 that begins at any byte. */
function formsOf(text: string): string[] {
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.from(`${' '.repeat(before)}${text}`)
    // Without the characters at the ends, which depend on the neighbours.
    return [encoded.toString('base64'), encoded.toString('base64url')].map((each) => each.slice(4, -4))
  })
  return [text, encodeURIComponent(text), Buffer.from(text).toString('hex'), ...inBase64]
}

/** The token of the first link, what opens it, and what the database had of it while it was pending. */
const known = { secrets: [''], sealed: '' }

function requireNothingOf(secrets: readonly string[], places: readonly Buffer[]): void {
  for (const [index, place] of places.entries()) {
    for (const form of secrets.flatMap(formsOf)) {
      expect([index, form, place.includes(form)]).toEqual([index, form, false])
    }
  }
}

test('neither the database, the logs nor the audit log reveal a token or what opens its link', async () => {
  const key = { name: 'Courier', type: 'secret', handOver: { expiresInHours: 24 } }
  const made = await acme.call('POST', `${ACME}/keys`, key, { 'idempotency-key': 'once' })
  const [id, link] = [textAt(made.body, 'handOver', 'id'), textAt(made.body, 'handOver', 'link')]
  const before = [await databaseFiles(), await saidByServer()]
  known.sealed = sealedOf(id)
  expect(before[0]?.includes(known.sealed)).toBe(true)
  const opening = await openingOf(link)
  const answers = await Promise.all(
    Array.from({ length: 6 }, async () => await acme.call('POST', OPEN, opening)),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array<number>(5).fill(410)])
  const token = await tokenIn(answers.find(({ status }) => status === 200)?.body, link)
  known.secrets = [token, secretOf(link), opening.proof]
  requireNothingOf(known.secrets, [...before, await databaseFiles(), await saidByServer()])
})

describe('in a browser', () => {
  const pages = new AsyncDisposableStack()
  let browser: Browser
  let page: Page
  /** What the page asked the server for since the last visit. */
  let requests: string[] = []
  const faults: string[] = []

  beforeAll(async () => {
    browser = pages.adopt(await startBrowser(), async (started) => await started.close())
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    page = await context.newPage()
    page.on('request', (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`))
    page.on('pageerror', ({ message }) => faults.push(message))
    page.on('console', (message) => {
      // A refusal, and a header that browsers ignore where the connection is not secure.
      const isExpected = /^(?:Failed to load resource|The Cross-Origin-Opener-Policy header has been ignored)/
      if (message.type() === 'error' && !isExpected.test(message.text())) faults.push(message.text())
    })
  })

  afterAll(async () => {
    await pages.disposeAsync()
  })

  /** Opens a link in the tab, as from a message. */
  async function visit(link: string): Promise<void> {
    // Another fragment of the same page would not load the page.
    await page.goto('about:blank')
    requests = []
    await page.goto(link)
  }

  /** Presses the button of a link. @returns what the page then has as its heading */
  async function show(link: string): Promise<string> {
    await visit(link)
    await page.getByRole('button', { name: 'Show the key' }).click()
    return await headingAfter('A key is waiting for you')
  }

  async function heading(): Promise<string> {
    return await page.getByRole('heading', { level: 1 }).innerText()
  }

  async function headingAfter(earlier: string): Promise<string> {
    await expect.poll(heading, { timeout: 20_000, interval: 20 }).not.toBe(earlier)
    return await heading()
  }

  test('the key is shown after a click and not before, and can be copied', async () => {
    const { link, id, key } = await create()
    await visit(link)
    expect(await heading()).toBe('A key is waiting for you')
    expect(requests.toSorted()).toEqual([
      'GET /hand-over',
      'GET /hand-over/hand-over.css',
      'GET /hand-over/hand-over.js',
      'GET /hand-over/link.js',
      'GET /hand-over/page.js',
    ])
    await page.getByRole('button', { name: 'Show the key' }).click()
    expect(await headingAfter('A key is waiting for you')).toBe('Your key')
    expect(requests.filter((request) => request.startsWith('POST'))).toEqual([`POST ${OPEN}`])
    const token = await page.getByRole('textbox', { name: 'The key' }).innerText()
    const whoami = await acme.as(token).must('GET', '/v1/whoami')
    expect(textAt(whoami, 'key', 'id')).toBe(key)
    expect(await page.locator('dl').innerText()).toMatch(/Courier[^]*Acme[^]*prod[^]*never/)
    // Screen readers go on from the new heading.
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Your key')
    expect(page.url()).not.toContain(id)
    await page.getByRole('button', { name: 'Copy the key' }).click()
    await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token)
    expect(await show(link)).toBe('This link was opened already')
    expect(await page.locator('#opened time').getAttribute('datetime')).toMatch(/^\d{4}-.*Z$/)
  })

  test('a link that is wrong, cut or empty says so and stays unopened', async () => {
    const { link } = await create()
    const last = link.endsWith('0') ? '1' : '0'
    expect(await show(`${link.slice(0, -1)}${last}`)).toBe('This link is not complete')
    for (const cut of [link.slice(0, -1), link.slice(0, link.indexOf('#'))]) {
      await visit(cut)
      expect(await heading()).toBe('This link is not complete')
      expect(requests.filter((request) => request.startsWith('POST'))).toEqual([])
    }
    // The whole link, pasted into the same tab.
    await page.goto(link)
    expect(await headingAfter('This link is not complete')).toBe('A key is waiting for you')
    await page.getByRole('button', { name: 'Show the key' }).click()
    expect(await headingAfter('A key is waiting for you')).toBe('Your key')
    // The key was not copied, so nothing may hide it.
    await page.goto(`${link}x`)
    expect(await heading()).toBe('Your key')
  })

  test('a link that has expired, was withdrawn or waits for its key says so', async () => {
    const [late, withdrawn, off] = [await create(), await create(), await create()]
    using database = new DatabaseSync(join(folder, 'sallyport.db'), { timeout: 5000 })
    database.prepare('update hand_overs set expires_at = 1 where id = ?').run(late.id)
    expect(await show(late.link)).toBe('This link has expired')
    await acme.must('DELETE', `${ACME}/hand-overs/${withdrawn.id}`)
    expect(await show(withdrawn.link)).toBe('This link was withdrawn')
    await acme.must('PATCH', `${ACME}/keys/${off.key}`, { status: 'inactive' })
    expect(await show(off.link)).toBe('The key is switched off')
    await acme.must('PATCH', `${ACME}/keys/${off.key}`, { status: 'active' })
    await page.getByRole('button', { name: 'Try again' }).click()
    expect(await headingAfter('The key is switched off')).toBe('Your key')
  })

  test('without a server, a secure connection or JavaScript, the link stays unopened', async () => {
    const { link } = await create()
    await visit(link)
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Show the key' }).click()
    expect(await headingAfter('A key is waiting for you')).toBe('The server did not answer')
    await page.context().setOffline(false)
    await visit(link.replace('127.0.0.1', PLAIN_HOST))
    expect(await heading()).toBe('The connection is not secure')
    const plain = await browser.newPage({ javaScriptEnabled: false })
    await plain.goto(link)
    expect(await plain.getByRole('main').innerText()).toContain('turn JavaScript on and reload the page')
    expect(await plain.getByRole('button').count()).toBe(0)
    await plain.close()
    expect(await show(link)).toBe('Your key')
  })

  test('fits a narrow screen, in light and dark', async () => {
    const { link } = await create()
    await page.setViewportSize({ width: 360, height: 740 })
    const backgrounds = new Set<unknown>()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await visit(link)
      backgrounds.add(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
    }
    expect(backgrounds.size).toBe(2)
    expect(await show(link)).toBe('Your key')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  })

  test('too many attempts from one network have to wait', async () => {
    const { id, link } = await create()
    const wrong = `${link.slice(0, -1)}${link.endsWith('0') ? '1' : '0'}`
    const attempt = async (): Promise<string> => {
      // One more is allowed every 2 seconds.
      for (let count = 0; count < 40; count += 1) await acme.call('POST', OPEN, { id, proof: 'guess' })
      return await show(wrong)
    }
    await expect.poll(attempt, { timeout: 60_000, interval: 1 }).toBe('Too many attempts')
  })

  test('the page has no error of its own', () => {
    expect(faults).toEqual([])
  })
})

test('the encrypted token of an opened link is gone from the database file', async () => {
  expect(await server.stop('SIGTERM')).toBe(0)
  const files = await databaseFiles()
  expect(files.includes('hand-overs.open')).toBe(true)
  expect(files.includes(known.sealed)).toBe(false)
  requireNothingOf(known.secrets, [files])
})
