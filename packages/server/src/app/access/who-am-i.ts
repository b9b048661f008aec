import { isKeyId, Problem, type Grant } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from './context.ts'

export interface Identity {
  readonly organization: string
  readonly key: KeyRow
  readonly permissions: readonly Grant[]
}

/**
 * The API key that acts, with its permissions. Every valid key may ask, a public one too.
 *
 * @throws Problem `unauthenticated` for an actor without a key
 */
export async function whoAmI({ actor, store }: OperationContext): Promise<Identity> {
  const [organization = ''] = actor.organizations
  const key = isKeyId(actor.id) ? await store.read.keys.get(organization, actor.id) : undefined
  if (key === undefined) {
    throw new Problem('unauthenticated', {
      detail: 'Send an API key: this describes the key of the request. GET /v1/session describes a session.',
    })
  }
  return { organization, key, permissions: actor.grantsIn(organization) ?? [] }
}
