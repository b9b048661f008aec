import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import {
  type Dashboard,
  downloaded,
  lookFaults,
  openDashboard,
  PASSWORD,
  signIn,
  tabTo,
} from '../support/dashboard.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'
import { temporaryFolder } from '../support/server-process.ts'

/*
 * The page of API keys, in a real browser, against a real server and its gateway.
 */

const ACME = '/v1/organizations/acme'
/** How the server asks who it is. */
const STEP_UP = JSON.stringify({
  type: 'urn:sallyport:problem:step_up_required',
  title: 'Confirm who you are',
  status: 403,
  detail: 'Confirm who you are, and try again.',
  code: 'step_up_required',
})
const LATER = new Date('2030-01-01T00:00:00Z')
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

describe('the list of keys', () => {
  test('has room for names in windows of any width', async () => {
    const { page, open } = dashboard
    const size = page.viewportSize() ?? { width: 1440, height: 900 }
    await open('keys')
    const name = page.getByRole('columnheader', { name: 'Name' })
    for (const width of [640, 800, 960, 1024, 1152, 1280, 1366, 1440]) {
      await page.setViewportSize({ ...size, width })
      await expect
        .poll(async () => (await name.boundingBox())?.width, { message: `at ${width} px` })
        .toBeGreaterThan(100)
    }
    await page.setViewportSize(size)
  })
})

