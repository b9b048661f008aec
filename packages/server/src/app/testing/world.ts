import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SpecDraft, Step, Trigger } from '@sallyport/core'
import { Problem } from '@sallyport/core'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { seal } from '../../crypto/seal.ts'
import { authenticate } from '../access/authenticate.ts'
import { SETUP_ACTOR } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'
import { createKey } from '../keys/create-key.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { createPipeline } from '../pipelines/create-pipeline.ts'
import type { FoundedOrganization } from '../organizations/new-organization.ts'
import { setUp } from '../organizations/set-up.ts'

/** 2026-01-01T00:00:00Z, where every test starts. */
export const START_MS = 1_767_225_600_000

/** A store of its own with two organizations, `acme` (the first) and `rival`, and a clock that stands still. */
export interface World extends AsyncDisposable {
  readonly store: Store
  readonly clock: { nowMs: number }
  /** The context of set-up, whose actor has no permission. */
  readonly anonymous: OperationContext
  readonly founded: FoundedOrganization
  /** The owner of `acme`. */
  readonly owner: OperationContext
  /** The owner of `rival`. */
  readonly rival: OperationContext
  /** Whoever has that token, as it comes through the door. */
  as(token: string): Promise<OperationContext>
  /** A new secret key of `acme` with these roles. */
  withRoles(roles: readonly string[], environment?: string): Promise<OperationContext>
}

/** A store in which nothing was set up. */
export async function openEmptyWorld(): Promise<
  Pick<World, 'store' | 'clock' | 'anonymous'> & AsyncDisposable
> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-app-'))
  const clock = { nowMs: START_MS }
  const nowMs = (): number => clock.nowMs
  const masterKey = randomBytes(32)
  const store = await openStore({ kind: 'sqlite', file: join(folder, 'store.db'), nowMs })
  return {
    store,
    clock,
    anonymous: {
      store,
      nowMs,
      randomBytes,
      sealer: { seal: (text, place) => seal(masterKey, text, place) },
      actor: SETUP_ACTOR,
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

export async function openWorld(): Promise<World> {
  const empty = await openEmptyWorld()
  const { anonymous } = empty
  const as = async (token: string): Promise<OperationContext> => ({
    ...anonymous,
    actor: await authenticate(anonymous, token),
  })
  const founded = await setUp(anonymous, { organization: { slug: 'acme', name: 'Acme' } })
  const owner = await as(founded.token)
  const rival = await as((await createOrganization(owner, { slug: 'rival', name: 'Rival' })).token)
  return {
    ...empty,
    founded,
    owner,
    rival,
    as,
    async withRoles(roles, environment) {
      const wanted = {
        organization: 'acme',
        name: roles.join(' '),
        type: 'secret',
        roles,
        environment,
      } as const
      return as((await createKey(owner, wanted)).token)
    },
  }
}

/** A spec as it leaves the parser: `rest`, GET, an API key demanded, answered with 200, unless said otherwise. */
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

/** A trigger that asks nothing of its callers. */
export const OPEN = { authentication: { apiKey: false, jwt: false, basic: false } } as const

/** Makes a pipeline in `acme`; its source is its draft. */
export async function pipeline(
  context: OperationContext,
  name: string,
  spec: SpecDraft = draft(),
  project?: string,
): Promise<void> {
  await createPipeline(context, { organization: 'acme', name, project, source: spec, draft: spec })
}

/** The problem with which an operation refuses. */
export async function problemOf(operation: Promise<unknown>): Promise<Problem> {
  try {
    await operation
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('The operation was not refused.')
}

/** The code of the problem with which an operation refuses. */
export async function codeOf(operation: Promise<unknown>): Promise<string> {
  return (await problemOf(operation)).code
}
