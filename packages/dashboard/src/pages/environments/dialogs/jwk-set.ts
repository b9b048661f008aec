import type { CreateIssuerInput } from '@sallyport/sdk'

/** The JWK Set in a text; undefined if it is not JSON. The server says what is wrong with one that is. */
export function jwkSetOf(text: string): CreateIssuerInput['jwks'] | undefined {
  try {
    return JSON.parse(text) as NonNullable<CreateIssuerInput['jwks']>
  } catch {
    return undefined
  }
}
