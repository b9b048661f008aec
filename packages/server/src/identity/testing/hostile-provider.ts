import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose'
import type { SignInProvider } from '../providers/sign-in-provider.ts'
import { listening } from './listening.ts'

type Answer = (response: ServerResponse) => void

/** How a provider misbehaves. Whatever is not set is right. */
export interface Misbehaviour {
  /** Changes its metadata. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** Changes the claims of its ID token. */
  readonly claims?: Readonly<Record<string, unknown>>
  /** How it signs the ID token: with a key that it does not publish, with the client's secret, or not at all. */
  readonly signs?: 'with another key' | 'with the client secret' | 'not'
  /** Changes the answer of the token endpoint. */
  readonly tokens?: Readonly<Record<string, unknown>>
  /** Changes the answer of the UserInfo endpoint. */
  readonly person?: Readonly<Record<string, unknown>>
  /** Replaces the answer of a path. */
  readonly answers?: Readonly<Record<string, Answer>>
}

export interface HostileProvider extends AsyncDisposable {
  readonly settings: SignInProvider
  behaviour: Misbehaviour
  /** Paths of the requests that came, in order. */
  readonly requests: string[]
  /** The query of the callback that a browser would bring, and from here on the nonce of the ID token. */
  authorize(url: string): string
}

const KEY_ID = 'key-1'

/** Runs a provider that answers everything at once, and as wrongly as the test says. */
export async function openHostileProvider(id = 'hostile'): Promise<HostileProvider> {
  const server = await listening()
  const { origin } = server
  const own = await generateKeyPair('ES256')
  const foreign = await generateKeyPair('ES256')
  const settings: SignInProvider = {
    id,
    name: 'Hostile',
    issuer: origin,
    clientId: 'sallyport',
    clientSecret: 'secret-of-32-characters-or-longer',
    scopes: ['openid'],
  }
  let nonce = ''

  async function idToken({ claims, signs }: Misbehaviour): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1000)
    const payload: JWTPayload = {
      iss: origin,
      aud: settings.clientId,
      sub: 'ada-1',
      email: 'ada@example.com',
      email_verified: true,
      nonce,
      iat: nowSeconds,
      exp: nowSeconds + 300,
      ...claims,
    }
    if (signs === 'not') return new UnsecuredJWT(payload).encode()
    if (signs === 'with the client secret') {
      return await new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(settings.clientSecret))
    }
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', kid: KEY_ID })
      .sign(signs === 'with another key' ? foreign.privateKey : own.privateKey)
  }

  async function documentAt(path: string, behaviour: Misbehaviour): Promise<object | null> {
    switch (path) {
      case '/.well-known/openid-configuration':
        return {
          issuer: origin,
          authorization_endpoint: `${origin}/authorize`,
          token_endpoint: `${origin}/token`,
          jwks_uri: `${origin}/jwks`,
          userinfo_endpoint: `${origin}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256', 'HS256', 'none'],
          authorization_response_iss_parameter_supported: true,
          ...behaviour.metadata,
        }
      case '/jwks':
        return { keys: [{ ...(await exportJWK(own.publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] }
      case '/token':
        return {
          access_token: 'access-token-of-the-test',
          token_type: 'Bearer',
          id_token: await idToken(behaviour),
          ...behaviour.tokens,
        }
      case '/userinfo':
        return { sub: 'ada-1', email: 'ada@example.com', email_verified: true, ...behaviour.person }
      default:
        return null
    }
  }

  const hostile: HostileProvider = {
    settings,
    behaviour: {},
    requests: [],
    authorize(url) {
      const { searchParams } = new URL(url)
      nonce = searchParams.get('nonce') ?? ''
      const query = new URLSearchParams({ code: 'code', state: searchParams.get('state') ?? '', iss: origin })
      return `?${query.toString()}`
    },
    [Symbol.asyncDispose]: async () => await server[Symbol.asyncDispose](),
  }

  async function answer({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
    hostile.requests.push(url)
    const replaced = hostile.behaviour.answers?.[url]
    if (replaced !== undefined) {
      replaced(response)
      return
    }
    const document = await documentAt(url, hostile.behaviour)
    response.writeHead(document === null ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document))
  }
  server.answerWith((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  return hostile
}
