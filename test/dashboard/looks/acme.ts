import type { Page } from 'playwright-core'
import { ApiClient, textAt } from '../../support/api-client.ts'
import { type Dashboard, openDashboard, signIn } from '../../support/dashboard.ts'
import { type GitHub, openGitHub } from '../../support/github.ts'
import { temporaryFolder } from '../../support/server-process.ts'
import { shiftedClock, type ShiftedClock } from '../../support/shifted-clock.ts'

/*
 * The organization in the pictures: what a company has after a while, and a week of traffic.
 */

const ACME = '/v1/organizations/acme'
const HOUR_MS = 3_600_000
/** Hours of a day. */
const DAY = 24

/** What the pictures name. */
export interface Shown {
  readonly rolling: string
  readonly leaving: string
  readonly consumer: string
  readonly externalKey: string
  readonly webhook: string
  readonly member: string
  /** A leak whose secret still works. */
  readonly leak: string
  /** An import with refused lines. */
  readonly import: string
  /** The link to the portal of the consumer, which is not opened. */
  readonly portalLink: string
}

interface PipelineTexts {
  readonly name: string
  readonly apiKey: boolean
  readonly environments: readonly string[]
}

const PIPELINES: readonly PipelineTexts[] = [
  { name: 'orders', apiKey: true, environments: ['test', 'prod'] },
  { name: 'invoices', apiKey: true, environments: ['test', 'prod'] },
  { name: 'shipments', apiKey: true, environments: ['test', 'prod'] },
  { name: 'stock-levels', apiKey: true, environments: ['test'] },
  { name: 'reports', apiKey: false, environments: ['test', 'prod'] },
]

const PLANS = [
  {
    name: 'gold',
    title: 'Gold',
    rateLimits: [
      { requests: 1_000_000, per: 'month' },
      { requests: 50, per: 'second', scope: 'pipeline' },
    ],
  },
  { name: 'trial', title: null, rateLimits: [{ requests: 1000, per: 'day' }] },
] as const

const CONSUMERS = [
  {
    name: 'mobile-app',
    title: 'App für Händler',
    pipelines: ['orders', 'shipments'],
    plan: 'gold',
    callsAnHour: 12,
  },
  { name: 'web-shop', title: null, pipelines: ['orders', 'stock-levels'], plan: null, callsAnHour: 8 },
  { name: 'warehouse', title: 'Склад в Варне', pipelines: ['shipments'], plan: null, callsAnHour: 5 },
  { name: 'bookkeeping', title: null, pipelines: ['invoices'], plan: null, callsAnHour: 3 },
] as const

const STAFF_KEYS = [
  { name: 'Nightly export', roles: ['auditor'], environment: 'prod' },
  { name: 'Terraform', roles: ['admin'], environment: null },
  { name: 'Deployments from CI', roles: ['developer'], environment: null },
  { name: 'Status page', roles: ['auditor'], environment: 'prod' },
] as const

/** Where tokens of staff keys were found, by the hours since then. */
const LEAKS: Readonly<Record<number, { readonly key: number; readonly url: string }>> = {
  20: { key: 3, url: 'https://gist.github.com/example/4b1d0e6f2a' },
  10: { key: 2, url: 'https://github.com/acme/site/blob/9f2c41d/.github/workflows/deploy.yml' },
  8: { key: 2, url: 'https://github.com/acme/site/issues/118' },
}

const PEOPLE = [
  ['Nora Nilsen', 'admin'],
  ['Dev Patel', 'developer'],
  ['Kai Ito', 'key-manager'],
] as const

const ISSUER = {
  issuer: 'https://login.example.com/',
  audience: 'orders',
  jwksUrl: 'https://login.example.com/keys',
} as const

/** Two lines of it name an environment that does not exist, and one repeats a token. */
const IMPORT = [
  'name,token,environment',
  'Parcel tracking,pt-4fT0Qm2ZrX9bLk7A81c3,prod',
  'Price comparison,pc-93b1f0a27d6e4c58ab12,prod',
  'Franchise of Lyon,fl-7A81c3bLk4fT0Qm2ZrX9,prd',
  'Franchise of Ghent,fg-58ab12a27d6e4c93b1f0,prd',
  'Parcel tracking again,pt-4fT0Qm2ZrX9bLk7A81c3,prod',
].join('\n')

/** Some of them are nearly used up. */
const QUOTAS = 'acme/keys=40,acme/consumers=60,acme/pipelines=25,acme/routes=100'

/** The organization, opened. */
export interface Acme extends AsyncDisposable {
  readonly dashboard: Dashboard
  readonly shown: Shown
  /** A page of the owner, who is signed in. */
  readonly member: Page
  /** A page of someone who is not signed in, but has opened the portal of a consumer. */
  readonly visitor: Page
}

