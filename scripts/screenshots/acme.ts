import { ApiClient, textAt } from '../../test/support/api-client.ts'
import type { Dashboard } from '../../test/support/dashboard.ts'
import type { ShiftedClock } from '../../test/support/shifted-clock.ts'

/*
 * The organization in the pictures: what a company has after a while, and a week of traffic.
 */

const ACME = '/v1/organizations/acme'
const HOUR_MS = 3_600_000
/** How long the organization exists. */
export const HOURS = 7 * 24
/** Hours of a day. */
const DAY = 24

/** What the pictures name. */
export interface Shown {
  readonly rolling: string
  readonly leaving: string
  readonly consumer: string
  readonly externalKey: string
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

const CONSUMERS = [
  { name: 'mobile-app', pipelines: ['orders', 'shipments'], callsAnHour: 12 },
  { name: 'web-shop', pipelines: ['orders', 'stock-levels'], callsAnHour: 8 },
  { name: 'warehouse', pipelines: ['shipments'], callsAnHour: 5 },
  { name: 'bookkeeping', pipelines: ['invoices'], callsAnHour: 3 },
] as const

const STAFF_KEYS = [
  { name: 'Nightly export', roles: ['auditor'], environment: 'prod' },
  { name: 'Terraform', roles: ['admin'], environment: null },
  { name: 'Deployments from CI', roles: ['developer'], environment: null },
  { name: 'Status page', roles: ['auditor'], environment: 'prod' },
] as const

const PEOPLE = [
  ['Nora Nilsen', 'admin'],
  ['Dev Patel', 'developer'],
  ['Kai Ito', 'key-manager'],
] as const

/** Fills a new organization, whose clock goes from a week ago until now. */
export async function fillAcme(dashboard: Dashboard, clock: ShiftedClock): Promise<Shown> {
  const { acme, server } = dashboard
  await acme.must('PATCH', ACME, { color: 'orange' })
  for (const pipeline of PIPELINES) await publish(acme, pipeline)
  await acme.must('PUT', `${ACME}/environments/prod/policies/external-api-access`, { mode: 'api-key' })
  await acme.must('PUT', `${ACME}/environments/prod/variables/STOCK_HOST`, { value: 'stock.example.com' })
  await acme.must('PUT', `${ACME}/environments/prod/secrets/STOCK_TOKEN`, { value: 'only in the pictures' })
  await acme.must('POST', `${ACME}/webhooks`, {
    url: 'https://hooks.example.com/sallyport',
    events: ['key.leaked', 'key.expiring', 'deployment.refused'],
  })
  for (const key of STAFF_KEYS) await addStaffKey(acme, key)
  for (const [name, role] of PEOPLE) await addPerson(server.controlUrl, acme, name, role)
  const callers = await addConsumers(acme)
  const partner = await addPartner(server.controlUrl, acme)
  for (let hour = 0; hour <= HOURS; hour += 1) {
    await clock.set((hour - HOURS) * HOUR_MS)
    await sendTraffic(server.gatewayUrl, [...callers, partner], hour)
  }
  const [mobile, shop, warehouse] = callers
  await acme.must('POST', `${ACME}/keys/${mobile?.key}/roll`, {})
  await acme.must('PATCH', `${ACME}/keys/${shop?.key}`, {
    expiresAt: new Date(Date.now() + 6 * DAY * HOUR_MS).toISOString(),
  })
  await acme.must('POST', `${ACME}/keys`, {
    name: 'Staging of the app',
    type: 'secret',
    consumer: mobile?.consumer,
    expiresAt: new Date(Date.now() + 90 * DAY * HOUR_MS).toISOString(),
  })
  const portal = await acme.must('POST', `${ACME}/consumers/${mobile?.consumer}/portal-sessions`, {
    scopes: ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'],
    returnUrl: 'https://shop.example.com/account',
    expiresInSeconds: 4 * 3600,
  })
  return {
    portalLink: textAt(portal, 'link'),
    rolling: mobile?.key ?? '',
    leaving: warehouse?.key ?? '',
    consumer: mobile?.consumer ?? '',
    externalKey: partner.externalKey,
  }
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
): Promise<void> {
  await acme.must('POST', `${ACME}/keys`, { name, type: 'secret', roles, environment })
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
  for (const { name, pipelines, callsAnHour } of CONSUMERS) {
    const made = await acme.must('POST', `${ACME}/consumers`, {
      name,
      environment: 'prod',
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
