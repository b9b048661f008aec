import type { BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import {
  openRealProvider,
  type RealProvider,
} from '../../packages/server/src/identity/testing/real-provider.ts'
import { type MailServer, startMailServer } from '../../packages/server/src/mail/testing/mail-server.ts'
import { freePort } from '../services/free-port.ts'
import { ApiClient, textAt } from './api-client.ts'
import { type Dashboard, openDashboard, PASSWORD } from './dashboard.ts'
import { temporaryFolder } from './server-process.ts'
import { type ShiftedClock, shiftedClock } from './shifted-clock.ts'

const ACME = '/v1/organizations/acme'

/** A dashboard at a domain, with mails, a provider to sign in with, and a clock that the test sets. */
export interface PeopleDashboard extends AsyncDisposable {
  readonly dashboard: Dashboard
  readonly mails: MailServer
  readonly provider: RealProvider
  /** The clock of the server, in ms since 1970. */
  nowMs(): number
  /** Sets the clock of the server on. */
  pass(ms: number): Promise<void>
  /** Makes a person who is a developer of the organization, and opens a browser in which they are signed in. */
  signedIn(
    name: string,
  ): Promise<{ readonly email: string; readonly context: BrowserContext; readonly page: Page }>
}

export async function openPeopleDashboard(): Promise<PeopleDashboard> {
  await using stack = new AsyncDisposableStack()
  const port = await freePort()
  const publicUrl = `http://localhost:${port}`
  const { path } = stack.use(await temporaryFolder())
  const clock = await shiftedClock(path)
  const mails = stack.use(await startMailServer())
  const provider = stack.use(await openRealProvider({ id: 'acme-id', publicUrl }))
  const dashboard = stack.use(
    await openDashboard({
      ...clock.settings,
      SALLYPORT_PORT: String(port),
      SALLYPORT_PUBLIC_URL: publicUrl,
      SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify([provider.settings]),
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${mails.port}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.com',
    }),
  )
  const resources = stack.move()
  let shiftMs = 0
  const nowMs = (): number => Date.now() + shiftMs
  return {
    dashboard,
    mails,
    provider,
    nowMs,
    async pass(ms) {
      shiftMs += ms
      await setClock(dashboard.acme, clock, shiftMs)
    },
    async signedIn(name) {
      const email = `${name.toLowerCase()}@example.com`
      const invitation = { email, roles: ['developer'] }
      const token = textAt(await dashboard.acme.must('POST', `${ACME}/invitations`, invitation), 'token')
      const context = await dashboard.newContext()
      const accepted = await context.request.post('/v1/invitations/accept', {
        data: { token, name, password: PASSWORD },
      })
      if (!accepted.ok()) throw new Error(`the invitation of ${name} answered ${accepted.status()}`)
      return { email, context, page: await context.newPage() }
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** Sets the clock, and waits until the control plane has it. */
async function setClock(acme: ApiClient, clock: ShiftedClock, shiftMs: number): Promise<void> {
  const fromMs = Date.now() + shiftMs
  await clock.set(shiftMs)
  const madeAtMs = async (): Promise<number> => {
    const made = await acme.must('POST', `${ACME}/keys`, { name: 'clock', type: 'secret' })
    return Date.parse(textAt(made, 'key', 'createdAt'))
  }
  await expect.poll(madeAtMs).toBeGreaterThanOrEqual(fromMs)
}

/** A security key of a browser that verifies its user without asking. */
export async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