describe('the life of a key', () => {
  test('is created, copied, called with, rolled, finished, undone and deleted on its page', async () => {
    const { page, context, acme, open } = dashboard
    await publishPipeline(acme, 'orders')
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name: 'mobile-app',
      environment: 'prod',
      pipelines: ['orders'],
    })
    const consumer = textAt(made, 'consumer', 'id')
    await open('keys?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Still needed: Name.').waitFor()
    await dialog.getByLabel('Name').fill('Nightly export')
    await dialog.getByLabel('Consumer').click()
    await page.getByRole('option', { name: /mobile-app/ }).click()
    await dialog.getByRole('button', { name: 'Create key' }).click()
    const shown = page.getByRole('textbox', { name: 'Token' })
    const token = await shown.inputValue()
    await page.getByText('Waiting for the first call').waitFor()
    expect(await statusWith(token)).toBe(200)
    await page.getByText('First called').waitFor()

    // What the browser refuses to copy is not copied.
    await context.clearPermissions()
    await page.evaluate('document.execCommand = () => false')
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByText('The browser did not copy it.').first().waitFor()
    await page.getByText('Not copied yet').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await page.evaluate('delete document.execCommand')

    // Closing without copying asks first.
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    // Pages over plain HTTP have no clipboard; browsers have an older way.
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await shown.waitFor({ state: 'detached' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token)
    expect(await page.content()).not.toContain(token)
    expect(page.url()).not.toContain(token)

    // The panel of the new key is open.
    await page.getByRole('heading', { name: 'Nightly export' }).waitFor()
    const panel = page.getByRole('complementary')
    const leadsTo = async (name: string) => await panel.getByRole('link', { name }).getAttribute('href')
    expect(await leadsTo('mobile-app')).toContain(`consumers?consumer=${consumer}`)
    expect(await leadsTo('See the recent ones')).toMatch(/requests\?.*key=key_/)
    expect(await leadsTo('See all changes')).toMatch(/audit\?.*target=key/)
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

    await page.reload()
    await panel.getByRole('img', { name: /^[1-9]\d* requests in 7 days$/ }).waitFor()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByText(/It was used \d+ times in the last 7 days/).waitFor()
    const submit = page.getByRole('button', { name: 'Delete key' })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Type Nightly export to confirm').fill('Nightly export')
    await submit.click()
    await page.getByText(/Refused on 1 of 1 gateway after \d+ ms/).waitFor()
    expect(await statusWith(third)).toBe(401)
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
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
    // What it will be able to do follows the roles.
    await dialog.getByText('Nothing yet: choose a role.').waitFor()
    await dialog.getByRole('checkbox', { name: /^auditor/ }).check()
    await dialog.getByText(/^\d+ of \d+ permissions$/).waitFor()
    await dialog.getByText('audit.read').first().waitFor()
    await submit.click()
    await page.getByText(/^Billing export is changed on 1 gateway after/).waitFor()
    const { body } = await acme.call('GET', `${ACME}/keys/${id}`)
    expect(body).toMatchObject({
      name: 'Billing export',
      addressRules: ['203.0.113.0/24', '2001:db8::/32'],
      rateLimits: [{ requests: 600, per: 'minute' }],
      roles: ['auditor'],
    })
    const days = (Date.parse(textAt(body, 'expiresAt')) - Date.now()) / 86_400_000
    expect(Math.round(days)).toBe(90)

    // What is not changed stays, and so does what was typed if it is refused.
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByRole('button', { name: 'Remove limit 1' }).click()
    await dialog.getByLabel('Address rules').fill('everywhere')
    await submit.click()
    await dialog.getByRole('alert').getByText('Address rules, 1:').waitFor()
    await dialog.getByLabel('Address rules').fill('')
    await submit.click()
    await dialog.waitFor({ state: 'detached' })
    const after = await acme.call('GET', `${ACME}/keys/${id}`)
    expect(after.body).toMatchObject({
      name: 'Billing export',
      expiresAt: body['expiresAt'],
      addressRules: [],
      rateLimits: [],
      roles: ['auditor'],
    })
  })

  test('that another person changes meanwhile keeps the changes of both, and is deleted only when asked again', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/keys`, { name: 'Shared', type: 'secret' })
    const path = `${ACME}/keys/${textAt(made, 'key', 'id')}`
    const dialog = page.getByRole('dialog')
    const submit = dialog.getByRole('button', { name: 'Save changes' })
    await open(`keys?key=${textAt(made, 'key', 'id')}`)
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByLabel('Name').fill('Mine')
    await dialog.getByRole('checkbox', { name: /^auditor/ }).check()
    await dialog.getByRole('button', { name: 'Add a limit' }).click()
    await dialog.getByLabel('Requests of limit 1').fill('60')
    await acme.must('PATCH', path, {
      name: 'Theirs',
      expiresAt: LATER.toISOString(),
      roles: ['invoker'],
      addressRules: ['203.0.113.0/24'],
    })
    await submit.click()
    await dialog.getByText('Another person changed this key while you edited it.').waitFor()
    const changed = dialog.getByRole('alert').getByRole('listitem')
    expect(await changed.allInnerTexts()).toEqual([
      expect.stringMatching(/^Name\s+Theirs\s+Theirs\s+Yours\s+Mine$/),
      expect.stringMatching(/^Expires\s+Theirs\s+1 Jan 2030, .*\s+Yours\s+You did not change it\.$/),
      expect.stringMatching(/^Roles\s+Theirs\s+added invoker\s+Yours\s+added auditor$/),
      expect.stringMatching(
        /^Address rules\s+Theirs\s+203\.0\.113\.0\/24\s+Yours\s+You did not change it\.$/,
      ),
    ])
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Mine')
    expect(await acme.must('GET', path)).toMatchObject({ name: 'Theirs', rateLimits: [] })

    // A third change comes before the answer: it is not lost either.
    await acme.must('PATCH', path, { addressRules: ['198.51.100.0/24'] })
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await changed.getByText('198.51.100.0/24').waitFor()
    expect(await acme.must('GET', path)).toMatchObject({ name: 'Theirs', addressRules: ['198.51.100.0/24'] })
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText(/^Mine is changed on 1 gateway after/).waitFor()
    expect(await acme.must('GET', path)).toMatchObject({
      name: 'Mine',
      expiresAt: LATER.toISOString(),
      roles: expect.arrayContaining(['invoker', 'auditor']),
      addressRules: ['198.51.100.0/24'],
      rateLimits: [{ requests: 60, per: 'minute' }],
    })

    // An attempt whose answer was lost may have done it already: then nothing is left to save.
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByLabel('Name').fill('Same')
    await acme.must('PATCH', path, { name: 'Same' })
    await submit.click()
    await dialog.getByText('Nothing is left to save.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Save mine anyway' }).count()).toBe(0)
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    await page.getByRole('button', { name: 'Delete…' }).click()
    await acme.must('PATCH', path, { roles: [] })
    const typed = dialog.getByLabel(/^Type .* to confirm$/)
    await typed.fill('Same')
    await dialog.getByRole('button', { name: 'Delete key' }).click()
    await dialog.getByText('Another person changed this key after you were asked.').waitFor()
    expect(await typed.inputValue()).toBe('')
    expect(await acme.must('GET', path)).toMatchObject({ status: 'active' })
    await typed.fill('Same')
    await dialog.getByRole('button', { name: 'Delete key' }).click()
    await dialog.getByText(/^Refused on 1 of 1 gateway/).waitFor()
    expect(await acme.must('GET', path)).toMatchObject({ state: 'deleted' })
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
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
    await dialog.getByRole('alert').getByText('Address rules, 1:').waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Export')
    expect(await dialog.getByLabel('Address rules').inputValue()).toBe('203.0.113.0/99')
  })
})

describe('an import', () => {
  let files: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    files = await temporaryFolder()
  })
  afterAll(async () => {
    await files[Symbol.asyncDispose]()
  })

  const begin = async (name: string, text: string): Promise<void> => {
    const { page } = dashboard
    // Handing over megabytes by themselves takes the browser half a minute.
    const path = join(files.path, name)
    await writeFile(path, text)
    await page
      .getByLabel('Drop a file here')
      .or(page.getByLabel(/another file$/))
      .setInputFiles(path)
    await page
      .getByRole('status')
      .getByText(name.endsWith('ndjson') ? '' : 'The')
      .first()
      .waitFor()
  }
  const submit = async (): Promise<void> =>
    await dashboard.page.getByRole('complementary').getByRole('button', { name: 'Import keys' }).click()

  test('takes a file whose tokens then work, and tells which lines it refused and why', async () => {
    const { page, open } = dashboard
    await open('keys')
    await page.getByRole('link', { name: 'Import…' }).click()
    await page.getByRole('heading', { name: 'Import keys' }).waitFor()
    const example = await downloaded(page, async () => {
      await page.getByRole('button', { name: 'Save the example' }).click()
    })
    expect(example).toMatch(/^name,token,/)

    // What the server would refuse is told before the file is sent.
    await begin('old-names.csv', 'name,api_key,env\nTills,till-4fT0Qm2ZrX9bLk7A,prod\n')
    await page.getByText('“api_key” is called token here.').waitFor()
    await page.getByText('“env” is called environment here.').waitFor()

    const token = 'till-4fT0Qm2ZrX9bLk7A'
    const lines = [
      'name,token,environment,consumer',
      `Tills,${token},prod,mobile-app`,
      'Scales,scale-93b1f0a27d6e4c58,prod,unknown',
      `Tills again,${token},prod,mobile-app`,
      'Doors,door-93b1f0a27d6e4c58,,',
    ]
    await begin('keys.csv', lines.join('\n'))
    await page.getByText('It has name, token, environment, consumer.').waitFor()
    expect(await statusWith(token)).toBe(401)
    await submit()
    await page.getByText('4 of 4 lines').waitFor()
    await page.getByText('2 keys made, 2 lines refused').waitFor()
    expect(page.url()).toMatch(/import=imp_/)
    expect(await statusWith(token)).toBe(200)
    expect(await page.getByRole('table', { name: 'Refused lines' }).getByRole('row').allInnerTexts()).toEqual(
      [
        expect.stringContaining('Problem'),
        expect.stringMatching(/^3\s+consumer: There is no such consumer/),
        expect.stringMatching(/^4\s+Line 2 has the same token/),
      ],
    )
    const report = await downloaded(page, async () => {
      await page.getByRole('button', { name: 'Save as CSV' }).click()
    })
    expect(report.split('\r\n').map((line) => line.split(',')[0])).toEqual(['line', '3', '4', ''])
    expect(report + (await page.content())).not.toContain(token)

    await page.getByRole('link', { name: 'See the newest keys' }).click()
    await page.getByRole('link', { name: 'Doors' }).waitFor()
    await page.getByRole('link', { name: 'Tills', exact: true }).waitFor()
  })

  test('that the server refuses as a whole names the line, and can be corrected', async () => {
    const { page, open } = dashboard
    await open('keys/imports?form=new')
    await begin('keys.csv', 'name,token\nHoses,hose-93b1f0a27d6e4c58\n"Pumps,pump-93b1f0a27d6e4c58\n')
    await submit()
    await page.getByRole('heading', { name: 'keys.csv did not arrive' }).waitFor()
    await page
      .getByRole('alert')
      .getByText(/The quotation marks in or before line [34] are wrong/)
      .waitFor()
    await page.getByRole('button', { name: 'Choose another file' }).click()
    await begin('keys.ndjson', '{"name":"Hoses","token":"hose-93b1f0a27d6e4c58"}\n')
    await submit()
    await page.getByText('1 key made').waitFor()
  })

  test('whose answer is lost says so, and is made once however often it is sent', async () => {
    const { page, open, acme } = dashboard
    await open('keys/imports?form=new')
    const imports = async (): Promise<number> =>
      Object.keys((await acme.must('GET', `${ACME}/imports`))['items'] ?? {}).length
    const before = await imports()
    await page.route(
      '**/imports',
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 1 },
    )
    await begin('boats.csv', 'name,token\nBoats,boat-93b1f0a27d6e4c58\n')
    await submit()
    await page.getByRole('heading', { name: 'It is not known whether boats.csv arrived' }).waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('1 key made').waitFor()
    expect(await imports()).toBe(before + 1)
  })

  test('that the server refuses at its beginning says why, however much of the file is left', async () => {
    const { page, open } = dashboard
    await open('keys/imports?form=new')
    await begin('keys.csv', `name,token,colour\n${'Hoses,hose-93b1f0a27d6e4c58,red\n'.repeat(600_000)}`)
    await page.getByText('“colour” is not known here. Remove it.').waitFor()
    await submit()
    await page.getByRole('alert').getByText('The name of column 3 is unknown.').waitFor()
    await page.getByRole('button', { name: 'Choose another file' }).click()
    const line = '{"name":"Hoses","token":"hose-93b1f0a27d6e4c58"}\n'
    const long = JSON.stringify({ name: 'Hoses', token: 'hose-'.repeat(4_000) })
    await begin('keys.ndjson', `${line}${long}\n${line.repeat(360_000)}`)
    await submit()
    await page.getByRole('alert').getByText('Line 2 has more than 16384 bytes.').waitFor()
  })

  test('of a large file shows how much has left, goes on beside other pages, and is cancelled', async () => {
    const { page, open, acme, context } = dashboard
    const before = await acme.must('GET', `${ACME}/imports`)
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    const limit = async (uploadThroughput: number): Promise<void> =>
      void (await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput,
      }))
    await open('keys/imports?form=new')
    const line = (index: number): string =>
      `{"name":"Large ${index}","token":"large-4fT0Qm2ZrX9b-${index}"}\n`
    await begin('large.ndjson', Array.from({ length: 60_000 }, (_, index) => line(index)).join(''))
    await limit(200_000)
    await submit()
    const bar = page.getByRole('progressbar', { name: 'Sent of the file' })
    const sent = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'))
    await expect.poll(sent).toBeGreaterThan(0)
    expect(await sent()).toBeLessThan(Number(await bar.getAttribute('aria-valuemax')))
    await page.getByRole('link', { name: 'Generated' }).click()
    await page.getByRole('link', { name: 'Imports' }).click()
    await page.getByText('Sending large.ndjson').waitFor()
    await page.getByRole('button', { name: 'Show' }).click()
    await bar.waitFor()
    await page.getByRole('complementary').getByRole('button', { name: 'Cancel' }).click()
    await bar.waitFor({ state: 'detached' })
    await limit(-1)
    await session.detach()
    const ids = async (): Promise<unknown> => (await acme.must('GET', `${ACME}/imports`))['items']
    await expect.poll(ids).toEqual(before['items'])
  })

  test('that could not be sent says why: the file was changed, or it is empty', async () => {
    const { page, open } = dashboard
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'moving.csv')
    const choose = async (text: string): Promise<void> => {
      await writeFile(path, text)
      await page
        .getByLabel('Drop a file here')
        .or(page.getByLabel(/another file$/))
        .setInputFiles(path)
    }
    await open('keys/imports?form=new')
    await choose('name,token,colour\nA,moving-4fT0Qm2ZrX9b\n')
    await page.getByText('“colour” is not known here. Remove it.').waitFor()
    // The same file, corrected.
    await choose('name,token\nA,moving-4fT0Qm2ZrX9b\n')
    await page.getByText('It has name, token.').waitFor()
    await writeFile(path, 'name,token\nB,moving-4fT0Qm2ZrX9b\nC,moving-4fT0Qm2ZrX9c\n')
    // Browsers compare the times of a file by seconds.
    await utimes(path, LATER, LATER)
    await submit()
    await page.getByRole('alert').getByText('The file was changed, moved or removed').waitFor()
    expect(await lookFaults(page)).toEqual([])
    expect(await page.getByText('The server cannot be reached').count()).toBe(0)
    await page.getByRole('button', { name: 'Choose another file' }).click()
    await choose('')
    await page.getByText('It is empty.').waitFor()
    await submit()
    await page.getByRole('alert').getByText('The file is empty.').waitFor()
    await page.getByRole('button', { name: 'Choose another file' }).click()
  })

  test('is sent once, however fast one presses, also when it first asks for the session', async () => {
    const { page, open, acme } = dashboard
    await open('keys/imports?form=new')
    await begin('twice.csv', 'name,token,roles\nTwice,twice-4fT0Qm2ZrX9bLk7A,\n')
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/imports')) sent.push(request.url())
    })
    const before = await acme.must('GET', `${ACME}/imports?limit=200`)
    await page.route('**/v1/session', async (route) => await route.abort())
    await submit()
    await page.getByRole('alert').getByText('The server cannot be reached').first().waitFor()
    await page.unroute('**/v1/session')
    await page.getByRole('complementary').getByRole('button', { name: 'Import keys' }).dblclick()
    await page.getByText('1 key made').waitFor()
    expect(sent).toHaveLength(1)
    const after = await acme.must('GET', `${ACME}/imports?limit=200`)
    const [now, earlier] = [after, before].map(({ items }) => Object.keys(items ?? {}).length)
    expect(now).toBe((earlier ?? 0) + 1)
  })

  test('that is under way can be stopped', async () => {
    const { page, open, acme } = dashboard
    const { promise: stopped, resolve } = Promise.withResolvers<undefined>()
    const slow = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"name":"Slow 1","token":"slow-4fT0Qm2ZrX9b-1"}\n')
      await stopped
      yield Buffer.from('{"name":"Slow 2","token":"slow-4fT0Qm2ZrX9b-2"}\n')
    }
    const sending = acme.send('POST', `${ACME}/imports`, slow(), 'application/x-ndjson')
    const arriving = async (): Promise<unknown> => (await acme.must('GET', `${ACME}/imports`))['items']
    await expect
      .poll(arriving)
      .toEqual(expect.arrayContaining([expect.objectContaining({ state: 'receiving' })]))
    await open('keys/imports')
    await page
      .getByRole('row', { name: /File arrives/ })
      .getByRole('link')
      .click()
    await page.getByRole('button', { name: 'Stop…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop import' }).click()
    await page.getByText('The import is stopped').waitFor()
    await page.getByRole('row', { name: /Stopped/ }).waitFor()
    await page.getByText('No key was made.').waitFor()
    resolve(undefined)
    expect((await sending).status).toBe(409)
  })

  test('whose lines give roles asks first who it is, if that was not proved lately', async () => {
    const { page, open } = dashboard
    await page.route('**/v1/session', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ json: { ...(await answer.json()), confirmedAt: '2026-01-01T00:00:00.000Z' } })
    })
    await open('keys/imports?form=new')
    await begin('roles.csv', 'name,token,roles\nRobot,robot-4fT0Qm2ZrX9bLk7A,admin\n')
    await submit()
    const asked = page.getByRole('group', { name: 'Confirm that it is you' })
    await asked.getByLabel('Your password').fill(PASSWORD)
    await page.unroute('**/v1/session')
    await asked.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('1 key made').waitFor()
  })
})

describe('several keys', () => {
  test('are rolled together: their new secrets are shown once, and those that cannot be rolled are named', async () => {
    const { page, acme, open } = dashboard
    const consumer = { environment: 'prod', pipelines: ['orders'] }
    const made = await acme.must('POST', `${ACME}/consumers`, { name: 'ferry', ...consumer })
    const other = await acme.must('POST', `${ACME}/consumers`, { name: 'ferry-two', ...consumer })
    const old = [textAt(made, 'token'), textAt(other, 'token')]
    const off = await acme.must('POST', `${ACME}/keys`, { name: 'ferry off', type: 'secret' })
    await acme.must('PATCH', `${ACME}/keys/${textAt(off, 'key', 'id')}`, { status: 'inactive' })
    // The keys leave this list when they are rolled, and their secrets must stay.
    const raced = await acme.must('POST', `${ACME}/keys`, { name: 'ferry raced', type: 'secret' })
    await open('keys?search=ferry&sort=name')
    await page.getByText('4 of 4 loaded').waitFor()
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await acme.must('POST', `${ACME}/keys/${textAt(raced, 'key', 'id')}/roll`, {})
    await page.getByRole('button', { name: 'Roll…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('ferry off is switched off. Switch it on first.').waitFor()
    await dialog.getByRole('button', { name: 'Roll 3 keys' }).click()
    await dialog.getByText('2 keys have new secrets').waitFor()
    const list = dialog.getByRole('list', { name: 'New secrets' })
    const tokens = await list.locator('code').allInnerTexts()
    expect(tokens.length).toBe(2)
    await list.getByRole('listitem').filter({ hasText: 'ferry raced' }).getByText('Not rolled').waitFor()
    expect(await Promise.all([...old, ...tokens].map(statusWith))).toEqual([200, 200, 200, 200])

    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByText('Close without saving the new secrets?').waitFor()
    const saved = await downloaded(page, async () => {
      await page.getByRole('button', { name: 'Save and close' }).click()
    })
    await dialog.first().waitFor({ state: 'detached' })
    expect(saved.split('\r\n')[0]).toBe('key_id,name,consumer,environment,token,old_secret_ends_at')
    expect(tokens.map((token) => saved.includes(token))).toEqual([true, true])
    const content = await page.content()
    expect(tokens.map((token) => content.includes(token))).toEqual([false, false])
    await page.getByText('4 selected').waitFor({ state: 'detached' })
    const { body } = await acme.call('GET', `${ACME}/keys?search=ferry&state=rolling`)
    expect(body['total']).toBe(3)
  })

  test('stay where a roll was cut off, which goes on there with what it has shown', async () => {
    const { page, acme, open } = dashboard
    const ids: string[] = []
    for (const name of ['tram one', 'tram two', 'tram three']) {
      const made = await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
      ids.push(textAt(made, 'key', 'id'))
    }
    await open('keys?search=tram&state=active&sort=createdAt')
    await page.getByText('3 of 3 loaded').waitFor()
    const path = `**/keys/${ids[1]}/roll?*`
    await page.route(path, async (route) => {
      await route.fulfill({ status: 403, contentType: 'application/problem+json', body: STEP_UP })
    })
    const all = page.getByRole('checkbox', { name: 'Select all that are loaded' })
    await all.check()
    expect(await all.and(page.locator(':indeterminate')).count()).toBe(0)
    await page.getByRole('button', { name: 'Roll…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Hand-over link', { exact: true }).click()
    await dialog.getByRole('button', { name: 'Roll 3 keys' }).click()
    await dialog.getByText('1 of 3 keys done').waitFor()
    const shown = dialog.getByRole('list', { name: 'New secrets' }).locator('code')
    const first = await shown.innerText()
    await dialog.getByLabel('Your password').fill(PASSWORD)
    await page.unroute(path)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await dialog.getByText('3 keys have new secrets').waitFor()
    const links = await shown.allInnerTexts()
    expect(links[0]).toBe(first)
    expect(links.every((link) => /\/hand-over#/.test(link))).toBe(true)
    await dialog.getByRole('button', { name: 'Copy all' }).click()
    await dialog.getByText('All are copied or saved').waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(links.every((link) => copied.includes(link))).toBe(true)
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
  })
})

/** Keeps the next answer to a call until it is released. */
async function heldBack(path: RegExp): Promise<() => Promise<void>> {
  const { page } = dashboard
  const released = Promise.withResolvers<undefined>()
  const given = Promise.withResolvers<undefined>()
  const hold = async (route: Route): Promise<void> => {
    const response = await route.fetch()
    await released.promise
    await route.fulfill({ response })
    given.resolve(undefined)
  }
  await page.route(path, hold, { times: 1 })
  return async () => {
    released.resolve(undefined)
    await given.promise
  }
}

describe('what is shown once', () => {
  const list = () => dashboard.page.getByRole('list', { name: 'New secrets' }).locator('code')

  /** Opens the page from another one, so that the browser can go back without loading a page. */
  const toKeys = async (): Promise<void> => {
    const { page, open } = dashboard
    await open('policies')
    await page.getByRole('link', { name: 'API keys' }).click()
    await page.getByRole('heading', { name: 'API keys' }).waitFor()
  }

  test('is not lost by a dialog that is closed, or a page that is left, before it is there', async () => {
    const { page } = dashboard
    await toKeys()
    await page.getByRole('button', { name: 'Create key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Impatient')
    const release = await heldBack(/\/keys$/)
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await dialog.locator('button[data-loading]').waitFor()
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Cancel' }).click({ force: true })
    await page.goBack()
    await release()
    const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
    expect(token).toMatch(/^sp_sk_/)

    // Nothing opens over it that leads away.
    await page.keyboard.press('Control+k')
    expect(await page.getByRole('dialog').count()).toBe(1)

    // Back asks, as closing does.
    await page.goBack()
    await page.getByText('Close without copying the token?').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('textbox', { name: 'Token' }).inputValue()).toBe(token)
    await page.goBack()
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await page.getByRole('textbox', { name: 'Token' }).waitFor({ state: 'detached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(token)
    expect(await page.content()).not.toContain(token)
  })

  test('of several keys is there although one cancels, goes back, or the session ends', async () => {
    const { page, context, acme } = dashboard
    for (const name of ['barge one', 'barge two', 'barge three'])
      await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
    await toKeys()
    await page.getByRole('searchbox').fill('barge')
    await page.getByText('3 of 3 loaded').waitFor()
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await page.getByRole('button', { name: 'Roll…' }).click()
    const dialog = page.getByRole('dialog').first()
    const release = await heldBack(/\/roll\?/)
    await dialog.getByRole('button', { name: 'Roll 3 keys' }).click()
    // The first key is being rolled, so that its secret is to come.
    await dialog.getByRole('button', { name: 'Stop after this key' }).click()
    await page.goBack()
    await release()
    await dialog.getByText('1 of 3 keys done').first().waitFor()
    const [first] = await list().allInnerTexts()

    await context.clearCookies()
    await dialog.getByRole('button', { name: 'Roll the other 2' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await list().allInnerTexts()).toEqual([first])
    await signIn(context)
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.getByText('3 keys have new secrets').waitFor()
    await page.goBack()
    await page.getByText('Close without saving the new secrets?').waitFor()
    const saved = await downloaded(page, async () => {
      await page.getByRole('button', { name: 'Save and close' }).click()
    })
    expect(saved).toContain(first)
    await dialog.waitFor({ state: 'detached' })
  })

  test('is rolled once, however fast one presses', async () => {
    const { page, acme, open } = dashboard
    const ids: string[] = []
    for (const name of ['kayak one', 'kayak two']) {
      const made = await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
      ids.push(textAt(made, 'key', 'id'))
    }
    await open('keys?search=kayak&sort=createdAt')
    await page.getByText('2 of 2 loaded').waitFor()
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await page.getByRole('button', { name: 'Roll…' }).click()
    const dialog = page.getByRole('dialog').first()
    const path = `**/keys/${ids[1]}/roll?*`
    await page.route(path, async (route) => {
      await route.fulfill({ status: 403, contentType: 'application/problem+json', body: STEP_UP })
    })
    await dialog.getByRole('button', { name: 'Roll 2 keys' }).click()
    await dialog.getByText('1 of 2 keys done').first().waitFor()
    await dialog.getByLabel('Your password').fill(PASSWORD)
    await page.unroute(path)
    await dialog.getByRole('button', { name: 'Confirm' }).dblclick()
    await dialog.getByText('2 keys have new secrets').waitFor()
    expect(await list().count()).toBe(2)
    await dialog.getByRole('button', { name: 'Copy all' }).click()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
  })
})

test('over plain HTTP in a private network, where browsers have no clipboard, keys are made, copied and rolled too', async () => {
  const { server, newContext, open, page: other } = dashboard
  const context = await newContext()
  await signIn(context)
  const origin = 'http://sallyport.test'
  await context.route(`${origin}/**`, async (route) => {
    const { cookie: _, ...headers } = await route.request().allHeaders()
    const url = route.request().url().replace(origin, server.controlUrl)
    const response = await route.fetch({ url, headers: { ...headers, origin: server.controlUrl } })
    await route.fulfill({ response })
  })
  const page = await context.newPage()
  await page.goto(`${origin}/organizations/acme/keys?search=Insecure`)
  expect(await page.evaluate('[isSecureContext, typeof crypto.randomUUID]')).toEqual([false, 'undefined'])
  await page.getByRole('button', { name: 'Create key' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('Insecure')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const token = await page.getByRole('textbox', { name: 'Token' }).inputValue()
  const copyIt = dialog.getByRole('button', { name: 'Copy', exact: true })
  // What was not copied does not count as copied.
  await page.evaluate('document.execCommand = () => false')
  await copyIt.click()
  await page.getByText('The browser did not copy it.').first().waitFor()
  await dialog.getByText('Not copied yet').waitFor()
  await page.evaluate('delete document.execCommand')
  await copyIt.click()
  await dialog.getByText('Copied', { exact: true }).first().waitFor()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await open('keys')
  await other.bringToFront()
  expect(await other.evaluate('navigator.clipboard.readText()')).toBe(token)

  await page.bringToFront()
  await page.getByRole('checkbox', { name: 'Select Insecure' }).check()
  await page.getByRole('button', { name: 'Roll…' }).first().click()
  await dialog.getByRole('button', { name: 'Roll 1 key' }).click()
  await dialog.getByText('1 key has a new secret').waitFor()
  await dialog.getByRole('button', { name: 'Copy all' }).click()
  await dialog.getByText('All are copied or saved').waitFor()
  // The page may be reading something again, which its end cuts off.
  await context.unrouteAll({ behavior: 'ignoreErrors' })
  await context.close()
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

  test('switches several keys off at once, and names those that were not', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/keys`, { name: 'alpha gone', type: 'secret' })
    await open('keys?search=alpha')
    await page.getByText('3 of 3 loaded').waitFor()
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await acme.must('DELETE', `${ACME}/keys/${textAt(made, 'key', 'id')}`)
    await page.getByRole('button', { name: 'Switch off…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Switch off 3 keys?').waitFor()
    await dialog.getByRole('button', { name: 'Switch off' }).click()
    await dialog.getByText('2 of 3 keys switched off').waitFor()
    await dialog.getByRole('listitem').filter({ hasText: 'alpha gone' }).waitFor()
    expect(await lookFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByText('3 selected').waitFor({ state: 'detached' })
    const { body } = await acme.call('GET', `${ACME}/keys?search=alpha&state=inactive`)
    expect(body['total']).toBe(2)
  })

  test('deletes several keys, and goes on where it was cut off, although what is deleted leaves the list', async () => {
    const { page, acme, open } = dashboard
    const ids: string[] = []
    for (const name of ['quay one', 'quay two', 'quay three']) {
      const made = await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
      ids.push(textAt(made, 'key', 'id'))
    }
    await open('keys?search=quay&state=active&sort=createdAt')
    await page.getByText('3 of 3 loaded').waitFor()
    const path = `**/keys/${ids[1]}?*`
    await page.route(path, async (route) => {
      if (route.request().method() !== 'DELETE') return await route.continue()
      await route.fulfill({ status: 403, contentType: 'application/problem+json', body: STEP_UP })
    })
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await page.getByRole('button', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('3')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('1 of 3 keys done').waitFor()
    // The first key has left the list below.
    await page.getByText('2 of 2 loaded').waitFor()
    await dialog.getByLabel('Your password').fill(PASSWORD)
    await page.unroute(path)
    await dialog.getByRole('button', { name: 'Confirm' }).click()
    await page.getByText('3 keys deleted').waitFor()
    const { body } = await acme.call('GET', `${ACME}/keys?search=quay&state=active`)
    expect(body['total']).toBe(0)
  })

  test('does not delete a key that another person changed after it was selected', async () => {
    const { page, acme, open } = dashboard
    const ids: string[] = []
    for (const name of ['wharf one', 'wharf two']) {
      const made = await acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
      ids.push(textAt(made, 'key', 'id'))
    }
    await open('keys?search=wharf&state=active&sort=createdAt')
    await page.getByText('2 of 2 loaded').waitFor()
    await page.getByRole('checkbox', { name: 'Select all that are loaded' }).check()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await acme.must('PATCH', `${ACME}/keys/${ids[1]}`, { roles: ['auditor'] })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').fill('2')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await dialog.getByText('1 of 2 keys deleted').waitFor()
    await dialog.getByText(/^wharf two: Another person changed it after you selected it\./).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    const states = ids.map(async (id) => (await acme.must('GET', `${ACME}/keys/${id}`))['state'])
    expect(await Promise.all(states)).toEqual(['deleted', 'active'])
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
