import { postHeaders } from '../../contract/fields/idempotency.ts'
import { problem } from '../../contract/problem.ts'

/** The credentials of a route in the document, where they differ from those of most routes. */
export type Security = { [name: string]: string[] }[]

interface RouteDocumentation {
  readonly tags: readonly string[]
  readonly operationId: string
  readonly summary: string
}

/**
 * The documentation of a route.
 *
 * @param tag the name of its group in the document
 */
export function documented(tag: string, operationId: string, summary: string): RouteDocumentation {
  return { tags: [tag], operationId, summary }
}

/** The documentation of a POST, which takes an `Idempotency-Key`. */
export function documentedCreation(
  tag: string,
  operationId: string,
  summary: string,
): RouteDocumentation & { readonly headers: typeof postHeaders } {
  return { ...documented(tag, operationId, summary), headers: postHeaders }
}

/** For a route that a person calls in a session: what the document asks for. */
export const SESSION_SECURITY = [{ session: [] }]

/** For a route that a consumer's people call in a portal session: what the document asks for. */
export const PORTAL_SECURITY = [{ portalSession: [] }]

/** The response of every route to a refused or failed request. */
export const problemResponse = {
  description: 'A problem (RFC 9457).',
  content: { 'application/problem+json': { schema: problem } },
} as const
