import type { Answer, ControlWorld } from './control-world.ts'
import { PASSWORD, type TestPerson } from './people.ts'

/** A client that keeps the cookies of its answers, as a browser does. */
export interface Browser {
  readonly call: ControlWorld['call']
  /** Signs in with the password of tests. */
  signIn(person: Pick<TestPerson, 'email'>, code?: string): Promise<Answer>
  /** The cookies, as the header that it sends. */
  readonly cookie: () => string
}

/** @param cookie those that it has from the start, as the header has them */
export function openBrowser({ call }: Pick<ControlWorld, 'call'>, cookie = ''): Browser {
  const jar = new Map<string, string>()
  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const browser: Browser = {
    cookie: cookies,
    async call(method, path, body, headers) {
      const origin = 'http://127.0.0.1:8080'
      const sent = jar.size === 0 ? headers : { cookie: cookies(), origin, ...headers }
      const answer = await call(method, path, body, sent)
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) keep(line)
      return answer
    },
    async signIn({ email }, code) {
      const body = { email, password: PASSWORD, ...(code === undefined ? {} : { code }) }
      return await browser.call('POST', '/v1/auth/sign-in', body)
    },
  }
  for (const one of cookie.split('; ')) keep(one)
  return browser
}
