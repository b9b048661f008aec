import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireWithinBounds } from '../access/roles.ts'

/**
 * Requires that the actor has no rate limits of its own: other limits of a plan, or another plan, can allow a consumer
 * more than before.
 *
 * @throws Problem `permission_missing`
 */
export function requireNoOwnLimits(context: Pick<OperationContext, 'actor'>): void {
  // Only the limits count: a plan neither extends the life of a credential nor opens it to other addresses.
  const { expiresAtMs, addressRules } = context.actor.bounds ?? NO_BOUNDS
  requireWithinBounds(context, 'consumers.write', { expiresAtMs, addressRules, rateLimits: [] })
}
