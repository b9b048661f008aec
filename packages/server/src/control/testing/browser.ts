import { randomBytes } from 'node:crypto'
import { hashPassword } from '../../crypto/password-hash.ts'
import type { Answer, ControlWorld } from './control-world.ts'

/** The password of every person in these tests; hashed once, because hashing takes time. */
export const PASSWORD = 'correct horse battery staple'
let passwordHash: Promise<string> | undefined

/** Stores a person, who is a member of `acme` if they get roles. Returns their id. */
export async function addPerson(
  { store, clock }: Pick<ControlWorld, 'store' | 'clock'>,
  email: string,
  roles: readonly string[] = [],
): Promise<string> {
  const id = `mem_${email.split('@')[0] ?? ''}`
  const createdAtMs = clock.nowMs
  passwordHash ??= hashPassword(PASSWORD, randomBytes)
  const person = { id, email, name: id, passwordHash: await passwordHash, passwordChangedAtMs: createdAtMs }
  await store.write(async (tx) => {
    await tx.people.insert({ ...person, createdAtMs })
    if (roles.length === 0) return
    const member = { organization: 'acme', id, roles, createdAtMs, createdBy: 'test' }
    await tx.members.insert(member)
    tx.audit({
      organization: 'acme',
      atMs: createdAtMs,
      actor: 'test',
      action: 'members.add',
      target: `member/${id}`,
      before: null,
      after: null,
    })
  })
  return id
}

/** A client that keeps the cookies of its answers, as a browser does. */
export interface Browser {
  readonly call: ControlWorld['call']
  /** Signs in with `PASSWORD`. */
  signIn(email: string, code?: string): Promise<Answer>
  /** The cookies, as the header that it sends. */
  readonly cookie: () => string
}

export function openBrowser({ call }: Pick<ControlWorld, 'call'>, cookie = ''): Browser {
  const jar = new Map(cookie === '' ? [] : [cookie.split('=') as [string, string]])
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const browser: Browser = {
    cookie: cookies,
    async call(method, path, body, headers) {
      const sent =
        jar.size === 0 ? headers : { cookie: cookies(), origin: 'http://127.0.0.1:8080', ...headers }
      const answer = await call(method, path, body, sent)
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      return answer
    },
    signIn: async (email, code) =>
      await browser.call('POST', '/v1/auth/sign-in', {
        email,
        password: PASSWORD,
        ...(code === undefined ? {} : { code }),
      }),
  }
  return browser
}
