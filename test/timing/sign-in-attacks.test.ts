import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiClient } from '../support/api-client.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from '../support/server-process.ts'

const PASSWORD = 'correct horse battery staple'
const OWNER = { email: 'owner@example.com', name: 'Olivia', password: PASSWORD }
const ATTEMPTS = 4_000
/** Attempts that an attacker makes at a time. */
const AT_A_TIME = 50

const stack = new AsyncDisposableStack()
let server: ServerProcess
let visitor: ApiClient

beforeAll(async () => {
  const { path } = stack.use(await temporaryFolder())
  server = stack.use(
    await startServerProcess({ SALLYPORT_DATA: path, SALLYPORT_TRUSTED_PROXIES: '127.0.0.1/32' }),
  )
  visitor = new ApiClient(server.controlUrl)
  await visitor.must('POST', '/v1/setup', {
    setupToken: server.setupToken,
    organization: { slug: 'acme', name: 'Acme' },
    owner: OWNER,
  })
})

afterAll(async () => {
  await stack.disposeAsync()
})

async function signIn(email: string, password: string, address: string): Promise<number> {
  const headers = { 'x-forwarded-for': address }
  return (await visitor.call('POST', '/v1/auth/sign-in', { email, password }, headers)).status
}

/** Makes many attempts, several at a time; counts their statuses. */
async function attack(
  emailOf: (index: number) => string,
  address: string,
  progress: (done: number) => void,
): Promise<ReadonlyMap<number, number>> {
  const statuses = new Map<number, number>()
  let index = 0
  const attacker = async (): Promise<void> => {
    while (index < ATTEMPTS) {
      index += 1
      progress(index)
      const status = await signIn(emailOf(index), `wrong-${index}`, address)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: AT_A_TIME }, attacker))
  return statuses
}

test.each([
  ['one account', () => 'victim@example.com', '198.51.100.1', 10],
  ['one account each', (index: number) => `a${index}@example.com`, '198.51.100.2', 30],
] as const)(
  `${ATTEMPTS} wrong passwords against %s are refused before they are verified, while others sign in`,
  { timeout: 300_000 },
  async (_, emailOf, address, burst) => {
    const during: Promise<number>[] = []
    const startMs = performance.now()
    const tookMs: number[] = []
    const statuses = await attack(emailOf, address, (done) => {
      if (done % 1000 !== 500) return
      const atMs = performance.now()
      during.push(
        signIn(OWNER.email, PASSWORD, '203.0.113.7').then((status) => {
          tookMs.push(Math.round(performance.now() - atMs))
          return status
        }),
      )
    })
    expect(await Promise.all(during)).toEqual(during.map(() => 200))
    expect(during).toHaveLength(ATTEMPTS / 1000)
    // The burst, and what the limit gives back in the time of the attack.
    const seconds = (performance.now() - startMs) / 1000
    const verified = statuses.get(401) ?? 0
    expect(verified).toBeGreaterThanOrEqual(burst)
    expect(verified).toBeLessThanOrEqual(burst + Math.ceil(seconds / 2) + 1)
    expect((statuses.get(429) ?? 0) + verified).toBe(ATTEMPTS)
    console.log(
      `${ATTEMPTS} attempts in ${seconds.toFixed(1)} s; sign-ins elsewhere took ${tookMs.join(', ')} ms`,
    )
  },
)
