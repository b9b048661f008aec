import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { publishPipeline } from '../support/dashboard-pipeline.ts'
import { type Dashboard, lookFaults, openDashboard, signIn } from '../support/dashboard.ts'

/*
 * The page of policies, in a real browser, against a real server.
 */

const ACME = '/v1/organizations/acme'
let dashboard: Dashboard

beforeAll(async () => {
  dashboard = await openDashboard()
  await signIn(dashboard.context)
  await publishPipeline(dashboard.acme, 'orders')
  await publishPipeline(dashboard.acme, 'quotes')
})

afterAll(async () => {
  await dashboard[Symbol.asyncDispose]()
})

describe('a mode', () => {
  test('shows its effect before it is set, and needs the name of the environment', async () => {
    const { page, acme, open } = dashboard
    await open('policies?environment=prod')
    await page.getByText('of 2 conform').first().waitFor()
    await page.getByRole('radio', { name: /jwt-and-api-key/ }).check()
    await page.getByText('2 stop conforming').waitFor()
    expect(await page.getByRole('row', { name: /orders 1.0 JWT off/ }).count()).toBe(1)
    const { body: before } = await acme.call('GET', `${ACME}/environments/prod/policies/external-api-access`)
    expect(before['mode']).toBe('any')

    await page.getByRole('button', { name: 'Set JWT and API key for prod…' }).click()
    const submit = page.getByRole('button', { name: 'Set policy' })
    expect(await submit.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Type prod to confirm').fill('prod')
    await submit.click()
    await page.getByText(/The policy of prod is in force on 1 gateway after \d+ ms/).waitFor()
    await page.getByRole('link', { name: '2 not conforming' }).waitFor()
    const { body } = await acme.call('GET', `${ACME}/environments/prod/policies/external-api-access`)
    expect(body['mode']).toBe('jwt-and-api-key')
    const history = page.getByRole('region', { name: 'History of prod' })
    await history.getByText('Olivia Owner').waitFor()
    expect(dashboard.faults).toEqual([])
  })

  test('that is not met lists what each deployment lacks, and refuses the next deployment', async () => {
    const { page, acme, open } = dashboard
    await open('policies?environment=prod')
    await page.getByRole('link', { name: '2 not conforming' }).click()
    await page.getByRole('heading', { name: 'Not conforming in prod' }).waitFor()
    await page.getByRole('heading', { name: 'orders 1.0' }).waitFor()
    const refused = await acme.call('POST', `${ACME}/deployments`, {
      pipeline: 'orders',
      version: '1.0',
      environment: 'prod',
    })
    expect([refused.status, refused.body['code']]).toEqual([422, 'deployment_refused'])
  })
})

test('the age of keys shows which keys would stop, before it is set', async () => {
  const { page, acme, open } = dashboard
  await open('policies?tab=age')
  await page.getByLabel('Maximum lifetime of a secret, in days').fill('30')
  await page.getByText('2 keys would stop earlier.').waitFor()
  await page.getByRole('cell', { name: 'Owner' }).waitFor()
  await page.getByRole('button', { name: 'Set key age…' }).click()
  await page.getByLabel('Type acme to confirm').fill('acme')
  await page.getByRole('button', { name: 'Set key age', exact: true }).click()
  await page.getByText('The age of the keys of the organization is in force').waitFor()
  await page.getByText('a secret ends after 30 days').waitFor()
  const { body } = await acme.call('GET', `${ACME}/policies/key-age`)
  expect(body).toMatchObject({ maxLifetimeDays: 30, rotationReminderDays: null })
})

test('a policy that another person sets meanwhile is not replaced unasked', async () => {
  const { page, acme, open } = dashboard
  const policy = `${ACME}/environments/test/policies/external-api-access`
  await open('policies?environment=test')
  await page.getByRole('radio', { name: /jwt-and-api-key/ }).check()
  await page.getByRole('button', { name: 'Set JWT and API key for test…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type test to confirm').fill('test')
  await acme.must('PUT', policy, { mode: 'jwt' })
  await dialog.getByRole('button', { name: 'Set policy' }).click()
  await dialog.getByText('Another person changed this policy after you were asked.').waitFor()
  await dialog.getByText('jwt', { exact: true }).waitFor()
  expect(await acme.must('GET', policy)).toMatchObject({ mode: 'jwt' })
  await dialog.getByLabel('Type test to confirm').fill('test')
  await dialog.getByRole('button', { name: 'Set policy' }).click()
  await page.getByText(/The policy of test is in force/).waitFor()
  expect(await acme.must('GET', policy)).toMatchObject({ mode: 'jwt-and-api-key' })

  const age = `${ACME}/environments/test/policies/key-age`
  await open('policies?tab=age&environment=test')
  await page.getByLabel('Maximum lifetime of a secret, in days').fill('100')
  await acme.must('PUT', age, { rotationReminderDays: 90, maxLifetimeDays: 200 })
  await page.getByRole('button', { name: 'Set key age…' }).click()
  await dialog.getByLabel('Type test to confirm').fill('test')
  await dialog.getByRole('button', { name: 'Set key age', exact: true }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('Another person changed this policy while you edited it.').waitFor()
  await alert.getByText('200 days').waitFor()
  await alert.getByText('After 90 days').waitFor()
  expect(await lookFaults(page)).toEqual([])
  await alert.getByRole('button', { name: 'Save mine anyway' }).click()
  await dialog.getByLabel('Type test to confirm').fill('test')
  await dialog.getByRole('button', { name: 'Set key age', exact: true }).click()
  await page.getByText(/^The age of the keys .* is in force/).waitFor()
  expect(await acme.must('GET', age)).toMatchObject({ rotationReminderDays: 90, maxLifetimeDays: 100 })
})

test('who may only read sees why nothing can be set', async () => {
  const { acme, newContext, server } = dashboard
  const invited = await acme.must('POST', `${ACME}/invitations`, {
    email: 'audrey@example.com',
    roles: ['auditor'],
  })
  const context = await newContext()
  const token = textAt(invited, 'link').split('#')[1] ?? ''
  const accepted = await context.request.post('/v1/invitations/accept', {
    data: { token, name: 'Audrey', password: 'correct horse battery staple' },
  })
  expect(accepted.ok()).toBe(true)
  await signIn(context, 'audrey@example.com')
  const page = await context.newPage()
  await page.goto(`${server.controlUrl}/organizations/acme/policies?environment=prod`)
  await page.getByText('Setting a policy needs the permission policies.write.').waitFor()
  expect(await page.getByRole('radio').first().isDisabled()).toBe(true)
  await context.close()
})
