import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { type Dashboard, lookFaults, openDashboard, PASSWORD, signIn } from '../support/dashboard.ts'
import { openGitHub } from '../support/github.ts'

/*
 * The pages of leaks, the organization and quotas, in a real browser, against a real server that trusts a GitHub of the test.
 */

const ACME = '/v1/organizations/acme'
/** What the organization may have of keys. It begins with two. */
const KEYS_MAX = 10

const github = openGitHub()
let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard({
    ...github.settings,
    SALLYPORT_QUOTAS: `acme/keys=${KEYS_MAX},consumers=4`,
  })
  await signIn(dashboard.context)
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

async function createKey(
  name: string,
  more: object = {},
): Promise<{ readonly id: string; readonly token: string }> {
  const made = await dashboard.acme.must('POST', `${ACME}/keys`, { name, type: 'secret', ...more })
  return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
}

/** Signs a new member in, in a context of its own. */
async function memberPage(name: string, roles: readonly string[]) {
  const email = `${name.toLowerCase()}@example.com`
  const invited = await dashboard.acme.must('POST', `${ACME}/invitations`, { email, roles })
  const context = await dashboard.newContext()
  const response = await context.request.post('/v1/invitations/accept', {
    data: { token: textAt(invited, 'token'), name, password: PASSWORD },
  })
  expect(response.ok()).toBe(true)
  return { context, page: await context.newPage() }
}

