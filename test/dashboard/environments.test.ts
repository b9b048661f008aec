import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textAt } from '../support/api-client.ts'
import { type Dashboard, openDashboard, signIn } from '../support/dashboard.ts'
import { startEchoUpstream } from '../support/upstream.ts'

/*
 * The page of environments, in a real browser, against a real server and its gateway.
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

/** The names of the environments, in the order of promotion. */
async function order(): Promise<readonly unknown[]> {
  const { body } = await dashboard.acme.call('GET', `${ACME}/environments`)
  return (body['items'] as unknown as readonly { readonly name: string }[]).map(({ name }) => name)
}

/** What a pipeline in `prod` sends to its upstream: the path, and a header. */
async function sent(): Promise<string> {
  const response = await fetch(`${dashboard.server.gatewayUrl}/acme/prod/greeting`)
  const { url, headers } = (await response.json()) as {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
  }
  return `${url} ${headers['x-token']}`
}

describe('an environment', () => {
  test('is created at its place, moved, and takes only what is live before it', async () => {
    const { page, open } = dashboard
    await open('environments')
    await page.getByRole('row').filter({ hasText: 'prod' }).getByText('Anything goes').waitFor()
    await page.getByRole('button', { name: 'Create environment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('staging')
    await dialog.getByLabel('Place in the order of promotion').click()
    await page.getByRole('option', { name: 'Before prod' }).click()
    await dialog.getByRole('button', { name: 'Create environment' }).click()
    await page.getByRole('heading', { name: 'staging' }).waitFor()
    expect(await order()).toEqual(['test', 'staging', 'prod'])

    await page.getByRole('button', { name: 'Move earlier' }).click()
    await page.getByText('staging is now number 1').waitFor()
    expect(await order()).toEqual(['staging', 'test', 'prod'])
    await page.getByRole('button', { name: 'Move later' }).click()
    await page.getByText('staging is now number 2').waitFor()

    await page.getByLabel('Only versions that are live in test').click()
    await page.getByText('staging takes only versions that are live in test').waitFor()
    const { body } = await dashboard.acme.call('GET', `${ACME}/environments`)
    expect(body['items']).toMatchObject([{}, { name: 'staging', requiresPrevious: true }, {}])
  })

  test('is refused a name that is taken, and the form loses nothing', async () => {
    const { page, open } = dashboard
    await open('environments?dialog=create')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('prod')
    await dialog.getByRole('button', { name: 'Create environment' }).click()
    await dialog.getByRole('alert').waitFor()
    expect(await dialog.getByLabel('Name').inputValue()).toBe('prod')
  })

  test('is deleted after its name is typed, but not with a consumer in it', async () => {
    const { page, open, acme } = dashboard
    await acme.must('POST', `${ACME}/environments`, { name: 'trial' })
    const consumer = { name: 'tester', environment: 'trial', pipelines: [] }
    const made = await acme.must('POST', `${ACME}/consumers`, consumer)
    await open('environments?open=trial')
    await page.getByRole('button', { name: 'Delete…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type trial to confirm').fill('trial')
    await dialog.getByRole('button', { name: 'Delete environment' }).click()
    await dialog.getByRole('alert').waitFor()
    await acme.must('DELETE', `${ACME}/consumers/${textAt(made, 'consumer', 'id')}`)
    await dialog.getByRole('button', { name: 'Delete environment' }).click()
    await dialog.getByText('trial is deleted').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('heading', { name: 'trial' }).waitFor({ state: 'detached' })
    expect(await order()).not.toContain('trial')
  })
})

describe('gateways that are cut off', () => {
  test('serve the calls of an environment, until it says that they refuse them', async () => {
    const { page, open } = dashboard
    const chosen = async (): Promise<unknown> =>
      (await dashboard.acme.call('GET', `${ACME}/environments/prod`)).body['whenStale']
    await open('environments?open=prod')
    const section = page.getByRole('region', { name: 'When a gateway is cut off' })
    expect(await section.getByLabel('Go on serving').isChecked()).toBe(true)
    await section.getByLabel('Refuse calls').check()
    await page.getByText(/^prod refuses calls in gateways that are cut off: set on 1 gateway after/).waitFor()
    expect(await section.getByLabel('Go on serving').isChecked()).toBe(false)
    expect(await chosen()).toBe('refuse')
    await open('environments?open=prod')
    expect(await section.getByLabel('Refuse calls').isChecked()).toBe(true)
    await section.getByLabel('Go on serving').check()
    await page.getByText(/^prod is served by gateways that are cut off/).waitFor()
    expect(await chosen()).toBe('serve')
    expect(dashboard.faults).toEqual([])
  })
})

describe('variables and secrets', () => {
  test('are added, used at once, changed, kept while they are used, and removed', async () => {
    const { page, open, acme } = dashboard
    await open('environments?open=prod')
    const add = async (section: string, name: string, value: string): Promise<void> => {
      await page.getByRole('button', { name: `Add a ${section} to prod` }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Name').fill(name)
      await dialog.getByRole('textbox', { name: 'Value' }).fill(value)
      await dialog.getByRole('button', { name: `Save ${section}` }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await add('variable', 'place', 'Lisbon')
    await add('secret', 'TOKEN', 'first-secret')
    await page.getByText('Lisbon').waitFor()
    expect(await page.content()).not.toContain('first-secret')
    await using upstream = await startEchoUpstream()
    const proxy = { url: `${upstream.url}/{vars.PLACE}`, headers: { 'x-token': '{secrets.TOKEN}' } }
    await acme.must('POST', `${ACME}/pipelines`, {
      name: 'greeting',
      spec: { trigger: { kind: 'http', path: '/greeting' }, steps: [{ proxy }] },
    })
    const deployed = await acme.must('POST', `${ACME}/deployments`, {
      pipeline: 'greeting',
      version: '1.0',
      environment: 'prod',
    })

    expect(await sent()).toBe('/Lisbon first-secret')

    await page.getByRole('button', { name: 'Change PLACE' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('Porto')
    await dialog.getByRole('button', { name: 'Save variable' }).click()
    await page
      .getByText(/^PLACE is set on 1 gateway after/)
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Replace TOKEN' }).click()
    await dialog.getByRole('textbox', { name: 'Value' }).fill('second-secret')
    await dialog.getByRole('button', { name: 'Save secret' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await sent()).toBe('/Porto second-secret')

    await page.getByRole('button', { name: 'Remove PLACE' }).click()
    await dialog.getByRole('button', { name: 'Remove variable' }).click()
    await dialog.getByRole('alert').waitFor()
    await acme.must('DELETE', `${ACME}/deployments/${textAt(deployed, 'id')}`)
    await dialog.getByRole('button', { name: 'Remove variable' }).click()
    await dialog.getByText('PLACE is removed').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: 'Remove TOKEN' }).click()
    await dialog.getByLabel('Type TOKEN to confirm').fill('TOKEN')
    await dialog.getByRole('button', { name: 'Remove secret' }).click()
    await dialog.getByText('TOKEN is removed').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    expect(dashboard.faults).toEqual([])
  })
})

describe('what two admins change at the same time', () => {
  const REGION = `${ACME}/environments/prod/variables/REGION`
  const TOKEN = `${ACME}/environments/prod/secrets/SHARED`

  test('a variable that is there already is not replaced unasked, and no change is lost', async () => {
    const { page, open, acme } = dashboard
    const dialog = page.getByRole('dialog')
    const value = dialog.getByRole('textbox', { name: 'Value' })
    const save = async (): Promise<void> =>
      await dialog.getByRole('button', { name: 'Save variable' }).click()
    await open('environments?open=prod')
    await page.getByRole('button', { name: 'Add a variable to prod' }).click()
    await dialog.getByLabel('Name').fill('REGION')
    await value.fill('mine')
    await acme.must('PUT', REGION, { value: 'theirs' })
    await save()
    await dialog.getByText('There is a variable with this name already.').waitFor()
    await dialog.getByText('theirs', { exact: true }).waitFor()
    expect(await value.inputValue()).toBe('mine')
    expect(await acme.must('GET', REGION)).toMatchObject({ value: 'theirs' })
    await dialog.getByRole('button', { name: 'Take over the new state' }).click()
    await page.getByRole('heading', { name: 'Change REGION' }).waitFor()
    expect(await value.inputValue()).toBe('theirs')

    await value.fill('mine')
    await acme.must('PUT', REGION, { value: 'theirs again' })
    await save()
    await dialog.getByText('Another person changed this variable while you edited it.').waitFor()
    expect(await acme.must('GET', REGION)).toMatchObject({ value: 'theirs again' })
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await acme.must('GET', REGION)).toMatchObject({ value: 'mine' })

    await page.getByRole('button', { name: 'Change REGION' }).click()
    await value.fill('mine too')
    await acme.must('DELETE', REGION)
    await save()
    await dialog.getByText('Another person removed this variable while you edited it.').waitFor()
    await dialog.getByRole('button', { name: 'Add it anew' }).click()
    await dialog.waitFor({ state: 'detached' })
    expect(await acme.must('GET', REGION)).toMatchObject({ value: 'mine too' })

    await page.getByRole('button', { name: 'Remove REGION' }).click()
    await dialog.getByRole('button', { name: 'Remove variable' }).waitFor()
    await acme.must('PUT', REGION, { value: 'needed' })
    await dialog.getByRole('button', { name: 'Remove variable' }).click()
    await dialog.getByText('Another person changed this variable after you were asked.').waitFor()
    await dialog.getByText('needed').waitFor()
    await dialog.getByRole('button', { name: 'Remove variable' }).click()
    await dialog.getByText('REGION is removed').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  test('a secret tells that it has another value, and an environment that it is not where it was', async () => {
    const { page, open, acme } = dashboard
    const dialog = page.getByRole('dialog')
    await acme.must('PUT', TOKEN, { value: 'first' })
    await open('environments?open=prod')
    await page.getByRole('button', { name: 'Replace SHARED' }).click()
    await dialog.getByRole('textbox', { name: 'Value' }).fill('mine')
    await acme.must('PUT', TOKEN, { value: 'theirs' })
    await dialog.getByRole('button', { name: 'Save secret' }).click()
    await dialog.getByText('Another person changed this secret while you edited it.').waitFor()
    await dialog.getByText(/^Another value, set /).waitFor()
    await dialog.getByText('The value that you typed').waitFor()
    expect(await page.content()).not.toContain('theirs')
    await dialog.getByRole('button', { name: 'Save mine anyway' }).click()
    await dialog.waitFor({ state: 'detached' })

    // Its place in the order of promotion is not what it was when the button was drawn.
    await acme.must('PATCH', `${ACME}/environments/prod`, { position: 0 })
    const before = await order()
    await page.getByRole('button', { name: 'Move earlier' }).click()
    await page.getByRole('alert').getByText('Another person changed this environment').waitFor()
    expect(await order()).toEqual(before)
    await page.getByRole('button', { name: 'Move later' }).click()
    await page.getByText('prod is now number 2').waitFor()
    await acme.must('POST', `${ACME}/environments`, { name: 'doomed' })
    await open('environments?open=doomed')
    await page.getByRole('button', { name: 'Delete…' }).click()
    await acme.must('PATCH', `${ACME}/environments/doomed`, { requiresPrevious: true })
    await dialog.getByLabel('Type doomed to confirm').fill('doomed')
    await dialog.getByRole('button', { name: 'Delete environment' }).click()
    await dialog.getByText('Another person changed this environment after you were asked.').waitFor()
    await dialog.getByText('Requires previous').waitFor()
    await dialog.getByLabel('Type doomed to confirm').fill('doomed')
    await dialog.getByRole('button', { name: 'Delete environment' }).click()
    await dialog.getByText('doomed is deleted').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    const rest = (await order()).filter((name) => name !== 'prod')
    await acme.must('PATCH', `${ACME}/environments/prod`, { position: rest.length })
  })
})

describe('signing keys', () => {
  test('are published at the path that the panel shows', async () => {
    const { page, open, server } = dashboard
    await open('environments?open=prod')
    const path = await page.getByLabel('Path of the public keys').textContent()
    const response = await fetch(`${server.gatewayUrl}${path}`)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ keys: [{ kty: 'OKP' }] })
  })

  test('are rotated, and an old one is removed', async () => {
    const { page, open, acme } = dashboard
    await open('environments?open=test')
    const keys = page.getByRole('list', { name: 'Signing keys' })
    await keys.getByText('Signs').waitFor()
    await page.getByRole('button', { name: 'Rotate…' }).click()
    await page.getByRole('button', { name: 'Rotate key' }).click()
    await page.getByText(/^The new key signs on 1 gateway after/).waitFor()
    await keys.getByText(/^Verifies until/).waitFor()
    await keys.getByRole('button', { name: /^Remove/ }).click()
    await page.getByRole('button', { name: 'Remove key' }).click()
    await page.getByText('The signing key is removed').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    const { body } = await acme.call('GET', `${ACME}/environments/test/signing-keys`)
    expect(body['items']).toMatchObject([{ state: 'signing' }])
  })
})

/** A JWT of `https://login.example.com/` for `orders`, signed with an Ed25519 key. */
function jwtOf(privateKey: KeyObject): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const nowSeconds = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://login.example.com/',
    aud: 'orders',
    sub: 'olivia',
    iat: nowSeconds,
    exp: nowSeconds + 600,
  }
  const signed = `${part({ alg: 'EdDSA', kid: 'k1' })}.${part(claims)}`
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
}

test('a trusted issuer is added with its keys, its tokens are accepted, and refused once it is removed', async () => {
  const { page, open, acme, server } = dashboard
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  await acme.must('POST', `${ACME}/pipelines`, {
    name: 'for-people',
    spec: {
      trigger: { kind: 'http', path: '/for-people', authentication: { jwt: true } },
      steps: [{ respond: { status: 200, body: 'ok' } }],
    },
  })
  await acme.must('POST', `${ACME}/deployments`, {
    pipeline: 'for-people',
    version: '1.0',
    environment: 'test',
  })
  const status = async (): Promise<number> => {
    const headers = { authorization: `Bearer ${jwtOf(privateKey)}` }
    return (await fetch(`${server.gatewayUrl}/acme/test/for-people`, { headers })).status
  }
  expect(await status()).toBe(401)
  await open('environments?open=test')
  await page.getByRole('button', { name: 'Trust an issuer in test' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Issuer', { exact: true }).fill('https://login.example.com/')
  await dialog.getByLabel('Audience').fill('orders')
  await dialog.getByText('Pasted here').click()
  await dialog.getByLabel('JWK Set').fill('not JSON')
  await dialog.getByText('This is not JSON').waitFor()
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'EdDSA' }
  await dialog.getByLabel('JWK Set').fill(JSON.stringify({ keys: [jwk] }))
  await dialog.getByRole('button', { name: 'Trust issuer' }).click()
  await page.getByText('for orders · 1 key given').waitFor()
  await expect.poll(status).toBe(200)

  await page.getByRole('button', { name: 'Remove https://login.example.com/' }).click()
  await dialog.getByRole('button', { name: 'Stop trusting' }).click()
  await dialog.getByText('https://login.example.com/ is not trusted any more').waitFor()
  expect(await status()).toBe(401)
  await dialog.getByRole('button', { name: 'Close' }).click()
})

test('a plan is created, chosen for a consumer, changed, and removed once no consumer has it', async () => {
  const { page, open, acme, server } = dashboard
  const spec = {
    trigger: { kind: 'http', path: '/planned', authentication: { apiKey: true } },
    steps: [{ respond: { status: 200, body: 'ok' } }],
  }
  await acme.must('POST', `${ACME}/pipelines`, { name: 'planned', spec })
  await acme.must('POST', `${ACME}/deployments`, {
    pipeline: 'planned',
    version: '1.0',
    environment: 'test',
  })
  const made = await acme.must('POST', `${ACME}/consumers?wait=10`, {
    name: 'shop',
    environment: 'test',
    pipelines: ['planned'],
  })
  const consumer = textAt(made, 'consumer', 'id')
  const headers = { 'x-api-key': textAt(made, 'token') }
  const call = async (): Promise<readonly (number | string | null)[]> => {
    const response = await fetch(`${server.gatewayUrl}/acme/test/planned`, { headers })
    return [response.status, response.headers.get('ratelimit-policy')]
  }
  await expect.poll(call).toEqual([200, null])

  await open('environments?open=test')
  await page.getByText('None: only triggers and keys have limits').waitFor()
  await page.getByRole('button', { name: 'Create a plan in test' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('gold')
  await dialog.getByLabel('Title').fill('金')
  await dialog.getByLabel('Requests of limit 1').fill('2')
  await dialog.getByRole('button', { name: 'Add a limit' }).click()
  await dialog.getByLabel('Requests of limit 2').fill('1000')
  await dialog.getByLabel('Period of limit 2').click()
  await page.getByRole('option', { name: 'per day' }).click()
  await dialog.getByLabel('What limit 2 counts').click()
  await page.getByRole('option', { name: 'each pipeline' }).click()
  await dialog.getByRole('button', { name: 'Create plan' }).click()
  await page.getByText('gold · 金').waitFor()
  await page.getByText('2 per month, 1,000 per day to each pipeline').waitFor()

  await open(`consumers?consumer=${consumer}`)
  await page.getByRole('button', { name: 'Edit…' }).click()
  await dialog.getByRole('combobox', { name: 'Plan' }).click()
  await page.getByRole('option', { name: 'gold · 金' }).click()
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText('shop is saved').waitFor()
  await page.getByRole('definition').filter({ hasText: 'gold' }).waitFor()
  const policy = '"plan-month";q=2;w=2592000, "plan-pipeline-day";q=1000;w=86400'
  expect([await call(), await call(), await call()]).toEqual([
    [200, policy],
    [200, policy],
    [429, policy],
  ])

  await open('environments?open=test')
  await page.getByRole('button', { name: 'Remove the plan gold' }).click()
  await dialog.getByRole('button', { name: 'Remove plan' }).click()
  await dialog.getByText('Consumers have the plan "gold": shop.').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Change the plan gold' }).click()
  await dialog.getByLabel('Requests of limit 1').fill('5')
  await dialog.getByRole('button', { name: 'Remove limit 2' }).click()
  await dialog.getByRole('button', { name: 'Save changes' }).click()
  await page.getByText(/The plan gold is saved on 1 gateway after/).waitFor()
  expect(await call()).toEqual([200, '"plan-month";q=5;w=2592000'])

  await acme.must('PATCH', `${ACME}/consumers/${consumer}?wait=10`, { plan: null })
  expect(await call()).toEqual([200, null])
  await page.getByRole('button', { name: 'Remove the plan gold' }).click()
  await dialog.getByRole('button', { name: 'Remove plan' }).click()
  await dialog.getByText('The plan gold is removed').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByText('None: only triggers and keys have limits').waitFor()
})

test('a person who may only read can change nothing', async () => {
  const { acme, newContext, server } = dashboard
  const email = 'audrey@example.com'
  const invited = await acme.must('POST', `${ACME}/invitations`, { email, roles: ['auditor'] })
  await using context = await newContext()
  const accepted = await context.request.post(`${server.controlUrl}/v1/invitations/accept`, {
    data: { token: invited['token'], name: 'Audrey', password: 'correct horse battery staple' },
  })
  expect(accepted.status()).toBe(200)
  const page = await context.newPage()
  await dashboard.open('environments?open=prod', page)
  await page.getByRole('heading', { name: 'prod' }).waitFor()
  await page.getByRole('heading', { name: 'Signing keys' }).waitFor()
  expect(await page.getByRole('button', { name: /Create|Add|Delete|Rotate|Move/ }).count()).toBe(0)
})
