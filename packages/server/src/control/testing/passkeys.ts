import {
  type Tampering,
  virtualAuthenticator,
  type VirtualAuthenticator,
} from '../../identity/testing/virtual-authenticator.ts'
import type { Store } from '../../store/port/store.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import {
  type AcmeWorld,
  type Answer,
  type ControlWorld,
  type Json,
  openAcme,
  textOf,
} from './control-world.ts'

/** The public URL of worlds with passkeys, which need a domain. */
export const PUBLIC_URL = 'http://localhost:8080'

/** A management API that people reach at a domain. */
export async function openPasskeyWorld(
  overrides: Partial<ControlDeps> = {},
  wrapped?: (store: Store) => Store,
): Promise<AcmeWorld> {
  return await openAcme({ publicUrl: () => PUBLIC_URL, ...overrides }, wrapped)
}

interface Headers {
  readonly cookie: string
}

type Api = Pick<ControlWorld, 'call'>

/** Options and a ticket, as the operation at this path answers. */
async function begun(
  world: Api,
  path: string,
  headers?: Headers,
): Promise<{ readonly ticket: string; readonly options: Json }> {
  const { status, body } = await world.call('POST', path, {}, { ...headers })
  if (status !== 200) throw new Error(`${path} got ${status} ${JSON.stringify(body)}`)
  return { ticket: textOf(body['ticket']), options: body['options'] ?? {} }
}

type CreationOptions = Parameters<VirtualAuthenticator['create']>[0]
type RequestOptions = Parameters<VirtualAuthenticator['get']>[0]

/** The body that adds a passkey of an authenticator. */
export async function registration(
  world: Api,
  headers: Headers,
  device: VirtualAuthenticator,
  tampering: Tampering = {},
) {
  const { ticket, options } = await begun(world, '/v1/person/passkeys/options', headers)
  return { ticket, name: 'Laptop', response: device.create(options as unknown as CreationOptions, tampering) }
}

/** Adds a passkey of a new authenticator. */
export async function addPasskey(
  world: Api,
  headers: Headers,
  device = virtualAuthenticator(PUBLIC_URL),
): Promise<{ readonly id: string; readonly device: VirtualAuthenticator }> {
  const body = await registration(world, headers, device)
  const answer = await world.call('POST', '/v1/person/passkeys', body, { ...headers })
  if (answer.status !== 201) throw new Error(`adding got ${answer.status} ${JSON.stringify(answer.body)}`)
  return { id: textOf(answer.body['id']), device }
}

/** The body that signs in with the newest passkey of an authenticator. */
export async function signInProof(world: Api, device: VirtualAuthenticator, tampering: Tampering = {}) {
  const { ticket, options } = await begun(world, '/v1/auth/passkeys/options')
  return { ticket, response: device.get(options as unknown as RequestOptions, tampering) }
}

/** The body that confirms with a passkey of the person who is signed in. */
export async function stepUpProof(
  world: Api,
  headers: Headers,
  device: VirtualAuthenticator,
  tampering: Tampering = {},
) {
  const path = '/v1/session/step-up/passkey-options'
  const { ticket, options } = await begun(world, path, headers)
  return { passkey: { ticket, response: device.get(options as unknown as RequestOptions, tampering) } }
}

/** Signs in with the newest passkey of an authenticator. */
export async function signInWithPasskey(
  world: Api,
  device: VirtualAuthenticator,
  tampering: Tampering = {},
): Promise<Answer> {
  return await world.call('POST', '/v1/auth/passkeys/sign-in', await signInProof(world, device, tampering))
}
