import { createVerifier } from '@sallyport/sdk'
import { identityOf, protectRoute } from '@sallyport/sdk/next'

export const verifier = createVerifier({
  gateway: process.env['SALLYPORT_GATEWAY'] ?? '',
  organization: 'acme',
  environment: 'prod',
})

/** Answers with the identity of the caller and the body of the request. */
export const ownAnswer = protectRoute(verifier, async (request) => {
  const { consumer, key } = identityOf(request)
  return Response.json({ consumer, key, body: await request.text() })
})
