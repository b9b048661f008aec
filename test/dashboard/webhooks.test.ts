import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyWebhook } from '../../packages/sdk/src/index.ts'
import { textAt } from '../support/api-client.ts'
import { accessibilityFaults, type Dashboard, openDashboard, signIn } from '../support/dashboard.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'

/*
 * The page of webhooks, in a real browser, with a real receiver.
 */

const ACME = '/v1/organizations/acme'

interface Message {
  readonly body: string
  readonly headers: Headers
}

const stack = new AsyncDisposableStack()
let dashboard: Dashboard
let receiver: Upstream
/** What the receiver answers. */
let status = 200
const messages: Message[] = []

beforeAll(async () => {
  receiver = stack.use(
    await startUpstream((request, response) => {
      text(request).then(
        (body) => {
          messages.push({ body, headers: new Headers(request.headers as Record<string, string>) })
          response.writeHead(status).end()
        },
        () => response.destroy(),
      )
    }),
  )
  dashboard = stack.use(await openDashboard())
  await signIn(dashboard.context)
})

afterAll(async () => {
  await stack.disposeAsync()
})

async function createKey(name: string): Promise<void> {
  await dashboard.acme.must('POST', `${ACME}/keys`, { name, type: 'secret' })
}

describe('a webhook', () => {
  test('is created, its message is verified with the secret that is shown once, and replayed', async () => {
    const { page, open } = dashboard
    await open('webhooks')
    await page.getByText('No webhook yet').waitFor()
    await page.getByRole('button', { name: 'Create webhook' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Address').fill(`${receiver.url}/events`)
    await dialog.getByLabel('Key created').check()
    await dialog.getByRole('button', { name: 'Create webhook' }).click()
    const shown = page.getByRole('textbox', { name: 'Signing secret' })
    const secret = await shown.inputValue()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByRole('button', { name: 'Copy and close' }).click()
    await shown.waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain(secret)

    await page.getByText('Nothing yet.').waitFor()
    await createKey('Told')
    const deliveries = page.getByRole('list', { name: 'Deliveries' })
    await deliveries.getByText('Delivered').waitFor()
    await deliveries.getByText(/1 attempt, answered 200 after \d+ ms/).waitFor()
    const [first] = messages
    expect(first).toBeDefined()
    const event = await verifyWebhook({ body: first?.body ?? '', headers: first?.headers ?? {}, secret })
    expect(event.type).toBe('key.created')

    await deliveries.getByRole('button', { name: 'Replay: Key created' }).click()
    await page.getByText('The event is sent again').waitFor()
    await expect.poll(() => messages.length).toBe(2)
    expect(messages[1]?.body).toBe(messages[0]?.body)
    expect(dashboard.faults).toEqual([])
  })

  test('that fails says how, is switched off and on, gets a new secret, and is deleted', async () => {
    const { page, open, acme } = dashboard
    status = 503
    await open('webhooks')
    await page.getByRole('link', { name: `${receiver.url}/events` }).click()
    await createKey('Not told')
    const deliveries = page.getByRole('list', { name: 'Deliveries' })
    await deliveries.getByText(/1 attempt, answered 503 after \d+ ms, next attempt/).waitFor()
    status = 200

    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByText('The webhook is switched off.').waitFor()
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByText('The webhook is switched on').waitFor()

    await page.getByRole('button', { name: 'New secret…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('textbox', { name: 'Signing secret' }).waitFor()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByText('Earlier secret signs until').waitFor()
    await page.getByRole('button', { name: 'New secret…' }).click()
    await page.getByText('A new one ends both at once').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    await page.getByRole('textbox', { name: 'Signing secret' }).waitFor()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()
    await page.getByText('Earlier secret signs until').waitFor({ state: 'detached' })

    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Key deleted').check()
    await dialog.getByLabel('Address').fill('nonsense')
    await dialog.getByLabel('Address').press('Enter')
    expect(await dialog.getByLabel('Key deleted').isChecked()).toBe(true)
    await dialog.getByLabel('Address').fill(`${receiver.url}/others`)
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await page.getByRole('heading', { name: `${receiver.url}/others` }).waitFor()
    const { body } = await acme.call('GET', `${ACME}/webhooks`)
    expect(body['items']).toMatchObject([{ events: ['key.created', 'key.deleted'] }])

    await page.getByRole('button', { name: 'Delete…' }).click()
    await dialog.getByLabel('Type 127.0.0.1 to confirm').fill('127.0.0.1')
    await dialog.getByRole('button', { name: 'Delete webhook' }).click()
    await dialog.getByText('The webhook is deleted').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByText('No webhook yet').waitFor()
  })

  test('that another person changes meanwhile keeps the changes of both, and is deleted only when asked again', async () => {
    const { page, open, acme } = dashboard
    const made = await acme.must('POST', `${ACME}/webhooks`, {
      url: `${receiver.url}/first`,
      events: ['key.created'],
    })
    const path = `${ACME}/webhooks/${textAt(made, 'id')}`
    await open(`webhooks?webhook=${textAt(made, 'id')}`)
    await page.getByRole('button', { name: 'Edit…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Key deleted').check()
    await acme.must('PATCH', path, { url: `${receiver.url}/theirs` })
    await dialog.getByRole('button', { name: 'Save changes' }).click()
    await dialog.getByText('Another person changed this webhook while you edited it.').waitFor()
    await dialog.getByText(`${receiver.url}/theirs`).waitFor()
    await dialog.getByText('You did not change it.').waitFor()
    expect(await dialog.getByLabel('Key deleted').isChecked()).toBe(true)
    expect(await accessibilityFaults(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await page.getByText('The webhook is changed').waitFor()
    await page.getByRole('heading', { name: `${receiver.url}/theirs` }).waitFor()
    const both = { url: `${receiver.url}/theirs`, events: ['key.created', 'key.deleted'] }
    expect(await acme.must('GET', path)).toMatchObject(both)

    // What one does to it oneself is not another person's change.
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Switch off' }).click()
    await page.getByText('The webhook is switched off.').waitFor()
    await page.getByRole('button', { name: 'Delete…' }).click()
    await acme.must('PATCH', path, { url: `${receiver.url}/moved` })
    const typed = dialog.getByLabel('Type 127.0.0.1 to confirm')
    await typed.fill('127.0.0.1')
    await dialog.getByRole('button', { name: 'Delete webhook' }).click()
    await dialog.getByText('Another person changed this webhook after you were asked.').waitFor()
    await dialog.getByRole('listitem').getByText(`${receiver.url}/moved`).waitFor()
    expect(await dialog.getByText('Status').count()).toBe(0)
    expect(await typed.inputValue()).toBe('')
    await acme.must('GET', path)
    await typed.fill('127.0.0.1')
    await dialog.getByRole('button', { name: 'Delete webhook' }).click()
    await dialog.getByText('The webhook is deleted').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    expect((await acme.call('GET', path)).status).toBe(404)
  })
})
