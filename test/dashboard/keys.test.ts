import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { lookFaultsOf, type Dashboard, openDashboard, signIn } from '../support/dashboard.ts'
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

test('in light and dark, at 1440 and 360 px, axe finds nothing and nothing scrolls sideways', async () => {
  expect(await lookFaultsOf(dashboard, ['keys', 'keys?search=nothing', 'keys?dialog=create'])).toEqual([])
})
