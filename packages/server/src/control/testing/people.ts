import { hashPassword } from '../../crypto/password-hash.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Answer, ControlWorld, Json } from './control-world.ts'
import { randomBytes } from 'node:crypto'

/** The password of every person in tests. */
export const PASSWORD = 'correct horse battery staple'
/** Its hash, which takes tens of milliseconds to make, so that all people of a file share it. */
const PASSWORD_HASH = hashPassword(PASSWORD, randomBytes)

interface MailSender {
  post(mail: Mail): void
}

let people = 0

/** A person with the password of tests. */
export interface TestPerson {
  readonly id: string
  readonly email: string
}

/** Adds a person, and makes them a member of organizations with these roles. */
export async function addPerson(
  world: Pick<ControlWorld, 'store' | 'clock'>,
  memberships: Readonly<Record<string, readonly string[]>> = {},
): Promise<TestPerson> {
  people += 1
  const id = `mem_${String(people).padStart(16, '0')}`
  const email = `person-${people}@example.com`
  const createdAtMs = world.clock.nowMs
  const passwordHash = await PASSWORD_HASH
  await world.store.write(async (tx) => {
    await tx.people.insert({
      id,
      email,
      name: `Person ${people}`,
      passwordHash,
      passwordChangedAtMs: createdAtMs,
      emailProvenAtMs: createdAtMs,
      createdAtMs,
    })
    for (const [organization, roles] of Object.entries(memberships)) {
      await tx.members.insert({ organization, id, roles, createdAtMs, createdBy: 'setup' })
      tx.audit({
        organization,
        atMs: createdAtMs,
        actor: 'setup',
        action: 'members.add',
        target: `member/${id}`,
        before: null,
        after: { id, roles },
      })
    }
  })
  return { id, email }
}

/** Signs in with the password of tests. */
export async function signIn(
  world: Pick<ControlWorld, 'call'>,
  { email }: Pick<TestPerson, 'email'>,
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly cookie: string }> {
  const answer = await world.call('POST', '/v1/auth/sign-in', { email, password: PASSWORD, ...more })
  if (answer.status !== 200) throw new Error(`sign-in got ${answer.status} ${JSON.stringify(answer.body)}`)
  return { cookie: cookieOf(answer) }
}

/** The cookies that an answer sets, as the next request sends them; without that of the browser, which opens nothing. */
export function cookieOf({ headers }: Pick<Answer, 'headers'>): string {
  const set = [headers['set-cookie'] ?? []].flat()
  return set
    .map((line) => line.split(';', 1)[0] ?? '')
    .filter((cookie) => !/^(?:__Host-)?sallyport_device=/.test(cookie))
    .join('; ')
}

/** A person of an organization who is signed in. */
export async function signedIn(
  world: Pick<ControlWorld, 'store' | 'clock' | 'call'>,
  memberships: Readonly<Record<string, readonly string[]>> = {},
): Promise<TestPerson & { readonly headers: { readonly cookie: string } }> {
  const person = await addPerson(world, memberships)
  return { ...person, headers: await signIn(world, person) }
}

/** The status and the code of an answer. */
export function verdict({
  status,
  body,
}: {
  readonly status: number
  readonly body: Json
}): [number, unknown] {
  return [status, body['code']]
}

/** Mails without the notices of sign-ins, of which tests have many. */
export function withoutSignIns(mails: MailSender): MailSender {
  return {
    post: (mail) => {
      if (mail.subject !== 'New sign-in to your account') mails.post(mail)
    },
  }
}
