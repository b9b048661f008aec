import type { AddPasskeyInput, BeginPasskeySignInOutput, SignInWithPasskeyInput } from '@sallyport/sdk'
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import { sallyport } from './sallyport.ts'

/** The most that are listed; a person has fewer. */
const PASSKEYS_MAX = 100

/** An IPv4 or IPv6 address instead of a domain. */
const ADDRESS = /^(?:[\d.]+|\[.*\])$/

/** Whether this browser can use passkeys here. They belong to a domain, never to an address. */
export function canUsePasskeys(): boolean {
  return 'PublicKeyCredential' in window && !ADDRESS.test(location.hostname)
}

/** The passkeys of the person who is signed in. */
export const passkeysQuery = queryOptions({
  queryKey: ['passkeys'],
  queryFn: async ({ signal }) => await sallyport.listPasskeys({}, { signal }).toArray(PASSKEYS_MAX),
})

/*
 * The program for passkeys is loaded when one is used. The types of the API name only some of the options; the answers
 * have all.
 */

/** Asks the browser for a passkey. */
async function prove({ ticket, options }: BeginPasskeySignInOutput): Promise<SignInWithPasskeyInput> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
  return { ticket, response: await startAuthentication({ optionsJSON }) }
}

/** Signs in with a passkey that the person chooses in the browser. */
export async function signInWithPasskey(): Promise<void> {
  await sallyport.signInWithPasskey(await prove(await sallyport.beginPasskeySignIn()))
}

/** Confirms with a passkey that it is still the same person. */
export async function stepUpWithPasskey(): Promise<void> {
  await sallyport.stepUp({ passkey: await prove(await sallyport.beginPasskeyStepUp()) })
}

/** Has the browser make a passkey, and adds it. */
export async function addPasskey(name: string): Promise<void> {
  const { ticket, options } = await sallyport.beginPasskey()
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
  const response: AddPasskeyInput['response'] = await startRegistration({ optionsJSON })
  await sallyport.addPasskey({ ticket, response, name })
}
