// Compiled by the test against the declarations of the installed package.

import { createClient, createVerifier, identityOf, type Identity, type Verification } from '@sallyport/sdk'
import { protect as protectExpress } from '@sallyport/sdk/express'
import { protect as protectFastify } from '@sallyport/sdk/fastify'
import { protect as protectHono } from '@sallyport/sdk/hono'
import { protectProxy, protectRoute } from '@sallyport/sdk/next'
import { protect } from '@sallyport/sdk/node'

const client = createClient({ url: 'http://127.0.0.1:8080', organization: 'acme' })

export async function namesOfKeys(): Promise<readonly string[]> {
  return (await client.listKeys({ sort: 'name' }).toArray(10)).map(({ name }) => name)
}

const verifier = createVerifier({
  gateway: 'http://127.0.0.1:8081',
  host: 'api.example.com',
  address: ({ header, peer }) => header('x-real-ip') ?? peer,
})

export function textOf(verification: Verification): string {
  switch (verification.outcome) {
    case 'allowed':
      return verification.identity.consumer ?? 'anonymous'
    case 'refused':
      return verification.code
    case 'unavailable':
      return verification.error.detail
    case 'preflight':
      return String(verification.status)
  }
}

export const tierOf = ({ labels }: Identity): string | undefined => labels?.['tier']
export const middlewares = [
  protectExpress(verifier),
  protectFastify(verifier),
  protectHono(verifier, { path: '/' }),
]
export const GET = protectRoute(verifier, (request) => new Response(identityOf(request).key))
export const proxy = protectProxy(verifier, (_request, headers) => new Response(null, { headers }))
export const listener = protect(verifier, (_request, response) => response.end())

// @ts-expect-error An environment needs its organization.
createVerifier({ gateway: 'http://127.0.0.1:8081', environment: 'prod' })
// @ts-expect-error A host selects the environment, so that no second one is needed.
createVerifier({ gateway: 'http://127.0.0.1:8081', host: 'h', organization: 'acme', environment: 'prod' })