describe('the page of leaks', () => {
  test('teaches how leaks are found as long as there is none', async () => {
    const { page, open, server } = dashboard
    await open('')
    await page.getByRole('link', { name: 'Leaks', exact: true }).click()
    await page.getByRole('heading', { name: 'No leak reported' }).waitFor()
    await page.getByText(`npm run -s scan -- --server ${server.controlUrl} PATH`).waitFor()
    await page.getByText(`${server.controlUrl}/v1/leaks/github`).waitFor()
    await page.getByText('SALLYPORT_GITHUB_KEYS="$(curl').waitFor()
    await page.getByText('A key whose secret is found in public goes on working').waitFor()
    expect(await lookFaults(page)).toEqual([])
  })

  test('shows where a secret was found, and the key is rolled there', async () => {
    const { page, open, server } = dashboard
    const other = await createKey('Other', { environment: 'test' })
    const leaky = await createKey('Leaky')
    await github.tell(server.controlUrl, other.token)
    await github.tell(server.controlUrl, leaky.token)
    await open('leaks')
    const table = page.getByRole('table', { name: 'Places where secrets of keys were found' })
    const rows = table.getByRole('row')
    // The newest comes first, below the heads.
    await rows.nth(1).getByRole('link', { name: 'Leaky' }).waitFor()
    await rows.nth(2).getByRole('link', { name: 'Other' }).waitFor()
    await rows.nth(1).getByTitle('https://code.example.com/key.txt').waitFor()
    await rows.nth(1).getByText('Key left on').waitFor()
    await page.getByText('2 places. The newest 100').waitFor()

    await open('leaks?environment=test')
    await rows.nth(1).getByRole('link', { name: 'Other' }).waitFor()
    expect(await rows.count()).toBe(2)
    await open(`leaks?key=${leaky.id}`)
    await page.getByText('1 place. The newest 100').waitFor()
    await open('leaks?environment=prod')
    await page.getByRole('heading', { name: 'No leak fits' }).waitFor()
    await open('leaks')

    await rows.nth(1).getByRole('link', { name: 'Leaky' }).click()
    const panel = page.getByRole('complementary', { name: 'Leaky' })
    await panel.getByText('Everyone who sees this place can use the key').waitFor()
    const place = panel.getByRole('link', { name: 'https://code.example.com/key.txt' })
    expect(await place.first().getAttribute('rel')).toBe('noreferrer')
    expect(await lookFaults(page)).toEqual([])
    await panel.getByRole('button', { name: 'Roll…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: 'It ends at once' }).check()
    await dialog.getByRole('button', { name: 'Roll key' }).click()
    await dialog.getByRole('button', { name: 'Copy', exact: true }).click()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await panel.getByText('The secret does not work any more').waitFor()
    await rows.nth(1).getByText('Ended').waitFor()
    await panel.getByRole('link', { name: 'Open key' }).click()
    await page.waitForURL(`**/keys?key=${leaky.id}`)
    // The overview asks for attention only as long as the secret works.
    await open('')
    const attention = page.getByRole('region', { name: 'Keys that need attention' })
    await attention.getByRole('listitem').filter({ hasText: 'Leaked' }).getByText('Other').waitFor()
    expect(await attention.getByRole('link', { name: 'Leaked' }).count()).toBe(1)
    expect(dashboard.faults).toEqual([])
  })

  test('says what happens when a secret is found, and changes it', async () => {
    const { page, open, server, acme } = dashboard
    await open('leaks')
    await page.getByRole('button', { name: 'When a secret is found…' }).click()
    const dialog = page.getByRole('dialog')
    const save = dialog.getByRole('button', { name: 'Save' })
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await dialog.getByRole('radio', { name: 'Is switched off' }).check()
    expect(await lookFaults(page)).toEqual([])
    await save.click()
    await page.getByText('A key whose secret is found in public is switched off').waitFor()
    expect((await acme.call('GET', ACME)).body).toMatchObject({ onLeak: 'switch-off' })

    // Another person sets it to the same meanwhile, and changes what this form does not have: nothing is lost.
    await page.getByRole('button', { name: 'When a secret is found…' }).click()
    await dialog.getByRole('radio', { name: 'Goes on working' }).check()
    await acme.must('PATCH', ACME, { color: 'teal' })
    await save.click()
    await dialog.waitFor({ state: 'detached' })
    expect(await acme.must('GET', ACME)).toMatchObject({ onLeak: 'notify', color: 'teal' })
    await acme.must('PATCH', ACME, { color: null })
    await page.getByRole('button', { name: 'When a secret is found…' }).click()
    await dialog.getByRole('radio', { name: 'Is switched off' }).check()
    await acme.must('PATCH', ACME, { onLeak: 'switch-off' })
    await save.click()
    await dialog.getByText('Another person changed this organization while you edited it.').waitFor()
    await dialog.getByText('It is now as you wanted it.').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    const { id, token } = await createKey('Ended by it')
    await github.tell(server.controlUrl, token)
    expect((await acme.call('GET', `${ACME}/keys/${id}`)).body).toMatchObject({ status: 'inactive' })
    await open('leaks')
    const row = page.getByRole('row', { name: /Ended by it/ })
    await row.getByText('Key switched off').waitFor()
    await row.getByRole('link', { name: 'Ended by it' }).click()
    const panel = page.getByRole('complementary', { name: 'Ended by it' })
    await panel.getByText('It cannot be rolled while it is off').waitFor()
    expect(await panel.getByRole('button', { name: 'Roll…' }).count()).toBe(0)
    await acme.must('PATCH', ACME, { onLeak: 'notify' })
  })

  test('leads a link to a leak that is no longer kept to an answer', async () => {
    const { page, open } = dashboard
    await open('leaks?leak=lea_unknown&key=')
    await page.getByRole('complementary', { name: 'No such leak' }).waitFor()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.waitForURL(/\/leaks$/)
  })
})

describe('the page of the organization', () => {
  test('changes its name and colour, which are shown everywhere at once', async () => {
    const { page, open, acme } = dashboard
    await open('')
    await page.getByRole('link', { name: 'Organization', exact: true }).click()
    await page.getByText('no colour on the pages of consumers').waitFor()
    const identity = page.getByRole('region', { name: 'Name and colour' })
    const preview = identity.getByRole('figure', { name: 'How the page of a consumer begins' })
    const save = identity.getByRole('button', { name: 'Save' })
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    expect(await lookFaults(page)).toEqual([])
    await identity.getByRole('textbox', { name: 'Name' }).fill('  Acme Wholesale ')
    await identity.getByRole('radio', { name: 'Violet' }).check()
    await preview.getByText('Acme Wholesale').waitFor()
    expect(await preview.locator('[data-color="violet"]').innerText()).toBe('A')
    expect(await lookFaults(page)).toEqual([])
    await save.click()
    await page.getByText('violet on the pages of consumers').waitFor()
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('button', { name: 'Organization: acme' }).click()
    await page.getByRole('menuitem', { name: 'Acme Wholesale' }).waitFor()
    await page.keyboard.press('Escape')
    expect((await acme.call('GET', ACME)).body).toMatchObject({ name: 'Acme Wholesale', color: 'violet' })

    await identity.getByRole('radio', { name: 'None' }).check()
    await identity.getByRole('textbox', { name: 'Name' }).fill(' ')
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await identity.getByText('An organization needs a name.').waitFor()
    await identity.getByRole('button', { name: 'Cancel' }).click()
    await preview.locator('[data-color="violet"]').waitFor()
    await identity.getByRole('radio', { name: 'None' }).check()
    await save.click()
    await page.getByText('no colour on the pages of consumers').waitFor()

    // Two owners at once: what was typed stays, and so does what the other has changed.
    await identity.getByRole('radio', { name: 'Green' }).check()
    await acme.must('PATCH', ACME, { name: 'Acme Retail', color: 'pink' })
    await save.click()
    const alert = identity.getByRole('alert')
    await alert.getByText('Another person changed this organization while you edited it.').waitFor()
    expect(await alert.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^Name\s+Theirs\s+Acme Retail\s+Yours\s+You did not change it\.$/),
      expect.stringMatching(/^Colour\s+Theirs\s+Pink\s+Yours\s+Green$/),
    ])
    expect(await identity.getByRole('radio', { name: 'Green' }).isChecked()).toBe(true)
    expect(await acme.must('GET', ACME)).toMatchObject({ name: 'Acme Retail', color: 'pink' })
    expect(await lookFaults(page)).toEqual([])
    await alert.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText('green on the pages of consumers').waitFor()
    expect(await acme.must('GET', ACME)).toMatchObject({ name: 'Acme Retail', color: 'green' })
    await acme.must('PATCH', ACME, { name: 'Acme Wholesale', color: null })
    expect((await acme.call('GET', ACME)).body).toMatchObject({ name: 'Acme Wholesale', color: null })
  })

  test('chooses the mails to owners, and leads to what a leak does', async () => {
    const { page, open, acme } = dashboard
    await open('organization')
    const mails = page.getByRole('region', { name: 'Mails to owners' })
    await page.getByText('owners get mails about 9 of 18 types of events').waitFor()
    const added = mails.getByRole('checkbox', { name: 'Key created' })
    expect(await added.isChecked()).toBe(false)
    await added.check()
    await mails.getByRole('checkbox', { name: 'Key found in public' }).uncheck()
    await mails.getByRole('checkbox', { name: 'Policy changed' }).uncheck()
    await mails.getByText('Each owner is told of the change by mail.').waitFor()
    // Another owner changes another mail meanwhile, which stays.
    const { ownerMails: before } = await acme.must('GET', ACME)
    await acme.must('PATCH', ACME, { ownerMails: [...Object.values(before ?? {}), 'key.rolled'] })
    await mails.getByRole('button', { name: 'Save' }).click()
    const ownerMails = async (): Promise<unknown> => (await acme.call('GET', ACME)).body['ownerMails']
    await expect.poll(ownerMails).toContain('key.created')
    expect(await ownerMails()).toContain('key.rolled')
    expect(await ownerMails()).not.toContain('key.leaked')
    expect(await ownerMails()).toHaveLength(9)
    await expect
      .poll(async () => await mails.getByRole('checkbox', { name: 'Key rolled' }).isChecked())
      .toBe(true)

    await page.getByText('A key whose secret is found in public goes on working').waitFor()
    await page.getByRole('link', { name: 'Change it on the page of leaks' }).click()
    await page.getByRole('dialog', { name: 'What happens when a secret is found?' }).waitFor()
    expect(dashboard.faults).toEqual([])
  })
})

