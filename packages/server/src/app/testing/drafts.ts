import type { SpecDraft, Step, Trigger } from '@sallyport/core'

/** A parsed spec; by default `rest`, GET, with an API key, responding 200. */
export function draft(trigger: Partial<SpecDraft['trigger']> = {}, steps?: readonly Step[]): SpecDraft {
  const kind: Trigger['kind'] = trigger.kind ?? 'rest'
  return {
    trigger: {
      kind,
      path: null,
      routes: [],
      methods: ['GET'],
      authentication: { apiKey: true, jwt: false, basic: false },
      acceptsPublicKeys: false,
      apiKeyInQuery: false,
      login: false,
      cors: null,
      requestBytesMax: 1024,
      timeoutMs: 1000,
      rateLimits: [],
      responseHeaders: {},
      schedule: null,
      ...trigger,
    },
    steps: steps ?? [{ kind: 'respond', status: 200, headers: {}, body: null }],
  }
}

/** A trigger that demands no credentials. */
export const OPEN = { authentication: { apiKey: false, jwt: false, basic: false } } as const
