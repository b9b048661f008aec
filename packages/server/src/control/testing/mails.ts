import { expect } from 'vitest'
import { startMailServer, type MailServer, type ReceivedMail } from '../../mail/testing/mail-server.ts'
import { openTestOutbox, type TestOutbox } from '../../mail/testing/open-outbox.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import { type AcmeWorld, openAcme } from './control-world.ts'
import { withoutSignIns } from './people.ts'

/** The public URL of worlds with mails, in their links. */
export const PUBLIC_URL = 'https://console.example.com'

/** A management API that sends its mails to a real server. */
export interface MailWorld extends AsyncDisposable {
  readonly world: AcmeWorld
  readonly server: MailServer
  readonly sender: TestOutbox
  /** What another API needs to send its mails there too. */
  readonly deps: Pick<ControlDeps, 'mails' | 'publicUrl'>
  /** The mails to an address, once there are that many. */
  mailsTo(email: string, count: number): Promise<readonly ReceivedMail[]>
}

/**
 * Notices of sign-ins, of which tests have many, are not sent.
 *
 * @param overrides of other dependencies of the API
 */
export async function openMailWorld(overrides: Partial<ControlDeps> = {}): Promise<MailWorld> {
  const server = await startMailServer()
  const sender = openTestOutbox({ port: server.port })
  const deps = { mails: withoutSignIns(sender.outbox), publicUrl: () => PUBLIC_URL }
  const world = await openAcme({ ...overrides, ...deps })
  return {
    world,
    server,
    sender,
    deps,
    mailsTo: async (email, count) => {
      const mails = (): readonly ReceivedMail[] => server.mails.filter(({ to }) => to.includes(email))
      await expect.poll(mails).toHaveLength(count)
      return mails()
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
      await sender[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
