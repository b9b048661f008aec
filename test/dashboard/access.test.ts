import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, textAt } from '../support/api-client.ts'
import {
  accessibilityFaults,
  lookFaults,
  type Dashboard,
  openDashboard,
  OWNER_EMAIL,
  PASSWORD,
  signIn,
} from '../support/dashboard.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'

/*
 * The pages about who may do what: consumers, external keys, roles, members and invitations. In a real browser, against a real
 * server and its gateway.
 */

const ACME = '/v1/organizations/acme'
const NEW_PASSWORD = 'battery horse staple 9'
let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
  await publishPipeline(dashboard.acme, 'orders')
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

/** Copies a secret that is shown once, closes its dialog, and checks that the page has it no more. */
async function takeSecret(page: Page, label: string): Promise<string> {
  const shown = page.getByRole('textbox', { name: label })
  const secret = await shown.inputValue()
  await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await shown.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(secret)
  expect(page.url()).not.toContain(secret)
  return secret
}

/** Confirms a removal by typing the name, and closes the receipt. */
async function confirmRemoval(page: Page, name: string, submit: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  const button = dialog.getByRole('button', { name: submit })
  expect(await button.getAttribute('aria-disabled')).toBe('true')
  await dialog.getByLabel(`Type ${name} to confirm`).fill(name)
  await button.click()
  await dialog.getByText(/In force on 1 of 1 gateway after \d+ ms$/).waitFor()
  await dialog.getByRole('button', { name: 'Close', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .locator('input')
    .and(page.getByLabel(label, { exact: true }))
    .click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** Creates another organization, whose owner key the answer has. */
async function makeOrganization(slug: string, name: string): Promise<ApiClient> {
  const made = await dashboard.acme.must('POST', '/v1/organizations', { slug, name })
  return dashboard.acme.as(textAt(made, 'token'))
}

/** Opens an invitation in a new context, as a person without an account, and accepts it. */
async function joinAs(link: string, name: string): Promise<{ context: BrowserContext; page: Page }> {
  const context = await dashboard.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
  expect(page.url()).not.toContain('#')
  await page.getByRole('button', { name: 'Create account and accept' }).click()
  await page.waitForURL(/\/organizations\//)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return { context, page }
}

describe('a consumer', () => {
  test('is created, associated, switched off and removed on its page', async () => {
    const { page, open } = dashboard
    await open('consumers')
    await page.getByText('No consumer yet').waitFor()
    await page.getByRole('button', { name: 'Create consumer' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('mobile-app')
    await dialog.getByLabel('Title').fill('App für 東京 ')
    await choose(page, 'Environment', 'prod')
    await choose(page, 'Pipelines', 'orders')
    await dialog.getByRole('button', { name: 'Create consumer' }).click()
    await page.getByText('mobile-app is ready').waitFor()
    const token = await takeSecret(page, 'Token')
    expect(await statusWith(token)).toBe(200)

    // The panel of the new consumer is open.
    await page.getByRole('heading', { name: 'mobile-app' }).waitFor()
    await page.getByRole('definition').filter({ hasText: 'App für 東京' }).waitFor()
    await page.getByRole('button', { name: 'Edit…' }).click()
    await dialog.getByLabel('Title').fill('ad\u200dmin')
    await dialog.getByLabel('Description').fill('Of the shop.')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await dialog.getByText('none of them invisible').waitFor()
    await dialog.getByLabel('Title').fill('')
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('mobile-app is saved').waitFor()
    await page.getByRole('definition').filter({ hasText: 'Of the shop.' }).waitFor()
    await page.getByRole('definition').filter({ hasText: 'App für 東京' }).waitFor({ state: 'hidden' })

    await page.getByRole('button', { name: 'Remove orders' }).click()
    await page.getByText(/may no longer call orders on 1 gateway after/).waitFor()
    expect(await statusWith(token)).toBe(403)
    await choose(page, 'Add a pipeline', 'orders')
    await page.getByText(/may call orders on 1 gateway after/).waitFor()
    expect(await statusWith(token)).toBe(200)

    // By its project as well as by itself, then by its project alone.
    await choose(page, 'Add a project', 'default')
    await page.getByText(/may call every pipeline of default on 1 gateway after/).waitFor()
    const listed = page.getByRole('list', { name: 'Pipelines' }).getByRole('listitem')
    await listed.filter({ hasText: 'also by the project default' }).waitFor()
    await page.getByRole('button', { name: 'Remove orders' }).click()
    await listed.filter({ hasText: 'orders by the project default' }).waitFor()
    expect(await statusWith(token)).toBe(200)
    expect(await page.getByRole('button', { name: 'Remove orders' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Remove default' }).click()
    await page.getByText(/may no longer call every pipeline of default on 1 gateway after/).waitFor()
    expect(await statusWith(token)).toBe(403)
    await choose(page, 'Add a pipeline', 'orders')
    await page.getByRole('button', { name: 'Remove orders' }).waitFor()
    expect(await statusWith(token)).toBe(200)

    await page.getByRole('button', { name: 'Switch off…' }).click()
    await page.getByRole('button', { name: 'Switch off', exact: true }).click()
    await page.getByText(/is switched off on 1 gateway after/).waitFor()
    expect(await statusWith(token)).toBe(401)
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText(/is switched on on 1 gateway after/).waitFor()
    expect(await statusWith(token)).toBe(200)

    await page.getByRole('link', { name: 'Show 1 key' }).click()
    await page.getByRole('button', { name: 'Clear the filter Consumer' }).waitFor()
    await page.getByText('1 of 1 loaded').waitFor()
    await page.goBack()

    await page.getByRole('button', { name: 'Remove…', exact: true }).last().click()
    await confirmRemoval(page, 'mobile-app', 'Remove consumer')
    expect(await statusWith(token)).toBe(401)
    await page.getByText('No consumer yet').waitFor()
    expect(dashboard.faults).toEqual([])
  })

  test('gets Basic credentials and portal links, each shown once', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/consumers`, { name: 'erp', environment: 'prod' })
    await open(`consumers?consumer=${textAt(made, 'consumer', 'id')}`)
    await page.getByRole('button', { name: 'Create…' }).click()
    await page.getByLabel('User name').fill('erp-legacy')
    await page.getByRole('button', { name: 'Create credential' }).click()
    await page.getByText('erp-legacy is ready').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByText('Close without copying the password?').waitFor()
    await page.keyboard.press('Escape')
    expect(await takeSecret(page, 'Password')).toMatch(/\S{16,}/)
    await page.getByRole('button', { name: 'Remove erp-legacy' }).click()
    await page.getByRole('button', { name: 'Remove credential' }).click()
    await page
      .getByText(/In force on 1 of 1 gateway/)
      .first()
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('button', { name: 'Remove erp-legacy' }).waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Make a link…' }).click()
    await page.getByRole('checkbox', { name: 'Roll a key, finish and undo' }).check()
    await page.getByRole('button', { name: 'Make link' }).click()
    expect(await takeSecret(page, 'Portal link')).toContain('/portal#')
    await page.getByText('See the keys · Roll a key, finish and undo').waitFor()
    await page.getByRole('button', { name: /^End por_/ }).click()
    await page.getByText(/The portal session has ended on 1 gateway/).waitFor()
    await page.getByText('None in use').waitFor()
  })

  test('is refused a name that is taken, and the form loses nothing', async () => {
    const { page, open } = dashboard
    await open('consumers?dialog=create&environment=prod')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('erp')
    await dialog.getByRole('button', { name: 'Create consumer' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('erp')
  })

  test('is searched in the URL', async () => {
    const { page, acme, open } = dashboard
    await acme.must('POST', `${ACME}/consumers`, { name: 'warehouse', environment: 'prod' })
    await open('consumers')
    await page.getByRole('searchbox', { name: 'Search consumers' }).fill('ware')
    await page.waitForURL(/search=ware/)
    await page.getByText('1 consumer found among 2').waitFor()
    await page.reload()
    await page.getByText('1 consumer found among 2').waitFor()
    await page.getByRole('searchbox', { name: 'Search consumers' }).fill('nothing')
    await page.getByRole('link', { name: 'Clear all filters' }).click()
    await page.getByRole('link', { name: 'erp' }).waitFor()
    // What is not valid in the URL is left out.
    await open('consumers?consumer=&status=nonsense')
    await page.getByText('2 consumers', { exact: true }).waitFor()
    expect(page.url()).toMatch(/\/consumers$/)
  })
})

describe('an external key', () => {
  test('is added, edited, switched off and removed here, and forbidden by its owner', async () => {
    const { page, open } = dashboard
    const partner = await makeOrganization('nordwind', 'Nordwind Freight')
    const made = await partner.must('POST', '/v1/organizations/nordwind/keys', {
      name: 'ERP',
      type: 'secret',
    })
    const token = textAt(made, 'token')
    const keyId = textAt(made, 'key', 'id')
    const invited = await partner.must('POST', '/v1/organizations/nordwind/invitations', {
      email: 'petra@example.com',
      roles: ['admin'],
    })
    const { context, page: partnerPage } = await joinAs(textAt(invited, 'link'), 'Petra Partner')
    expect(await statusWith(token)).toBe(403)

    await open('keys/external')
    await page.getByText('No external key yet').waitFor()
    await page.getByRole('button', { name: 'Add external key' }).click()
    await page.getByLabel('Key id').fill(keyId)
    const submit = page.getByRole('button', { name: 'Add key' })
    // No role is preselected, and one is needed.
    expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0)
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('checkbox', { name: 'invoker' }).check()
    await page.getByText('1 of 35 permissions').waitFor()
    await submit.click()
    await page.getByRole('heading', { name: keyId }).waitFor()
    expect(await statusWith(token)).toBe(200)

    await page.getByRole('button', { name: 'Edit…' }).click()
    await page.getByLabel('Label').fill('orders-feed')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/orders-feed is changed on 1 gateway/).waitFor()
    await page.getByRole('heading', { name: 'orders-feed' }).waitFor()

    await page.getByRole('button', { name: 'Switch off…' }).click()
    await page.getByRole('button', { name: 'Switch off', exact: true }).click()
    await page.getByText(/orders-feed is switched off here on 1 gateway/).waitFor()
    expect(await statusWith(token)).not.toBe(200)
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText(/orders-feed is switched on here on 1 gateway/).waitFor()
    expect(await statusWith(token)).toBe(200)

    // The other side, in a context of its own.
    await partnerPage.goto(`/organizations/nordwind/keys?key=${keyId}`)
    await partnerPage.getByRole('button', { name: 'Forbid Acme…' }).click()
    await partnerPage.getByRole('button', { name: 'Forbid', exact: true }).click()
    await partnerPage
      .getByText(/In force on 1 of 1 gateway/)
      .first()
      .waitFor()
    expect(await statusWith(token)).not.toBe(200)
    await open('keys/external')
    await page.getByText('its owner forbids it here').waitFor()
    await partnerPage.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await partnerPage.getByRole('button', { name: 'Allow Acme' }).click()
    await partnerPage.getByText(/acme may accept the key on 1 gateway/).waitFor()
    expect(await statusWith(token)).toBe(200)

    // The same for all its keys, where it sees which organizations accept them.
    await partnerPage.goto('/organizations/nordwind/keys/external')
    const accepted = partnerPage.getByRole('table', { name: 'Organizations that accept our keys' })
    const acme = accepted.getByRole('row', { name: /^Acme/ })
    await acme.getByText('Allowed').waitFor()
    expect(await acme.getByRole('link', { name: 'ERP' }).first().getAttribute('href')).toContain(
      `key=${keyId}`,
    )
    await acme.getByRole('button', { name: 'Forbid… ERP at Acme' }).waitFor()
    const allKeys = partnerPage.getByRole('switch', { name: 'Other organizations may accept our keys' })
    await allKeys.click()
    const dialog = partnerPage.getByRole('dialog')
    await dialog.getByText('1 key stops working at 1 organization.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await allKeys.isChecked()).toBe(true)
    expect(await statusWith(token)).toBe(200)
    await allKeys.click()
    await dialog.getByRole('button', { name: 'Forbid all' }).click()
    await dialog.getByText(/In force on 1 of 1 gateway after \d+ ms$/).waitFor()
    expect(await statusWith(token)).not.toBe(200)
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await acme.getByText('by the rule for all keys').waitFor()
    await partnerPage.getByText('no other organization may accept our keys', { exact: true }).waitFor()
    expect(await acme.getByRole('button').count()).toBe(0)
    expect(await lookFaults(partnerPage)).toEqual([])
    // To allow one partner would change nothing, so the details of the key do not offer it.
    await acme.getByRole('link', { name: 'ERP' }).first().click()
    await partnerPage.getByText(/by the rule for all keys/).waitFor()
    expect(await partnerPage.getByRole('button', { name: /^(?:Allow|Forbid) Acme/ }).count()).toBe(0)
    await partnerPage.goBack()
    await allKeys.click()
    await partnerPage.getByText(/Other organizations may accept our keys on 1 gateway/).waitFor()
    expect(await statusWith(token)).toBe(200)
    await acme.getByRole('button', { name: 'Forbid… ERP at Acme' }).click()
    await dialog.getByRole('button', { name: 'Forbid', exact: true }).click()
    await dialog.getByText(/In force on 1 of 1 gateway after \d+ ms$/).waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    expect(await statusWith(token)).not.toBe(200)
    await acme.getByRole('button', { name: 'Allow ERP at Acme' }).click()
    await partnerPage.getByText(/acme may accept the key on 1 gateway/).waitFor()
    expect(await statusWith(token)).toBe(200)

    await page.getByRole('link', { name: 'orders-feed' }).click()
    await page.getByRole('button', { name: 'Remove…' }).click()
    await confirmRemoval(page, 'orders-feed', 'Remove key')
    await page.getByText('No external key yet').waitFor()
    expect(await statusWith(token)).toBe(403)
    await context.close()
  })

  test('that does not exist is refused in the form', async () => {
    const { page, open } = dashboard
    await open('keys/external?form=add')
    await page.getByLabel('Key id').fill('key_0000000000000000')
    await page.getByRole('checkbox', { name: 'invoker' }).check()
    await page.getByRole('button', { name: 'Add key' }).click()
    await page.getByRole('alert').getByText('Key id:').waitFor()
    expect(await page.getByLabel('Key id').inputValue()).toBe('key_0000000000000000')
  })
})

describe('a role', () => {
  test('is composed in the matrix, given, changed, taken and removed', async () => {
    const { page, acme, open } = dashboard
    await open('roles')
    await page.getByText('7 built-in roles, 0 of your own').waitFor()
    await page.getByRole('link', { name: 'Create role' }).click()
    await page.getByLabel('Name').fill('orders-partner')
    const submit = page.getByRole('button', { name: 'Create role' })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('checkbox', { name: 'keys.read, prod', exact: true }).check()
    await page.getByRole('checkbox', { name: 'consumers.read, Everywhere' }).check()
    expect(await page.getByRole('checkbox', { name: 'consumers.read, prod' }).isDisabled()).toBe(true)
    await choose(page, 'Pipeline or project', 'orders')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await submit.click()
    await page.getByText('orders-partner can be given now').waitFor()
    await page.getByText('Nobody has it.').waitFor()
    const { body } = await acme.call('GET', `${ACME}/roles/orders-partner`)
    expect(body['permissions']).toEqual(
      expect.arrayContaining([
        { permission: 'keys.read', environment: 'prod' },
        { permission: 'consumers.read' },
        { permission: 'pipelines.invoke', pipeline: 'orders' },
      ]),
    )

    // A role that a key has cannot be removed, and says why.
    const made = await acme.must('POST', `${ACME}/keys`, {
      name: 'partner',
      type: 'secret',
      roles: ['orders-partner'],
    })
    const token = textAt(made, 'token')
    expect(await statusWith(token)).toBe(200)
    await open('roles?role=orders-partner')
    await page.getByText('1 holder has it. Give them another role before you remove it.').waitFor()
    const remove = page.getByRole('button', { name: 'Remove…' })
    expect(await remove.getAttribute('aria-disabled')).toBe('true')
    await page.getByRole('link', { name: 'Edit…' }).click()
    await page.getByRole('button', { name: 'Remove pipelines.invoke, orders' }).click()
    await page.getByText('1 holder gets this with the next request.').waitFor()
    await page.getByRole('button', { name: 'Save role' }).click()
    await page.getByText(/orders-partner is changed on 1 gateway/).waitFor()
    expect(await statusWith(token)).toBe(403)

    await acme.must('DELETE', `${ACME}/keys/${textAt(made, 'key', 'id')}`)
    await open('roles?role=orders-partner')
    await page.getByText('Nobody has it.').waitFor()
    await page.getByRole('button', { name: 'Remove…' }).click()
    await confirmRemoval(page, 'orders-partner', 'Remove role')
    await page.getByText('7 built-in roles, 0 of your own').waitFor()
  })
})

/** The names of permissions of a role that is limited nowhere. */
async function permissionsOf(role: string): Promise<readonly string[]> {
  const { permissions } = await dashboard.acme.must('GET', `${ACME}/roles/${role}`)
  const all = permissions as unknown as readonly { readonly permission: string }[]
  return all.map(({ permission }) => permission).toSorted()
}

describe('two admins change the same at the same time', () => {
  const CHANGED = 'Another person changed this role while you edited it.'

  test('and the later one sees what the other has done to a role, and saves on top of it', async () => {
    const { page, acme, open } = dashboard
    await acme.must('POST', `${ACME}/roles`, { name: 'shared', permissions: [{ permission: 'keys.read' }] })
    const invitation = { email: 'ada@example.com', roles: ['admin'] }
    const invited = await acme.must('POST', `${ACME}/invitations`, invitation)
    const { context, page: ada } = await joinAs(textAt(invited, 'link'), 'Ada Admin')
    const matrix = (of: Page, permission: string) =>
      of.getByRole('checkbox', { name: `${permission}, Everywhere`, exact: true })
    await open('roles/edit?role=shared')
    await ada.goto('/organizations/acme/roles/edit?role=shared')
    await matrix(page, 'usage.read').check()
    await matrix(ada, 'audit.read').check()
    await ada.getByRole('button', { name: 'Save role' }).click()
    await ada.getByText(/shared is changed on 1 gateway/).waitFor()

    // What the page reads in the background was not seen when the form opened.
    const read = page.waitForResponse((response) => response.url().endsWith('/roles/shared'))
    await page.evaluate('window.dispatchEvent(new Event("visibilitychange"))')
    await read
    expect(await matrix(page, 'audit.read').isChecked()).toBe(false)
    await page.getByRole('button', { name: 'Save role' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText(CHANGED).waitFor()
    await alert.getByText('added audit.read (everywhere)').waitFor()
    await alert.getByText('added usage.read (everywhere)').waitFor()
    expect(await matrix(page, 'usage.read').isChecked()).toBe(true)
    expect(await permissionsOf('shared')).toEqual(['audit.read', 'keys.read'])
    expect(await lookFaults(page)).toEqual([])
    await alert.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText(/shared is changed on 1 gateway/).waitFor()
    expect(await permissionsOf('shared')).toEqual(['audit.read', 'keys.read', 'usage.read'])

    // The other way: what was typed is given up for what is there.
    await open('roles/edit?role=shared')
    await matrix(page, 'webhooks.read').check()
    await ada.getByRole('link', { name: 'Edit…' }).click()
    await matrix(ada, 'usage.read').uncheck()
    await ada.getByRole('button', { name: 'Save role' }).click()
    await ada
      .getByText(/shared is changed on 1 gateway/)
      .last()
      .waitFor()
    await page.getByRole('button', { name: 'Save role' }).click()
    await alert.getByText('removed usage.read (everywhere)').waitFor()
    await alert.getByRole('button', { name: 'Take over the new state' }).click()
    await alert.waitFor({ state: 'detached' })
    expect(await matrix(page, 'webhooks.read').isChecked()).toBe(false)
    expect(await matrix(page, 'usage.read').isChecked()).toBe(false)
    await page.getByText('Nothing is changed yet.').waitFor()
    expect(await permissionsOf('shared')).toEqual(['audit.read', 'keys.read'])

    // A removal asks again.
    await open('roles?role=shared')
    await page.getByRole('button', { name: 'Remove…' }).click()
    await ada.getByRole('link', { name: 'Edit…' }).click()
    await matrix(ada, 'members.read').check()
    await ada.getByRole('button', { name: 'Save role' }).click()
    await expect.poll(async () => await permissionsOf('shared')).toContain('members.read')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type shared to confirm').fill('shared')
    await dialog.getByRole('button', { name: 'Remove role' }).click()
    await dialog.getByText('Another person changed this role after you were asked.').waitFor()
    expect(await dialog.getByLabel('Type shared to confirm').inputValue()).toBe('')
    expect(await permissionsOf('shared')).toContain('members.read')
    expect(await accessibilityFaults(page)).toEqual([])
    await confirmRemoval(page, 'shared', 'Remove role')
    await context.close()
  })

  test('of a member, whose roles of both stay', async () => {
    const { page, acme, open } = dashboard
    const { items } = await acme.must('GET', `${ACME}/members`)
    const members = items as unknown as readonly { readonly id: string; readonly name: string }[]
    const ada = members.find(({ name }) => name === 'Ada Admin')?.id ?? ''
    await open(`members?member=${ada}`)
    await page.getByRole('button', { name: 'Change roles…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('checkbox', { name: 'auditor' }).check()
    await acme.must('PATCH', `${ACME}/members/${ada}`, { roles: ['admin', 'invoker'] })
    await dialog.getByRole('button', { name: 'Change roles', exact: true }).click()
    await dialog.getByText('Another person changed this member while you edited it.').waitFor()
    await dialog.getByText('added invoker').waitFor()
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText(/Ada Admin has other roles now on 1 gateway/).waitFor()
    const { roles } = await acme.must('GET', `${ACME}/members/${ada}`)
    expect(Object.values(roles ?? {})).toEqual(expect.arrayContaining(['admin', 'invoker', 'auditor']))

    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Remove…' }).click()
    await acme.must('PATCH', `${ACME}/members/${ada}`, { roles: ['admin'] })
    await dialog.getByLabel('Type Ada Admin to confirm').fill('Ada Admin')
    await dialog.getByRole('button', { name: 'Remove member' }).click()
    await dialog.getByText('Another person changed this member after you were asked.').waitFor()
    await confirmRemoval(page, 'Ada Admin', 'Remove member')
  })

  test('of a consumer that is removed, and of an external key', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/consumers`, { name: 'shared-one', environment: 'prod' })
    const id = textAt(made, 'consumer', 'id')
    await open(`consumers?consumer=${id}`)
    await page.getByRole('button', { name: 'Remove…', exact: true }).last().click()
    await acme.must('PATCH', `${ACME}/consumers/${id}`, { pipelines: ['orders'] })
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type shared-one to confirm').fill('shared-one')
    await dialog.getByRole('button', { name: 'Remove consumer' }).click()
    await dialog.getByText('Another person changed this consumer after you were asked.').waitFor()
    await dialog.getByText('orders', { exact: true }).waitFor()
    await confirmRemoval(page, 'shared-one', 'Remove consumer')

    const partner = await makeOrganization('suedwind', 'Suedwind')
    const theirs = await partner.must('POST', '/v1/organizations/suedwind/keys', {
      name: 'ERP',
      type: 'secret',
    })
    const added = await acme.must('POST', `${ACME}/external-keys`, {
      keyId: textAt(theirs, 'key', 'id'),
      roles: ['invoker'],
    })
    const external = textAt(added, 'id')
    await open(`keys/external?external=${external}`)
    await page.getByRole('button', { name: 'Edit…' }).click()
    await page.getByLabel('Label').fill('mine')
    await acme.must('PATCH', `${ACME}/external-keys/${external}`, {
      label: 'theirs',
      addressRules: ['203.0.113.0/24'],
    })
    await page.getByRole('button', { name: 'Save' }).click()
    const alert = page.getByRole('alert')
    await alert.getByText('Another person changed this external key while you edited it.').waitFor()
    await alert.getByText('theirs', { exact: true }).waitFor()
    await alert.getByText('203.0.113.0/24').waitFor()
    expect(await page.getByLabel('Label').inputValue()).toBe('mine')
    await alert.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText(/mine is changed on 1 gateway/).waitFor()
    expect(await acme.must('GET', `${ACME}/external-keys/${external}`)).toMatchObject({
      label: 'mine',
      addressRules: ['203.0.113.0/24'],
    })
    await page.getByRole('button', { name: 'Remove…' }).click()
    await acme.must('PATCH', `${ACME}/external-keys/${external}`, { roles: ['auditor'] })
    await dialog.getByLabel('Type mine to confirm').fill('mine')
    await dialog.getByRole('button', { name: 'Remove key' }).click()
    await dialog.getByText('Another person changed this external key after you were asked.').waitFor()
    await confirmRemoval(page, 'mine', 'Remove key')
  })
})

describe('a member', () => {
  test('is invited, joins, gets other roles, loses a page and is removed', async () => {
    const { page, open } = dashboard
    await open('members')
    await page.getByText('1 member, 1 of them an owner').waitFor()
    await page.getByRole('button', { name: 'Invite a person' }).click()
    await page.getByRole('dialog').getByLabel('E-mail address').fill('nora@example.com')
    await page.getByRole('dialog').getByRole('checkbox', { name: 'auditor' }).check()
    await page.getByRole('button', { name: 'Invite', exact: true }).click()
    const link = await takeSecret(page, 'Invitation link')
    const { context, page: nora } = await joinAs(link, 'Nora Newcomer')
    const navigation = nora.getByRole('navigation', { name: 'Main' })
    await navigation.getByRole('link', { name: 'Members' }).click()
    await nora.getByText('2 members, 1 of them an owner').waitFor()
    // An auditor changes nothing.
    expect(await nora.getByRole('button', { name: 'Invite a person' }).count()).toBe(0)

    await open('members')
    await page.getByRole('link', { name: 'Nora Newcomer' }).click()
    await page.getByRole('button', { name: 'Change roles…' }).click()
    await page.getByRole('checkbox', { name: 'auditor' }).uncheck()
    await page.getByRole('checkbox', { name: 'key-manager' }).check()
    await page.getByRole('button', { name: 'Change roles', exact: true }).click()
    await page.getByText(/Nora Newcomer has other roles now on 1 gateway/).waitFor()
    await nora.reload()
    await nora.getByRole('alert').getByText('You may not do this').first().waitFor()
    const words = await navigation.getByRole('link').allInnerTexts()
    expect(words).toContain('API keys')
    expect(words).not.toContain('Members')

    await page.getByRole('button', { name: 'Remove…' }).click()
    await confirmRemoval(page, 'Nora Newcomer', 'Remove member')
    await page.getByText('1 member, 1 of them an owner').waitFor()
    await nora.goto('/')
    await nora.getByText('You are in no organization').first().waitFor()
    await context.close()
  })

  test('with an account accepts as who is signed in, or signs in on the page', async () => {
    const { acme, context, page } = dashboard
    const partner = await makeOrganization('halden', 'Halden Pay')
    const invitation = { email: OWNER_EMAIL, roles: ['auditor'] }
    const first = await partner.must('POST', '/v1/organizations/halden/invitations', invitation)
    await page.goto(textAt(first, 'link'))
    await page.getByText(`You are signed in as Olivia Owner, ${OWNER_EMAIL}.`).waitFor()
    await page.getByRole('button', { name: 'Accept invitation' }).click()
    await page.waitForURL(/\/organizations\/halden/)

    const other = await makeOrganization('kestrel', 'Kestrel Maps')
    const second = await other.must('POST', '/v1/organizations/kestrel/invitations', invitation)
    const visitor = await dashboard.newContext()
    const visitorPage = await visitor.newPage()
    await visitorPage.goto(textAt(second, 'link'))
    await visitorPage.getByLabel('Your name').fill('Olivia')
    await visitorPage.getByLabel('Password', { exact: true }).fill(NEW_PASSWORD)
    await visitorPage.getByRole('button', { name: 'Create account and accept' }).click()
    await visitorPage.getByText('There is an account for this address. Sign in with it.').waitFor()
    await visitorPage.getByLabel('E-mail address').fill(OWNER_EMAIL)
    await visitorPage.getByLabel('Password', { exact: true }).fill('not the password')
    await visitorPage.getByRole('button', { name: 'Sign in and accept' }).click()
    await visitorPage.getByText('The e-mail address or the password is wrong.').waitFor()
    await visitorPage.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await visitorPage.getByRole('button', { name: 'Sign in and accept' }).click()
    await visitorPage.waitForURL(/\/organizations\/kestrel/)
    await visitor.close()
    expect(await acme.call('GET', ACME)).toMatchObject({ status: 200 })
    await signIn(context)
  })

  test('who is not expected any more finds a link that no longer works', async () => {
    const { page, acme, open } = dashboard
    const made = await acme.must('POST', `${ACME}/invitations`, {
      email: 'mei@example.com',
      roles: ['developer'],
    })
    await open('members/invitations')
    await page.getByRole('link', { name: 'mei@example.com' }).click()
    await page.getByRole('button', { name: 'Withdraw…' }).click()
    await page.getByRole('button', { name: 'Withdraw invitation' }).click()
    await page.getByText(/The invitation of mei@example.com is withdrawn on 1 gateway/).waitFor()
    await page.getByText('No open invitation').waitFor()
    await page.goto(textAt(made, 'link'))
    await page.getByRole('button', { name: 'Accept invitation' }).click()
    await page.getByText('This link no longer works').waitFor()
    await page.goto('/invitation')
    await page.getByText('This address is not complete').waitFor()
  })
})
