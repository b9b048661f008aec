import { postHeaders } from '../../contract/fields/idempotency.ts'
import { problem } from '../../contract/problem.ts'

/** The groups of the documentation. */
export type RouteGroup =
  | 'Start'
  | 'Organizations'
  | 'Environments'
  | 'Policies'
  | 'Projects'
  | 'Pipelines'
  | 'Deployments'
  | 'Secrets'
  | 'Tokens'
  | 'Consumers'
  | 'Keys'
  | 'Audit'
  | 'Watching'

interface RouteDocumentation {
  readonly tags: readonly RouteGroup[]
  readonly operationId: string
  readonly summary: string
}

/** The documentation of a route. */
export function documented(group: RouteGroup, operationId: string, summary: string): RouteDocumentation {
  return { tags: [group], operationId, summary }
}

/** The documentation of a POST, which takes an `Idempotency-Key`. */
export function documentedCreation(
  group: RouteGroup,
  operationId: string,
  summary: string,
): RouteDocumentation & { readonly headers: typeof postHeaders } {
  return { ...documented(group, operationId, summary), headers: postHeaders }
}

/** The response of every route to a refused or failed request. */
export const problemResponse = {
  description: 'A problem (RFC 9457).',
  content: { 'application/problem+json': { schema: problem } },
} as const
