import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { type Dashboard, downloaded, openDashboard, signIn, tabTo } from '../support/dashboard.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'

/*
 * The page of API keys, in a real browser, against a real server and its gateway.
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

async function statusWith(token: string): Promise<number> {
  const { status } = await fetch(`${dashboard.server.gatewayUrl}/acme/prod/orders`, {
    headers: { 'x-api-key': token },
  })
  return status
}

describe('the life of a key', () => {
  test('is created, copied, called with, rolled, finished, undone and deleted on its page', async () => {
    const { page, acme, open } = dashboard
    await publishPipeline(acme, 'orders')
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name: 'mobile-app',
      environment: 'prod',
      pipelines: ['orders'],
    })
    const consumer = textAt(made, 'consumer', 'id')
    await open('keys?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Nightly export')
    await dialog.getByLabel('Consumer').click()
    await page.getByRole('option', { name: /mobile-app/ }).click()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    const shown = page.getByRole('textbox', { name: 'Token' })
    const token = await shown.inputValue()
    await page.getByText('Waiting for the first call').waitFor()
    expect(await statusWith(token)).toBe(200)
    await page.getByText('First called').waitFor()

    // Closing without copying asks first.
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await shown.waitFor({ state: 'detached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token)
    expect(await page.content()).not.toContain(token)
    expect(page.url()).not.toContain(token)

    // The panel of the new key is open.
    await page.getByRole('heading', { name: 'Nightly export' }).waitFor()
    await page.getByRole('button', { name: 'Roll…' }).click()
    await page.getByRole('button', { name: 'Roll key' }).click()
    const second = await shown.inputValue()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    expect([await statusWith(token), await statusWith(second)]).toEqual([200, 200])
    await page.getByRole('timer').waitFor()
    await page.getByText('The old secret is still in use').waitFor()

    await page.getByRole('button', { name: 'Undo roll…' }).click()
    await page.getByRole('button', { name: 'End the new secret' }).click()
    await page.getByRole('timer').waitFor({ state: 'detached' })
    expect([await statusWith(token), await statusWith(second)]).toEqual([200, 401])

    await page.getByRole('button', { name: 'Roll…' }).click()
    await page.getByRole('button', { name: 'Roll key' }).click()
    const third = await shown.inputValue()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('button', { name: 'Finish anyway…' }).click()
    await page.getByRole('button', { name: 'End the old secret' }).click()
    await page.getByRole('timer').waitFor({ state: 'detached' })
    expect([await statusWith(token), await statusWith(third)]).toEqual([401, 200])

    await page.getByRole('button', { name: 'Switch off…' }).click()
    await page.getByRole('button', { name: 'Switch off', exact: true }).click()
    await page.getByText(/is switched off on 1 gateway after/).waitFor()
    expect(await statusWith(third)).toBe(401)
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('is switched on').waitFor()
    expect(await statusWith(third)).toBe(200)

    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByText(/It was used \d+ times in the last 7 days/).waitFor()
    const submit = page.getByRole('button', { name: 'Delete key' })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Type Nightly export to confirm').fill('Nightly export')
    await submit.click()
    await page.getByText(/Refused on 1 of 1 gateway after \d+ ms/).waitFor()
    expect(await statusWith(third)).toBe(401)
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    expect(consumer).toMatch(/^con_/)
    expect(dashboard.faults).toEqual([])
  })

  test('needs no mouse: created, copied, rolled and deleted by the keyboard alone', async () => {
    const { page, open } = dashboard
    const press = async (name: string | RegExp): Promise<void> => {
      await tabTo(page, page.getByRole('button', { name, exact: true }).last())
      await page.keyboard.press('Enter')
    }
    await open('keys')
    await press('Create key')
    await page.getByRole('dialog').getByLabel('Name').waitFor()
    await page.keyboard.type('By hand')
    await press('Create key')
    await press('Copy')
    await press('Close')
    await page.getByRole('heading', { name: 'By hand' }).waitFor()
    await press('Roll…')
    await press('Roll key')
    await press('Copy')
    await press('Close')
    await page.getByRole('timer').waitFor()
    await press('Delete…')
    await page.getByLabel('Type By hand to confirm').waitFor()
    await page.keyboard.type('By hand')
    await page.keyboard.press('Enter')
    await page.getByText(/Refused on 1 of 1 gateway after \d+ ms/).waitFor()
    await press('Close')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('is handed over by a link, which says when it was opened and can be withdrawn', async () => {
    const { page, open, newContext, acme } = dashboard
    await acme.must('POST', `${ACME}/consumers`, {
      name: 'courier',
      environment: 'prod',
      pipelines: ['orders'],
    })
    await open('keys?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Courier app')
    await dialog.getByLabel('Consumer').click()
    await page.getByRole('option', { name: /courier/ }).click()
    await dialog.getByText('Hand-over link', { exact: true }).click()
    await dialog.getByLabel('The link can be opened for').click()
    await page.getByRole('option', { name: '3 days' }).click()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    const shown = page.getByRole('textbox', { name: 'Hand-over link' })
    const link = await shown.inputValue()
    await dialog.getByText('Not opened yet').waitFor()

    // The recipient has no account here.
    await using recipient = await newContext()
    const theirs = await recipient.newPage()
    await theirs.goto(link)
    await theirs.getByRole('button', { name: 'Show the key' }).click()
    const token = await theirs.getByRole('textbox', { name: 'The key' }).innerText()
    expect(await statusWith(token)).toBe(200)
    await dialog.getByText(/^Opened .* from 127\.0\.0\.1$/).waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await shown.waitFor({ state: 'detached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link)
    expect(await page.content()).not.toContain(link.slice(link.indexOf('#')))

    // A roll makes a link too. Withdrawn, it shows nothing any more.
    await page.getByRole('button', { name: 'Roll…' }).click()
    await page.getByText('Hand-over link', { exact: true }).click()
    await page.getByRole('button', { name: 'Roll key' }).click()
    const second = await shown.inputValue()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    const links = page.getByRole('list', { name: 'Hand-over links' })
    await links.getByRole('button', { name: /^Withdraw/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click()
    await links.getByText('Withdrawn').waitFor()
    expect(await links.getByText(/^Opened/).count()).toBe(1)
    await theirs.goto('about:blank')
    await theirs.goto(second)
    await theirs.getByRole('button', { name: 'Show the key' }).click()
    await theirs.getByRole('heading', { name: 'This link was withdrawn' }).waitFor()
    expect(await statusWith(token)).toBe(200)
  })

  test('is changed: its name, its end, its roles, its addresses and its limits', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/keys`, { name: 'Billing', type: 'secret' })
    const id = textAt(made, 'key', 'id')
    await open(`keys?key=${id}`)
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Save changes' })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('Name').fill('Billing export')
    await dialog.getByLabel('Expires').click()
    await page.getByRole('option', { name: 'In 90 days' }).click()
    await dialog.getByLabel('Address rules').fill('203.0.113.0/24\n2001:db8::/32')
    await dialog.getByRole('button', { name: 'Add a limit' }).click()
    await dialog.getByLabel('Requests of limit 1').fill('600')
    await submit.click()
    await page.getByText(/^Billing export is changed on 1 gateway after/).waitFor()
    const { body } = await acme.call('GET', `${ACME}/keys/${id}`)
    expect(body).toMatchObject({
      name: 'Billing export',
      addressRules: ['203.0.113.0/24', '2001:db8::/32'],
      rateLimits: [{ requests: 600, per: 'minute' }],
      roles: [],
    })
    const days = (Date.parse(textAt(body, 'expiresAt')) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)

    // What is not changed stays, and so does what was typed if it is refused.
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByRole('button', { name: 'Remove limit 1' }).click()
    await dialog.getByLabel('Address rules').fill('everywhere')
    await submit.click()
    await dialog.getByRole('alert').getByText('/addressRules/0').waitFor()
    await dialog.getByLabel('Address rules').fill('')
    await submit.click()
    await dialog.waitFor({ state: 'detached' })
    const after = await acme.call('GET', `${ACME}/keys/${id}`)
    expect(after.body).toMatchObject({
      name: 'Billing export',
      expiresAt: body['expiresAt'],
      addressRules: [],
      rateLimits: [],
    })
  })

  test('is found by its token, which is forgotten at once', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/keys`, { name: 'Found in a log', type: 'secret' })
    const token = textAt(made, 'token')
    await open('keys')
    await page.getByRole('button', { name: 'Whose key is this?' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Token').fill(`${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`)
    await dialog.getByRole('button', { name: 'Find the key' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Token').fill(token)
    await dialog.getByRole('button', { name: 'Find the key' }).click()
    await dialog.getByText('Found in a log').waitFor()
    await dialog.getByText('Every gateway accepts this token').waitFor()
    await acme.must('PATCH', `${ACME}/keys/${textAt(made, 'key', 'id')}`, { status: 'inactive' })
    await dialog.getByLabel('Token').fill('')
    await dialog.getByLabel('Token').fill(token)
    await dialog.getByRole('button', { name: 'Find the key' }).click()
    await dialog.getByText('Every gateway refuses this token: key_inactive').waitFor()
    await dialog.getByRole('button', { name: 'Open the key' }).click()
    await page.getByRole('heading', { name: 'Found in a log' }).waitFor()
    expect(await page.content()).not.toContain(token)
    expect(page.url()).not.toContain(token)
  })

  test('refuses a form with what is wrong, and loses nothing', async () => {
    const { page, open } = dashboard
    await open('keys?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Export')
    await dialog.getByLabel('Address rules').fill('203.0.113.0/99')
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await dialog.getByRole('alert').getByText('/addressRules/0').waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Export')
    expect(await dialog.getByLabel('Address rules').inputValue()).toBe('203.0.113.0/99')
  })
})

describe('the list', () => {
  test('is searched, filtered and ordered in the URL', async () => {
    const { page, acme, open } = dashboard
    for (const name of ['alpha one', 'alpha two', 'beta']) {
      await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
    }
    await open('keys')
    await page.getByRole('link', { name: 'alpha one' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search keys' }).fill('alpha')
    await page.getByText('2 of 2 loaded').waitFor()
    await page.getByRole('button', { name: 'Name', exact: true }).click()
    await page.waitForURL(/sort=-name/)
    await page.reload()
    await page.getByText('2 of 2 loaded').waitFor()
    expect(await page.getByRole('row').getByRole('link').allInnerTexts()).toEqual(['alpha two', 'alpha one'])
    await page.getByRole('button', { name: 'Kind' }).click()
    await page.getByRole('menuitem', { name: 'public' }).click()
    await page.getByText('No key fits').waitFor()
    await page.getByRole('link', { name: 'Clear all filters' }).click()
    await page.getByRole('link', { name: 'beta' }).waitFor()
  })

  test('switches several keys off at once', async () => {
    const { page, acme, open } = dashboard
    await open('keys?search=alpha')
    await page.getByRole('checkbox', { name: 'Select alpha one' }).check()
    await page.getByRole('checkbox', { name: 'Select alpha two' }).check()
    await page.getByRole('button', { name: 'Switch off', exact: true }).click()
    await page.getByText('2 keys switched off').waitFor()
    const { body } = await acme.call('GET', `${ACME}/keys?search=alpha&state=inactive`)
    expect(body['total']).toBe(2)
  })

  test('is exported as the filters find it', async () => {
    const { page, open } = dashboard
    await open('keys?search=alpha')
    const save = async (format: string) =>
      await downloaded(page, async () => {
        await page.getByRole('button', { name: 'Export' }).click()
        await page.getByRole('menuitem', { name: format }).click()
      })
    const lines = (await save('CSV, for a spreadsheet')).trimEnd().split('\n')
    expect(lines.slice(1).map((line) => /alpha (?:one|two)/.exec(line)?.[0])).toEqual([
      'alpha one',
      'alpha two',
    ])
    expect(await save('NDJSON, for programs')).toMatch(/"export":\{"keys":2/)
    await page.getByText('keys-acme.ndjson is saved').waitFor()
  })

  test('is the same in rows and details for the keyboard', async () => {
    const { page, open } = dashboard
    await open('keys?search=alpha&sort=name')
    await page.getByText('2 of 2 loaded').waitFor()
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'alpha one' }).waitFor()
    await page.keyboard.press('j')
    await page.getByRole('heading', { name: 'alpha two' }).waitFor()
    await page.keyboard.press('x')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'alpha two' }).waitFor({ state: 'detached' })
  })
})
