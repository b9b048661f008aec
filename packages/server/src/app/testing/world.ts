import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EnvironmentHosts, QUOTA_LIMITS_DEFAULT, type Quota, type SpecDraft } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { addressCheck } from '../../egress/checked-connector.ts'
import { openStore, type StoreSettings } from '../../store/open.ts'
import type { Store } from '../../store/port/store.ts'
import { createMigratedFile } from '../../store/testing/migrated-file.ts'
import { importedKeyIds } from '../../crypto/derived/imported-key-id.ts'
import { seal, unseal } from '../../crypto/seal.ts'
import { authenticate } from '../access/authenticate.ts'
import { SETUP_ACTOR } from '../access/actor.ts'
import { authorizedStore, type OperationContext } from '../access/context.ts'
import { createKey } from '../keys/create-key.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { createPipeline } from '../pipelines/create-pipeline.ts'
import type { NewOrganization } from '../organizations/new-organization.ts'
import { setUp } from '../organizations/set-up.ts'
import { draft } from './drafts.ts'
import { resourceName, slug, title } from './fields.ts'

export { draft, OPEN } from './drafts.ts'
export { codeOf, problemOf } from './problems.ts'

/** 2026-01-01T00:00:00Z, where every test starts. */
export const START_MS = 1_767_225_600_000

/** A store with two organizations, `acme` (the first) and `rival`, and a clock that only tests move. */
export interface World extends AsyncDisposable {
  readonly store: Store
  readonly clock: { nowMs: number }
  /** Limits that differ from the defaults, for every organization. */
  readonly quotas: Partial<Record<Quota, number>>
  /** The context of set-up, whose actor has no permission. */
  readonly anonymous: OperationContext
  /** The first organization, `acme`. */
  readonly acme: NewOrganization
  /** The owner of `acme`. */
  readonly owner: OperationContext
  /** The owner of `rival`. */
  readonly rival: OperationContext
  /** The context of a caller with this token, from this address, in a request about this organization. */
  as(token: string, address?: string, organization?: string): Promise<OperationContext>
  /** The context of a new secret key of `acme` with these roles. */
  withRoles(roles: readonly string[], environment?: string): Promise<OperationContext>
}

/** A store before the set-up. @param database an empty one; one of its own if left out */
export async function openEmptyWorld(
  database?: StoreSettings,
): Promise<Pick<World, 'store' | 'clock' | 'quotas' | 'anonymous'> & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-app-'))
  const clock = { nowMs: START_MS }
  const nowMs = (): number => clock.nowMs
  const masterKey = randomBytes(32)
  const quotas: Partial<Record<Quota, number>> = {}
  const file = join(folder, 'store.db')
  if (database === undefined) await createMigratedFile(file)
  const store = await openStore({ ...(database ?? { kind: 'sqlite', file }), nowMs })
  return {
    store,
    clock,
    quotas,
    anonymous: {
      store,
      nowMs,
      randomBytes,
      sealer: {
        seal: (text, sealContext) => seal(masterKey, text, sealContext),
        unseal: (sealed, sealContext) => unseal(masterKey, sealed, sealContext),
      },
      importedKeyId: importedKeyIds(masterKey),
      quotaLimits: () => ({ ...QUOTA_LIMITS_DEFAULT, ...quotas }),
      organizationsPerPerson: 2,
      hosts: new EnvironmentHosts(
        new Map([['*.acme-test.example', { organization: 'acme', environment: 'test' }]]),
      ),
      mayCall: addressCheck(new AddressSet(['127.0.0.0/8'])),
      mails: null,
      publicUrl: () => 'http://127.0.0.1:8080',
      actor: SETUP_ACTOR,
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}

export async function openWorld(database?: StoreSettings): Promise<World> {
  const empty = await openEmptyWorld(database)
  const { anonymous } = empty
  const as: World['as'] = async (token, address, organization) => {
    const actor = await authenticate(anonymous, token, address, organization)
    return { ...anonymous, actor, store: authorizedStore(anonymous, actor) }
  }
  const acme = await setUp(anonymous, { organization: { slug: slug('acme'), name: title('Acme') } })
  const owner = await as(acme.token)
  const other = await createOrganization(owner, { slug: slug('rival'), name: title('Rival') })
  const rival = await as(other.token)
  return {
    ...empty,
    acme,
    owner,
    rival,
    as,
    async withRoles(roles, environment) {
      const input = {
        organization: 'acme',
        name: title(roles.join(' ')),
        type: 'secret',
        roles,
        environment,
      } as const
      return as((await createKey(owner, input)).token)
    },
  }
}

/** Creates a pipeline in `acme`; its source is its draft. */
export async function pipeline(
  context: OperationContext,
  name: string,
  spec: SpecDraft = draft(),
  project?: string,
): Promise<void> {
  const input = { organization: 'acme', name: resourceName(name), project, source: spec, draft: spec }
  await createPipeline(context, input)
}
