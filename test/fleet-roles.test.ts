import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectGate } from '../packages/gate/src/index.ts'
import type { FleetRole } from '../packages/server/src/store/port/fleet/enrolments.ts'
import { openTestDatabase } from './services/postgres.ts'
import { setUpAcme } from './support/api-client.ts'
import { eventually } from './support/eventually.ts'
import { failedStart } from './support/failed-start.ts'
import { enrolmentToken, startFleetGateway } from './support/fleet.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'

/* Receipts leave out relays, so a gateway must not enrol as one. */

const stack = new AsyncDisposableStack()
const LOGGER = { info: () => undefined, warn: () => undefined, error: () => undefined }
let settings: Readonly<Record<string, string>>
let control: ServerProcess
let relay: ServerProcess

beforeAll(async () => {
  const [folder, relayFolder] = [stack.use(await temporaryFolder()), stack.use(await temporaryFolder())]
  settings = { SALLYPORT_DATA: folder.path, SALLYPORT_GATEWAY_URL: 'http://gateways.test' }
  control = stack.use(await startServerProcess(settings, 'control'))
  const own = {
    SALLYPORT_DATA: relayFolder.path,
    SALLYPORT_CONTROL_URL: control.controlUrl,
    SALLYPORT_ENROLMENT_TOKEN: await enrolmentToken(settings, 1, 'relay'),
  }
  relay = stack.use(await startServerProcess(own, 'relay'))
})
afterAll(async () => await stack.disposeAsync())

async function refusal(role: 'gateway' | 'relay', controlUrl: string, token: string): Promise<string> {
  await using folder = await temporaryFolder()
  const own = {
    SALLYPORT_DATA: folder.path,
    SALLYPORT_CONTROL_URL: controlUrl,
    SALLYPORT_ENROLMENT_TOKEN: token,
  }
  const { code, stderr } = await failedStart(own, role)
  expect(code).toBe(1)
  return stderr
}

test.each<['gateway' | 'relay', FleetRole]>([
  ['gateway', 'relay'],
  ['gateway', 'gate'],
  ['relay', 'gateway'],
])(
  'a %s does not start with the token of a %s, neither at a control node nor at a relay',
  async (role, other) => {
    const token = await enrolmentToken(settings, 1, other)
    for (const { controlUrl } of [control, relay]) {
      const message = `SALLYPORT_ENROLMENT_TOKEN: ${controlUrl} does not take this process: The enrolment token is for a ${other}, and this process runs as a ${role}. Make a token with --role ${role}.`
      expect(await refusal(role, controlUrl, token)).toContain(message)
    }
  },
)

test('a refused process does not use the token up', async () => {
  const token = await enrolmentToken(settings)
  await refusal('relay', control.controlUrl, token)
  await using gateway = await startFleetGateway(control.controlUrl, token)
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200)
})

test('a gate names its option', async () => {
  await using folder = await temporaryFolder()
  const connecting = connectGate({
    url: control.controlUrl,
    folder: folder.path,
    environment: 'acme/prod',
    enrolmentToken: await enrolmentToken(settings),
    logger: LOGGER,
  })
  await expect(connecting).rejects.toThrow('enrolmentToken: ')
})

test('a control node lists another one of its database as a control node', async () => {
  await using nodes = new AsyncDisposableStack()
  const database = nodes.use(await openTestDatabase())
  const shared = {
    SALLYPORT_DATA: nodes.use(await temporaryFolder()).path,
    SALLYPORT_DATABASE_URL: database.url,
    SALLYPORT_GATEWAY_URL: 'http://gateways.test',
  }
  const first = nodes.use(await startServerProcess(shared, 'control'))
  nodes.use(await startServerProcess(shared, 'control'))
  const acme = await setUpAcme(first)
  await eventually(async () => {
    const { items } = await acme.must('GET', '/v1/organizations/acme/gateways')
    expect(items).toMatchObject([{ role: 'control' }, { role: 'control' }])
  })
})

test('a control node says that no other one shares its database, if that is a file', async () => {
  await eventually(() => expect(control.output.stderr).toContain('no other control node shares it'))
})
