/** What a browser does in a sign-in: it follows redirects and keeps the cookies of each origin. */
export class TestBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  /**
   * Opens a URL and follows redirects.
   *
   * @param until the URL, without its query, whose request is not sent
   * @returns that request's URL
   */
  async follow(url: string, until: string): Promise<URL> {
    let next = new URL(url)
    for (let redirects = 0; redirects < 20; redirects += 1) {
      if (next.origin + next.pathname === until) return next
      const response = await this.fetch(next)
      const text = await response.text()
      const location = response.headers.get('location')
      if (location === null) throw new Error(`${next.href} has status ${response.status}: ${text}`)
      next = new URL(location, next)
    }
    throw new Error('too many redirects')
  }

  /** Sends one request with the cookies of its origin, and keeps those of the response. */
  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const cookies = this.#cookies.get(url.origin) ?? new Map<string, string>()
    const headers = new Headers(init.headers)
    if (cookies.size > 0) headers.set('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = '', attributes = ''] = /^([^=]*)=([^;]*)(.*)$/.exec(line) ?? []
      const isEnded = value === '' || /max-age=0(?:;|$)/i.test(attributes)
      if (isEnded) cookies.delete(name)
      else cookies.set(name, value)
    }
    this.#cookies.set(url.origin, cookies)
    return response
  }

  /** The cookies of an origin. */
  cookiesOf(origin: string): ReadonlyMap<string, string> {
    return this.#cookies.get(origin) ?? new Map<string, string>()
  }
}