describe('the page of quotas', () => {
  test('shows the fullest first, and who raises it', async () => {
    const { page, open, acme } = dashboard
    await open('quotas')
    const rows = page.getByRole('table', { name: 'Quotas of the organization' }).getByRole('row')
    await rows.nth(1).getByRole('link', { name: 'Keys' }).waitFor()
    const { body } = await acme.call('GET', `${ACME}/quotas`)
    const used = Number(body['keys']?.['used'])
    await rows.nth(1).getByText(`${used} of ${KEYS_MAX}`).waitFor()
    await page.getByText('No limit is near').waitFor()
    for (let count = used; count < KEYS_MAX - 1; count += 1) await createKey(`More ${count}`)
    await open('quotas')
    await page.getByText('Keys: 90% of the limit is used').waitFor()
    await rows.nth(1).getByText('Nearly used up').waitFor()
    expect(await lookFaults(page)).toEqual([])
    await createKey('Last')
    await open('quotas')
    await page.getByText('Keys: the limit is used up').waitFor()
    await rows.nth(1).getByText('Used up').waitFor()
    await page.getByText(`SALLYPORT_QUOTAS=acme/keys=${2 * KEYS_MAX}`).waitFor()
    const refused = await acme.call('POST', `${ACME}/keys`, { name: 'one more', type: 'secret' })
    expect([refused.status, refused.body['code']]).toEqual([403, 'quota_exceeded'])
    await rows.nth(1).getByRole('link', { name: 'Keys' }).click()
    await page.waitForURL(/\/keys$/)
    expect(dashboard.faults).toEqual([])
  })
})

test('a person who may only read keys can change nothing, and a person without roles sees no page', async () => {
  const { open } = dashboard
  const reader = await memberPage('Rhea', ['auditor'])
  await open('leaks', reader.page)
  await reader.page.getByRole('link', { name: 'Other' }).click()
  const panel = reader.page.getByRole('complementary', { name: 'Other' })
  await panel.getByRole('link', { name: 'Open key' }).waitFor()
  expect(await panel.getByRole('button', { name: /…$/ }).count()).toBe(0)
  expect(await reader.page.getByRole('button', { name: 'When a secret is found…' }).count()).toBe(0)
  await open('organization', reader.page)
  await reader.page.getByText('Changing this needs the permission organization.write').waitFor()
  await reader.page.getByRole('definition').filter({ hasText: 'Acme Wholesale' }).waitFor()
  await reader.page.getByText('Key created, Key rolled, Key could not be rolled on its schedule').waitFor()
  expect(await reader.page.getByRole('button', { name: 'Save' }).count()).toBe(0)
  expect(await lookFaults(reader.page)).toEqual([])
  await reader.page.getByRole('link', { name: 'Open the page of leaks' }).click()
  await reader.page.waitForURL(/\/leaks$/)
  await reader.context.close()

  const caller = await memberPage('Ivo', ['invoker'])
  await open('', caller.page)
  await caller.page.getByRole('heading', { level: 1 }).waitFor()
  expect(await caller.page.getByRole('link', { name: /^(?:Leaks|Organization|Quotas)$/ }).count()).toBe(0)
  for (const name of ['leaks', 'organization', 'quotas']) {
    await open(name, caller.page)
    await caller.page.getByRole('alert').waitFor()
  }
  await caller.context.close()
})
