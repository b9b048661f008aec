import { generateKeyPair, exportJWK } from 'jose'
import { errors, Provider, type Configuration } from 'oidc-provider'
import type { SignInProvider } from '../providers/sign-in-provider.ts'
import { listening } from './listening.ts'

/** A person at the provider. */
export interface TestAccount {
  readonly subject: string
  readonly email?: string
  readonly emailVerified?: boolean
  readonly name?: string
}

export interface RealProvider extends AsyncDisposable {
  readonly settings: SignInProvider
  /** Whose account the provider's next sign-ins use; null for a person who declines. */
  signedIn: TestAccount | null
}

export interface RealProviderOptions {
  readonly id: string
  /** The origin of the redirect URI. */
  readonly publicUrl: string
  /** Whether the ID token has the e-mail address; otherwise only the UserInfo endpoint does. */
  readonly hasEmailInIdToken?: boolean
  readonly configuration?: Configuration
}

/** Runs a certified OpenID provider, at which everyone has the account that the test says. */
export async function openRealProvider(options: RealProviderOptions): Promise<RealProvider> {
  const { id, publicUrl, hasEmailInIdToken = true } = options
  const server = await listening()
  const settings: SignInProvider = {
    id,
    name: `The ${id} provider`,
    issuer: server.origin,
    clientId: `client of ${id}`,
    clientSecret: `secret of ${id}: + & %`,
    scopes: ['openid', 'email', 'profile'],
  }
  const accounts = new Map<string, TestAccount>()
  const keys = await generateKeyPair('RS256', { extractable: true })
  const provider = new Provider(server.origin, {
    clients: [
      {
        client_id: settings.clientId,
        client_secret: settings.clientSecret,
        redirect_uris: [`${publicUrl}/v1/auth/providers/${id}/callback`],
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(keys.privateKey)), alg: 'RS256', use: 'sig', kid: 'key-1' }] },
    cookies: { keys: ['cookie-key-of-the-test'] },
    features: { devInteractions: { enabled: false } },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: !hasEmailInIdToken,
    ttl: {
      Session: 600,
      Interaction: 600,
      Grant: 600,
      IdToken: 600,
      AccessToken: 600,
      AuthorizationCode: 60,
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => {
        const { email, emailVerified, name } = accounts.get(subject) ?? {}
        return { sub: subject, email, email_verified: emailVerified, name }
      },
    }),
    // Everyone consents.
    async loadExistingGrant(context) {
      const { client, session } = context.oidc
      const grant = new provider.Grant({
        clientId: client?.clientId ?? '',
        accountId: session?.accountId ?? '',
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
    ...options.configuration,
  })
  const real: RealProvider = {
    settings,
    signedIn: null,
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  }
  const answer = provider.callback()
  server.answerWith((request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) {
      void answer(request, response)
      return
    }
    const account = real.signedIn
    if (account !== null) accounts.set(account.subject, account)
    const result =
      account === null
        ? { error: new errors.AccessDenied().error }
        : { login: { accountId: account.subject, remember: false } }
    provider.interactionFinished(request, response, result).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })
  return real
}