/**
 * Opens the dashboard of this organization.
 *
 * @param hours how long it has existed, at least 20
 */
export async function openAcme(hours: number): Promise<Acme> {
  await using stack = new AsyncDisposableStack()
  const { path } = stack.use(await temporaryFolder())
  const clock = await shiftedClock(path)
  await clock.set(-hours * HOUR_MS)
  const github = openGitHub()
  const dashboard = stack.use(
    await openDashboard({ ...clock.settings, ...github.settings, SALLYPORT_QUOTAS: QUOTAS }),
  )
  const shown = await fill(dashboard, clock, github, hours)
  await signIn(dashboard.context)
  const visitors = await dashboard.newContext()
  await visitors.request.post('/v1/portal/open', { data: { secret: shown.portalLink.split('#')[1] } })
  const visitor = await visitors.newPage()
  const resources = stack.move()
  return {
    dashboard,
    shown,
    member: dashboard.page,
    visitor,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** Fills a new organization, whose clock goes from some hours ago until now. */
async function fill(
  dashboard: Dashboard,
  clock: ShiftedClock,
  github: GitHub,
  hours: number,
): Promise<Shown> {
  const { acme, server } = dashboard
  await acme.must('PATCH', ACME, { color: 'orange' })
  for (const pipeline of PIPELINES) await publish(acme, pipeline)
  await acme.must('PUT', `${ACME}/environments/prod/policies/external-api-access`, { mode: 'api-key' })
  await acme.must('PUT', `${ACME}/environments/prod/variables/STOCK_HOST`, { value: 'stock.example.com' })
  await acme.must('PUT', `${ACME}/environments/prod/secrets/STOCK_TOKEN`, { value: 'only in the pictures' })
  for (const plan of PLANS) await acme.must('POST', `${ACME}/environments/prod/plans`, plan)
  const webhook = await acme.must('POST', `${ACME}/webhooks`, {
    url: 'https://hooks.example.com/sallyport',
    events: ['key.leaked', 'key.expiring', 'deployment.refused'],
  })
  const staff: string[] = []
  for (const key of STAFF_KEYS) staff.push(await addStaffKey(acme, key))
  for (const [name, role] of PEOPLE) await addPerson(server.controlUrl, acme, name, role)
  await acme.must('POST', `${ACME}/invitations`, { email: 'mei@example.com', roles: ['auditor'] })
  await acme.must('POST', `${ACME}/environments/prod/issuers`, ISSUER)
  const callers = await addConsumers(acme)
  const partner = await addPartner(server.controlUrl, acme)
  for (let hour = 0; hour <= hours; hour += 1) {
    await clock.set((hour - hours) * HOUR_MS)
    const place = LEAKS[hours - hour]
    if (place !== undefined) await github.tell(server.controlUrl, staff[place.key] ?? '', place.url)
    await sendTraffic(server.gatewayUrl, [...callers, partner], hour)
  }
  const [mobile, shop, warehouse] = callers
  await acme.must('POST', `${ACME}/keys/${mobile?.key}/roll`, {})
  await acme.must('PATCH', `${ACME}/keys/${shop?.key}`, {
    expiresAt: new Date(Date.now() + 6 * DAY * HOUR_MS).toISOString(),
  })
  const found = await acme.must('GET', `${ACME}/leaks`)
  const [newest, , oldest] = Object.values(found['items'] ?? {})
  await acme.must('DELETE', `${ACME}/keys/${textAt(oldest ?? {}, 'key')}`)
  await acme.must('POST', `${ACME}/keys`, {
    name: 'Staging of the app',
    type: 'secret',
    consumer: mobile?.consumer,
    expiresAt: new Date(Date.now() + 90 * DAY * HOUR_MS).toISOString(),
  })
  const file = new Blob([IMPORT]).stream()
  const imported = await acme.send('POST', `${ACME}/imports`, file, 'text/csv')
  const portal = await acme.must('POST', `${ACME}/consumers/${mobile?.consumer}/portal-sessions`, {
    scopes: ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'],
    returnUrl: 'https://shop.example.com/account',
    expiresInSeconds: 4 * 3600,
  })
  return {
    leak: textAt(newest ?? {}, 'id'),
    import: textAt(imported.body, 'id'),
    portalLink: textAt(portal, 'link'),
    rolling: mobile?.key ?? '',
    leaving: warehouse?.key ?? '',
    consumer: mobile?.consumer ?? '',
    externalKey: partner.externalKey,
    webhook: textAt(webhook, 'id'),
    member: await memberNamed(acme, PEOPLE[0][0]),
  }
}

async function memberNamed(acme: ApiClient, wanted: string): Promise<string> {
  const { items } = await acme.must('GET', `${ACME}/members`)
  const members = items as unknown as readonly { readonly id: string; readonly name: string }[]
  return members.find(({ name }) => name === wanted)?.id ?? ''
}

async function publish(acme: ApiClient, { name, apiKey, environments }: PipelineTexts): Promise<void> {
  await acme.must('POST', `${ACME}/pipelines`, {
    name,
    spec: {
      trigger: { kind: 'http', path: `/${name}/:id`, authentication: { apiKey } },
      steps: [{ respond: { status: 200, body: { ok: true } } }],
    },
  })
  for (const environment of environments) {
    await acme.must('POST', `${ACME}/deployments`, { pipeline: name, version: '1.0', environment })
  }
}

async function addStaffKey(
  acme: ApiClient,
  { name, roles, environment }: (typeof STAFF_KEYS)[number],
): Promise<string> {
  return textAt(
    await acme.must('POST', `${ACME}/keys`, { name, type: 'secret', roles, environment }),
    'token',
  )
}

async function addPerson(controlUrl: string, acme: ApiClient, name: string, role: string): Promise<void> {
  const email = `${name.split(' ')[0]?.toLowerCase()}@example.com`
  const token = textAt(await acme.must('POST', `${ACME}/invitations`, { email, roles: [role] }), 'token')
  await new ApiClient(controlUrl).must('POST', '/v1/invitations/accept', {
    token,
    name,
    password: 'correct horse battery staple',
  })
}

interface Caller {
  readonly token: string
  readonly key: string
  readonly consumer: string
  readonly pipelines: readonly string[]
  readonly callsAnHour: number
}

async function addConsumers(acme: ApiClient): Promise<readonly Caller[]> {
  const callers: Caller[] = []
  for (const { name, title, pipelines, plan, callsAnHour } of CONSUMERS) {
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name,
      title,
      environment: 'prod',
      plan,
      pipelines: pipelines.filter((pipeline) => pipeline !== 'stock-levels'),
    })
    callers.push({
      token: textAt(made, 'token'),
      key: textAt(made, 'key', 'id'),
      consumer: textAt(made, 'consumer', 'id'),
      pipelines,
      callsAnHour,
    })
  }
  return callers
}

/** Another organization, whose key may call `orders`. */
async function addPartner(
  controlUrl: string,
  acme: ApiClient,
): Promise<Caller & { readonly externalKey: string }> {
  const organization = { slug: 'northwind', name: 'Northwind Traders' }
  const owner = textAt(await acme.must('POST', '/v1/organizations', organization), 'token')
  const northwind = new ApiClient(controlUrl).as(owner)
  const made = await northwind.must('POST', '/v1/organizations/northwind/keys', {
    name: 'ERP',
    type: 'secret',
  })
  const permissions = [{ permission: 'pipelines.invoke', environment: 'prod', pipeline: 'orders' }]
  await acme.must('POST', `${ACME}/roles`, { name: 'orders-caller', permissions })
  const added = await acme.must('POST', `${ACME}/external-keys`, {
    keyId: textAt(made, 'key', 'id'),
    label: 'ERP of Northwind',
    roles: ['orders-caller'],
  })
  const ours = await acme.must('POST', `${ACME}/keys`, { name: 'Stock mirror', type: 'secret' })
  const accepted = { keyId: textAt(ours, 'key', 'id'), roles: ['invoker'] }
  await northwind.must('POST', '/v1/organizations/northwind/external-keys', accepted)
  return {
    token: textAt(made, 'token'),
    key: textAt(made, 'key', 'id'),
    consumer: '',
    externalKey: textAt(added, 'id'),
    pipelines: ['orders'],
    callsAnHour: 4,
  }
}

/** More by day than by night, and some calls that are refused. */
async function sendTraffic(gatewayUrl: string, callers: readonly Caller[], hour: number): Promise<void> {
  const share = 0.35 + 0.65 * Math.sin((Math.PI * hour) / DAY) ** 2
  for (const { token, pipelines, callsAnHour } of callers) {
    for (let call = 0; call < callsAnHour * share; call += 1) {
      const pipeline = pipelines[call % 5 === 4 ? pipelines.length - 1 : 0]
      await fetch(`${gatewayUrl}/acme/prod/${pipeline}/${call}`, { headers: { 'x-api-key': token } })
    }
  }
  if (hour % 2 === 0) await fetch(`${gatewayUrl}/acme/prod/orders/1`)
  if (hour % 7 === 0)
    await fetch(`${gatewayUrl}/acme/prod/invoices/1`, { headers: { 'x-api-key': 'outdated' } })
}
